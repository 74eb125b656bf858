"""Merging comments that say the same, and listing the groups that wait for a moderator.

How they are found: blog/comments/groups.py.
"""

from collections import defaultdict
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Prefetch

from blog.comments import threads
from blog.comments.models import Comment
from blog.comments.models_duplicates import Group, Member
from blog.moderation.batches import Action, NothingToDo, State, lock_rows, record, who_was_first
from blog.moderation.models import Report
from blog.receipts.models import Following
from blog.text.sameness import Tier

GROUPS_IN_A_PIECE = 500  # in one transaction of the command that merges
STANDING = (State.VISIBLE, State.HELD)


def waiting():
    """The Groups of which more than one comment stands, the newest first."""
    return Group.objects.filter(standing__gte=2)


@dataclass
class Found:
    """A group with its standing comments, oldest first."""

    group: Group
    comments: list

    @property
    def kept(self):
        return self.comments[0]

    @property
    def copies(self):
        return self.comments[1:]

    @property
    def same_author(self):
        return len({bytes(each.author_key) for each in self.comments}) == 1


def find(post=None, limit=None):
    """Return the Found groups of one post or of the whole site, in the order of posts and comments. Two queries."""
    groups = (
        waiting()
        if post is None
        else waiting().filter(pk__in=Member.objects.filter(comment__post=post).values("group"))
    )
    found = [
        Found(group, [member.comment for member in group.standing_members]) for group in with_comments(groups)[:limit]
    ]
    return sorted(found, key=lambda each: (each.kept.post_id, each.kept.created_at, each.kept.pk))


def with_comments(groups, most=None):
    """Give the Groups of a queryset their standing members, oldest first, as `group.standing_members`; a queryset.

    At most so many of each. Each member has its `comment`, with its post and what it answers. Two queries.
    """
    standing = Member.objects.filter(comment__state__in=STANDING)
    members = standing.select_related("comment__post", "comment__parent", "comment__user", "via")
    in_order = members.defer("comment__post__body").order_by("comment__created_at", "comment_id")
    return groups.prefetch_related(Prefetch("members", in_order[:most], to_attr="standing_members"))


def mergeable(members):
    """Return lists of ids of the comments that may be merged unseen: of one group, post and author, oldest first.

    `members` is a queryset of Members, maybe a part of one. One query.
    """
    together: dict[tuple, list] = defaultdict(list)
    columns = ("group", "comment__post", "comment__author_key", "comment")
    for group, post, author, comment in members.values_list(*columns):
        together[group, post, bytes(author)].append(comment)
    return [comments for comments in together.values() if len(comments) > 1]


def pieces(tier, post=None):
    """Yield what `mergeable` returns for the waiting groups of a tier, of GROUPS_IN_A_PIECE groups at a time."""
    last = 0
    groups = waiting().filter(tier=tier)
    if post is not None:
        groups = groups.filter(pk__in=Member.objects.filter(comment__post=post).values("group"))
    while piece := list(groups.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:GROUPS_IN_A_PIECE]):
        last = piece[-1]
        members = Member.objects.filter(group__in=piece, comment__state__in=STANDING)
        if post is not None:
            members = members.filter(comment__post=post)
        yield mergeable(members.order_by("group_id", "comment__created_at", "comment_id"))


def merge(comments, *, by, keep=()):
    """Merge the copies among `comments` (ids of one or more groups) into one of each group and post; return the Batch.

    The one that is kept is in `keep`, else it is the fullest of a group of which one has more added, else the oldest;
    but never one that stands under another of them. One transaction, one batch. Replies of a copy move under the kept
    comment, in order. Which comments belong together is looked up again under the lock; ids that are no longer
    duplicates of one another are left alone. NothingToDo if none is left.
    """
    with transaction.atomic():
        chosen = lock_rows(Comment.objects.standing().filter(pk__in=comments))
        parents = threads.parents({comment.post_id for comment in chosen})
        changes = plan(_groups(chosen, set(keep)), parents)
        if not changes:
            raise NothingToDo(who_was_first(Comment.objects.filter(pk__in=comments)))
        _repoint_earlier_copies(changes)
        besides = _unite_with_the_kept(changes)
        rows = Comment.objects.in_bulk(list(changes))
        return record(Action.MERGE, [(rows[pk], new) for pk, new in sorted(changes.items())], by=by, besides=besides)


def plan(groups, parents):
    """Return what merging does: a dict from comment id to its new column values.

    `groups` are lists of standing comments of one post, the one that should be kept first; `parents` maps every
    comment id of their posts to its parent's id or None, and is brought up to date. A comment is kept only if no
    other member stands above it, and each group sees the tree as the group before has left it: so no merge, and no
    combination of merges, can put a comment under itself.
    """
    changes: dict[int, dict] = defaultdict(dict)
    replies: dict[int | None, list] = defaultdict(list)
    for reply, parent in parents.items():
        replies[parent].append(reply)
    for group in groups:
        members = {comment.pk for comment in group}
        kept = next(each for each in group if members.isdisjoint(threads.ancestors(each.pk, parents)))
        for copy in members - {kept.pk}:
            changes[copy] |= {"state": State.MERGED, "merged_into_id": kept.pk}
            for reply in replies.pop(copy, []):
                parents[reply] = kept.pk
                replies[kept.pk].append(reply)
                changes[reply] |= {"parent_id": kept.pk}
        if kept.state == State.HELD and any(each.state == State.VISIBLE for each in group):
            # What readers could read does not vanish by merging.
            changes[kept.pk] |= {"state": State.VISIBLE, "reason": ""}
        if not kept.picked_at and (picked := [each.picked_at for each in group if each.picked_at and each.is_visible]):
            changes[kept.pk] |= {"picked_at": min(picked)}
    return changes


def _groups(comments, keep):
    """Part comments into lists of those of one group and post; the one that should be kept comes first."""
    rows = {comment.pk: comment for comment in comments}
    members = Member.objects.filter(comment__in=rows).select_related("group")
    together: dict[tuple, list] = defaultdict(list)
    for member in members:
        comment = rows[member.comment_id]
        together[member.group, comment.post_id].append(comment)
    return [preferred(here, group.tier, keep) for (group, _post), here in together.items() if len(here) > 1]


def preferred(comments, tier, keep=()):
    """Return the comments of a group in the order in which they would be kept."""

    def place(comment):
        length = len(comment.text) if tier == Tier.EXTENDED else 0
        return comment.pk not in keep, -length, comment.created_at, comment.pk

    return sorted(comments, key=place)


def _repoint_earlier_copies(changes):
    # What was merged into a copy before now follows it: a permalink never leads through two comments.
    kept_of = {copy: new["merged_into_id"] for copy, new in changes.items() if "merged_into_id" in new}
    for earlier in Comment.objects.filter(merged_into_id__in=list(kept_of)):
        changes[earlier.pk] |= {"merged_into_id": kept_of[earlier.merged_into_id]}


def _unite_with_the_kept(changes):
    """Let reports, and what readers follow, go along with the replies; return what that changed, for Batch.besides."""
    kept_of = {copy: new["merged_into_id"] for copy, new in changes.items() if "merged_into_id" in new}
    moved: dict[str, dict] = defaultdict(dict)
    for model, same in ((Report, ("network_key", "reason", "note")), (Following, ("address", "scope"))):
        for row in model.objects.filter(comment__in=list(kept_of)).order_by("pk"):
            kept = kept_of[row.comment_id]
            if not model.objects.filter(comment=kept, **{name: getattr(row, name) for name in same}).exists():
                model.objects.filter(pk=row.pk).update(comment=kept)
                moved[model.__name__.lower()][str(row.pk)] = [{"comment_id": row.comment_id}, {"comment_id": kept}]
    return moved
