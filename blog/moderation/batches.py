"""Carrying out and taking back what moderators do.

A batch locks the discussions concerned, changes rows, and keeps of each row the changed columns before and
after. Undoing it writes back the former values where nothing has changed since, and says where something has.
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from blog.comments import threads
from blog.comments.models import Comment
from blog.moderation.models import Batch, BatchRow

Action, State = Batch.Action, Comment.State

NAMED = 10  # comments in a refusal: it travels in a cookie
STATE_AFTER = {Action.APPROVE: State.VISIBLE, Action.SPAM: State.SPAM, Action.REMOVE: State.REMOVED}


class NothingToDo(Exception):
    """No comment was in a state that the action may change, mostly because somebody else was quicker."""


class ChangedSince(Exception):
    """A batch cannot be undone: `comments` have been changed after it."""

    def __init__(self, comments):
        self.comments = comments
        text = ", ".join(f"#{each.number}" for each in comments[:NAMED])
        if rest := len(comments[NAMED:]):
            text = ngettext("%(numbers)s and %(rest)s more", "%(numbers)s and %(rest)s more", rest) % {
                "numbers": text,
                "rest": rest,
            }
        super().__init__(_("Changed since, by a later action: %s") % text)


def moderate(action, comments, *, by):
    """Approve, remove or mark as spam; return the Batch. NothingToDo if no row could change.

    `comments` is a queryset. Merged comments are left alone: un-merge them first.
    """
    state = STATE_AFTER[action]
    with transaction.atomic():
        rows = lock_rows(comments.exclude(state__in=[state, State.MERGED]))
        return record(action, [(row, {"state": state}) for row in rows], by=by)


def lock_rows(comments):
    """Return the rows of a queryset of comments, oldest first; hold their discussions until the transaction ends."""
    keys = list(comments.values_list("pk", "post_id"))
    threads.lock({post_id for _pk, post_id in keys})
    # Filtered again under the lock: another moderator may have acted in between. Every moderation and every
    # change of shape takes the discussion's lock first, so the rows need none of their own.
    return list(comments.filter(pk__in=[pk for pk, _post in keys]).order_by("pk"))


def record(action, changes, *, by):
    """Write `changes`, pairs of a locked comment and its new column values, as one Batch. NothingToDo without any."""
    if not changes:
        raise NothingToDo(_("Nothing was changed: somebody else has dealt with it already."))
    batch = Batch.objects.create(action=action, by=by)
    BatchRow.objects.bulk_create(
        BatchRow(batch=batch, comment=row, before={key: getattr(row, key) for key in new}, after=new)
        for row, new in changes
    )
    _write(changes)
    return batch


@transaction.atomic
def undo(batch, *, by):
    """Restore every row of the batch as it was.

    ChangedSince if a later action touched one of them and is not undone; NothingToDo if the batch is undone already.
    Replies that arrived after a merge stay where they were written, and move with the comment they answer.
    """
    rows = list(batch.rows.select_related("comment").order_by("comment_id"))
    if not rows:
        raise NothingToDo(_("The comments are gone, together with their post."))
    threads.lock({row.comment.post_id for row in rows})
    if not Batch.objects.filter(pk=batch.pk, undone_at=None).update(undone_at=timezone.now(), undone_by=by):
        raise NothingToDo(_("The action has been undone already."))
    current = Comment.objects.in_bulk([row.comment_id for row in rows])
    touched = _touched_later(batch, rows)
    changed = [
        current[row.comment_id]
        for row in rows
        if row.comment_id in touched
        or any(getattr(current[row.comment_id], key) != value for key, value in row.after.items())
    ]
    changed = changed or _in_a_circle(rows, current)
    if changed:
        raise ChangedSince(changed)
    _write([(current[row.comment_id], row.before) for row in rows])


def _touched_later(batch, rows):
    """Return the ids of comments of which a later batch, not undone, changed the same column: maybe there and back."""
    columns = {row.comment_id: row.after.keys() for row in rows}
    later = BatchRow.objects.filter(
        batch_id__gt=batch.pk, batch__undone_at=None, comment__in=batch.rows.values("comment")
    )
    return {row.comment_id for row in later if row.after.keys() & columns[row.comment_id]}


def _in_a_circle(rows, current):
    """Return the comments that would come to stand under themselves: a later merge may have moved what stands above."""
    restored = {row.comment_id: row.before["parent_id"] for row in rows if "parent_id" in row.before}
    if not restored:
        return []
    parents = threads.parents({comment.post_id for comment in current.values()}) | restored
    return [current[pk] for pk in restored if pk in threads.ancestors(pk, parents)]


def _write(changes):
    for row, new in changes:
        for column, value in new.items():
            setattr(row, column, value)
    columns = sorted({column for _row, new in changes for column in new})
    Comment.objects.bulk_update([row for row, _new in changes], [name.removesuffix("_id") for name in columns])
    if moved := {row.post_id for row, new in changes if "parent_id" in new}:
        threads.repath(moved)
