"""Why the same was said more than once: what the pattern of a group, and of its post, shows."""

from collections import defaultdict
from datetime import datetime, timedelta
from itertools import pairwise

from django.db.models import F

from blog.comments.models import Comment
from blog.comments.models_duplicates import Group, Member

Cause, FORM, IMPORT = Group.Cause, Comment.Origin.FORM, Comment.Origin.IMPORT
CLICK, AGAIN, CAMPAIGN = timedelta(minutes=1), timedelta(days=1), timedelta(days=30)
PEOPLE = 3  # of a campaign
DOUBLED = 2  # comments of a post that an import brought twice: one alone may have been sent twice at its old home
COLUMNS = ("author_key", "post_id", "parent_id", "origin", "created_at")


def explain(groups):
    """Write the cause of these Groups, given by their keys, and of a group that an import doubled beside one of them.

    A campaign stays one, whoever joins it: its members are not read again.
    """
    members = _members(Group.objects.filter(pk__in=groups).exclude(cause=Cause.CAMPAIGN))
    doubled, known = _doubled(members), set()
    if posts := set(doubled.values()):
        known, beside = _beside(posts, members)
        members |= beside
        doubled |= _doubled(beside)
    counts: dict[int, int] = defaultdict(int)
    for post in doubled.values():
        counts[post] += 1
    twice = {pk for pk, post in doubled.items() if post in known or counts[post] >= DOUBLED}
    causes = defaultdict(list)
    for pk, group in members.items():
        causes[Cause.IMPORT if pk in twice or is_at_once(group) else cause_of(group)].append(pk)
    for cause, keys in causes.items():
        Group.objects.filter(pk__in=keys).exclude(cause=cause).update(cause=cause)


def is_doubled(comments):
    """Whether these comments were all imported, in one post and by one author."""
    one = {(each.post_id, bytes(each.author_key)) for each in comments}
    return len(one) == 1 and all(each.origin == IMPORT for each in comments)


def is_at_once(comments):
    """Whether these are copies with one and the same hour, which nobody sends and an import that ran twice leaves."""
    return len(comments) > 1 and is_doubled(comments) and len({each.created_at for each in comments}) == 1


def cause_of(comments):
    """Return the Cause that the comments of a group, oldest first, show by themselves."""
    authors = {bytes(each.author_key) for each in comments}
    if _is_campaign(comments):
        return Cause.CAMPAIGN
    if len(authors) > 1:
        return Cause.UNKNOWN
    if len({each.post_id for each in comments}) > 1:
        return Cause.SPREAD
    if len({each.parent_id for each in comments}) > 1:  # the same words to several people were meant so
        return Cause.UNKNOWN
    widest = max((late.created_at - early.created_at for early, late in pairwise(comments)), default=timedelta())
    if widest <= CLICK:
        return Cause.CLICK
    return Cause.AGAIN if widest <= AGAIN else Cause.UNKNOWN


def _is_campaign(comments):
    """Whether enough people said it for the first time within a month, however long it goes on afterwards."""
    first: dict[bytes, datetime] = {}
    for comment in comments:
        first.setdefault(bytes(comment.author_key), comment.created_at)
    hours = list(first.values())
    return any(late - early <= CAMPAIGN for early, late in zip(hours, hours[PEOPLE - 1 :], strict=False))


def _doubled(members):
    """A dict from those groups that an import seems to have doubled to their posts."""
    return {pk: group[0].post_id for pk, group in members.items() if is_doubled(group)}


def _beside(posts, members):
    """Return those of the posts of which an import's groups are known, and of the others the imports' groups."""
    known_groups = Group.objects.filter(cause=Cause.IMPORT).exclude(pk__in=members)
    known = set(
        Comment.objects.filter(post__in=posts, membership__group__in=known_groups)
        .order_by()
        .values_list("post", flat=True)
        .distinct()
    )
    imported = Member.objects.filter(comment__post__in=posts - known, comment__origin=IMPORT)
    return known, _members(Group.objects.filter(pk__in=imported.values("group")).exclude(pk__in=members))


def _members(groups):
    comments = Comment.objects.filter(membership__group__in=groups).annotate(group=F("membership__group"))
    found = defaultdict(list)
    for comment in comments.order_by("created_at", "pk").values_list(*COLUMNS, "group", named=True):
        found[comment.group].append(comment)
    return dict(found)
