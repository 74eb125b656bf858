"""Finding comments that say the same under the same post, and merging them."""

from collections import defaultdict
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count

from blog.comments import threads
from blog.comments.models import Comment
from blog.moderation.batches import Action, State, lock_rows, record
from blog.moderation.models import Report
from blog.receipts.models import Following

NUMBER_OF_GROUPS = 100  # on one page of the desk


@dataclass
class Group:
    """Comments of one post with the same normalised text, oldest first; the first is the one to keep."""

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


def same_text(post=None):
    """Return the (post id, text key) pairs that more than one standing comment has, as a queryset of dicts."""
    comments = Comment.objects.standing() if post is None else Comment.objects.standing().filter(post=post)
    repeated = comments.order_by().values("post_id", "text_key").annotate(size=Count("pk")).filter(size__gt=1)
    return repeated.order_by("post_id", "text_key")


def find(post=None, limit=None):
    """Return the Groups of duplicates, of one post or of the whole site, in the order of posts and comments.

    Two queries. `limit` bounds the number of groups.
    """
    keys = [(row["post_id"], bytes(row["text_key"])) for row in same_text(post)[:limit]]
    members = defaultdict(list)
    candidates = Comment.objects.standing().filter(
        post_id__in={post_id for post_id, _key in keys}, text_key__in={key for _post, key in keys}
    )
    for comment in candidates.select_related("post", "parent").order_by("created_at", "pk"):
        members[comment.post_id, bytes(comment.text_key)].append(comment)
    groups = [Group(members[key]) for key in keys]
    return sorted(groups, key=lambda group: (group.kept.post_id, group.kept.created_at, group.kept.pk))


def merge(comments, *, by):
    """Merge the copies among `comments` (ids of one or more groups) into the oldest of each group; return the Batch.

    One transaction, one batch. Replies of a copy move under the kept comment, in order. Which comments belong
    together is looked up again under the lock; ids that are no longer duplicates of one another are left
    alone. NothingToDo if none is left.
    """
    with transaction.atomic():
        chosen = lock_rows(Comment.objects.standing().filter(pk__in=comments))
        parents = threads.parents({comment.post_id for comment in chosen})
        changes = plan(_groups(chosen), parents)
        _repoint_earlier_copies(changes)
        _unite_with_the_kept(changes)
        rows = Comment.objects.in_bulk(list(changes))
        return record(Action.MERGE, [(rows[pk], new) for pk, new in sorted(changes.items())], by=by)


def plan(groups, parents):
    """Return what merging does: a dict from comment id to its new column values.

    `groups` are lists of standing comments with the same text, oldest first; `parents` maps every comment id
    of their posts to its parent's id or None, and is brought up to date. A comment is kept only if no other
    member stands above it, and each group sees the tree as the group before has left it: so no merge, and no
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


def _groups(comments):
    by_text = defaultdict(list)
    for comment in sorted(comments, key=lambda each: (each.created_at, each.pk)):
        by_text[comment.post_id, bytes(comment.text_key)].append(comment)
    return [group for group in by_text.values() if len(group) > 1]


def _repoint_earlier_copies(changes):
    # What was merged into a copy before now follows it: a permalink never leads through two comments.
    kept_of = {copy: new["merged_into_id"] for copy, new in changes.items() if "merged_into_id" in new}
    for earlier in Comment.objects.filter(merged_into_id__in=list(kept_of)):
        changes[earlier.pk] |= {"merged_into_id": kept_of[earlier.merged_into_id]}


def _unite_with_the_kept(changes):
    # Reports, and what readers follow, go along: replies come to the kept comment, and so do reports.
    kept_of = {copy: new["merged_into_id"] for copy, new in changes.items() if "merged_into_id" in new}
    for model, same in ((Report, ("network_key", "reason", "note")), (Following, ("address", "scope"))):
        for row in model.objects.filter(comment__in=list(kept_of)).order_by("pk"):
            kept = kept_of[row.comment_id]
            if not model.objects.filter(comment=kept, **{name: getattr(row, name) for name in same}).exists():
                model.objects.filter(pk=row.pk).update(comment=kept)
