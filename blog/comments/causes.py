"""Why the same was said more than once: what the pattern of a group, and of its post, shows."""

from collections import Counter, defaultdict
from datetime import timedelta
from itertools import pairwise

from django.db import transaction
from django.db.models import F

from blog.comments.models import Comment
from blog.comments.models_duplicates import Group, hold_groups

Cause = Group.Cause
CLICK, AGAIN, CAMPAIGN = timedelta(minutes=1), timedelta(days=1), timedelta(days=30)
PEOPLE = 3  # of a campaign
DOUBLED = 2  # comments of a post that an import brought twice: one alone may have been sent twice at its old home
COLUMNS = ("author_key", "post_id", "parent_id", "origin", "created_at")


@transaction.atomic
def explain(groups):
    """Write the cause of these Groups, given by their keys; after an import also of the others of the same posts."""
    hold_groups()
    members = _members(groups)
    if posts := {group[0].post_id for group in members.values() if is_doubled(group)}:
        near = Group.objects.filter(members__comment__post__in=posts, members__comment__origin=Comment.Origin.IMPORT)
        members |= _members(near.values("pk"))
    doubled = Counter(group[0].post_id for group in members.values() if is_doubled(group))
    causes = defaultdict(list)
    for pk, group in members.items():
        twice = is_doubled(group) and doubled[group[0].post_id] >= DOUBLED
        causes[Cause.IMPORT if twice else cause_of(group)].append(pk)
    for cause, keys in causes.items():
        Group.objects.filter(pk__in=keys).exclude(cause=cause).update(cause=cause)


def is_doubled(comments):
    """Whether these comments were all imported, in one post and by one author."""
    one = {(each.post_id, bytes(each.author_key)) for each in comments}
    return len(one) == 1 and all(each.origin == Comment.Origin.IMPORT for each in comments)


def cause_of(comments):
    """Return the Cause that the comments of a group, oldest first, show by themselves."""
    authors = {bytes(each.author_key) for each in comments}
    posts = {each.post_id for each in comments}
    span = comments[-1].created_at - comments[0].created_at
    if len(authors) >= PEOPLE and span <= CAMPAIGN:
        return Cause.CAMPAIGN
    if len(authors) > 1:
        return Cause.UNKNOWN
    if len(posts) > 1:
        return Cause.SPREAD
    gaps = [late.created_at - early.created_at for early, late in pairwise(comments)]
    if len({each.parent_id for each in comments}) == 1 and all(gap <= CLICK for gap in gaps):
        return Cause.CLICK
    return Cause.AGAIN if all(gap <= AGAIN for gap in gaps) else Cause.UNKNOWN


def _members(groups):
    comments = Comment.objects.filter(membership__group__in=groups).annotate(group=F("membership__group"))
    found = defaultdict(list)
    for comment in comments.only(*COLUMNS).order_by("created_at", "pk"):
        found[comment.group].append(comment)
    return dict(found)
