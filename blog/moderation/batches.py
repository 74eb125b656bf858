"""Carrying out and taking back what moderators do.

A batch locks the discussions concerned, changes rows, and keeps of each row the changed columns before and
after. Undoing it writes back the former values where nothing has changed since, and says where something has.
"""

from contextlib import suppress
from datetime import datetime

from django.apps import apps
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from blog.comments import threads
from blog.comments.models import Comment
from blog.moderation.models import Batch, BatchRow, Report
from blog.receipts.models import Appeal
from blog.screening.models import Ban

Action, State = Batch.Action, Comment.State

ROWS_AT_ONCE = 500
NAMED = 10  # comments in a refusal: it travels in a cookie
STATE_AFTER = {
    Action.APPROVE: State.VISIBLE, Action.SPAM: State.SPAM, Action.REMOVE: State.REMOVED, Action.HOLD: State.HELD,
}  # fmt: skip
TAKEN_BACK = (State.WITHDRAWN, State.ERASED)  # by the writer, whose word is the last


NOBODY_KNOWS = _lazy("Nothing was changed: somebody else has dealt with it already.")


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


def moderate(action, comments, *, by, reason="", seen=None, because=None, note="", ban=None):
    """Approve, remove, hold or mark as spam; return the Batch. NothingToDo if no row could change.

    `comments` is a queryset; `reason` why they are held, `because` the RemovalReason and `note` more words, both for
    their writers. `seen` is a dict from ids to what the moderator saw (`as_seen`): what changed since is left alone.
    So are merged comments, which are un-merged first, and what its writer has taken back. A person's decision settles
    the reports, and with approval the appeals. As part of a `ban` the batch is that ban's.
    """
    state = STATE_AFTER[action]
    with transaction.atomic():
        rows = lock_rows(comments.exclude(state__in=[state, State.MERGED, *TAKEN_BACK]))
        rows = unchanged(rows, seen, comments)
        besides = {} if action == Action.HOLD else {"report": _settle(rows)}
        if action == Action.APPROVE:
            besides["appeal"] = _answer(rows, by)
        changes = [(row, {"state": state, "reason": reason}) for row in rows]
        done = Action.BAN if ban else action
        return record(done, changes, by=by, because=because, note=note, ban=ban, besides=besides)


def settle(comments, *, by):
    """Note that a moderator leaves the comments of a queryset as they are; return the Batch, which settles reports."""
    with transaction.atomic():
        rows = lock_rows(comments)
        return record(Action.KEEP, [], by=by, besides={"report": _settle(rows)})


def unchanged(rows, seen, comments):
    """Return those of some locked rows that are as they were `seen`, if that is given. NothingToDo if none is.

    `comments` is the queryset that was meant.
    """
    rows = [row for row in rows if seen is None or seen.get(row.pk) == as_seen(row)]
    if not rows:
        raise NothingToDo(who_was_first(comments))
    return rows


def as_seen(comment):
    """Return a text that is another one as soon as a comment is in another state, or says something else."""
    return f"{comment.state} {comment.edited_at.isoformat() if comment.edited_at else ''}".strip()


def _settle(rows):
    """Settle the open reports of these comments; return what that changed, as `Batch.besides` holds it."""
    return _update(Report.objects.filter(comment__in=rows, settled_at=None), settled_at=timezone.now())


def _answer(rows, by):
    waiting = Appeal.objects.filter(comment__in=rows, answered_at=None)
    return _update(waiting, answered_at=timezone.now(), answered_by_id=by and by.pk)


def _update(rows, **columns):
    """Write the same values to all rows of a queryset; return {id: [columns before, columns after]}."""
    before = {row.pop("pk"): row for row in rows.select_for_update().order_by("pk").values("pk", *columns)}
    rows.model._default_manager.filter(pk__in=before).update(**columns)
    return {str(pk): [_plain(old), _plain(columns)] for pk, old in before.items()}


def who_was_first(comments):
    """Say who has dealt with these comments, and when, if that is known."""
    last = BatchRow.objects.filter(comment__in=comments.order_by().values("pk"), batch__by__isnull=False)
    row = last.select_related("batch__by").order_by("-batch_id").first()
    by = row.batch.by if row else None
    if row is None or by is None or row.batch.undone_at:
        return NOBODY_KNOWS
    return _("%(person)s was quicker: %(action)s, %(hour)s.") % {
        "person": by.get_full_name() or by.get_username(),
        "action": row.batch.get_action_display(),
        "hour": date_format(timezone.localtime(row.batch.at), "SHORT_DATETIME_FORMAT"),
    }


def lock_rows(comments):
    """Return the rows of a queryset of comments, oldest first; hold their discussions until the transaction ends."""
    keys = list(comments.values_list("pk", "post_id"))
    threads.lock({post_id for _pk, post_id in keys})
    # Filtered again under the lock: another moderator may have acted in between. Every moderation and every
    # change of shape takes the discussion's lock first, so the rows need none of their own.
    return list(comments.filter(pk__in=[pk for pk, _post in keys]).order_by("pk"))


def record(action, changes, *, by, because=None, note="", ban=None, besides=None):
    """Write `changes`, pairs of a locked comment and its new column values, as one Batch. NothingToDo without any.

    `besides` is what was changed in other tables, as `Batch.besides` holds it; `because` is a RemovalReason.
    """
    besides = {name: rows for name, rows in (besides or {}).items() if rows}
    if not (changes or besides or ban):
        raise NothingToDo(NOBODY_KNOWS)
    batch = Batch.objects.create(action=action, by=by, reason=because, note=note, ban=ban, besides=besides)
    BatchRow.objects.bulk_create(
        BatchRow(batch=batch, comment=row, before=_plain({key: getattr(row, key) for key in new}), after=_plain(new))
        for row, new in changes
    )
    if changes:
        _write(changes)
    return batch


@transaction.atomic
def undo(batch, *, by):
    """Restore every row of the batch as it was.

    ChangedSince if a later action touched one of them and is not undone; NothingToDo if the batch is undone already.
    Replies that arrived after a merge stay where they were written, and move with the comment they answer. What its
    writer has taken back since stays so, and goes back to its place only.
    """
    rows = list(batch.rows.select_related("comment").order_by("comment_id"))
    if not (rows or batch.besides or batch.ban_id):
        raise NothingToDo(_("The comments are gone, together with their post."))
    threads.lock({row.comment.post_id for row in rows})
    if not Batch.objects.filter(pk=batch.pk, undone_at=None).update(undone_at=timezone.now(), undone_by=by):
        raise NothingToDo(_("The action has been undone already."))
    current = Comment.objects.in_bulk([row.comment_id for row in rows])
    there, rows = rows, _left_to_us(rows, current)
    if there and not rows:
        raise NothingToDo(_("Their writers have taken the comments back."))
    touched = _touched_later(batch, rows)
    changed = [
        current[row.comment_id]
        for row in rows
        if row.comment_id in touched
        or _plain({key: getattr(current[row.comment_id], key) for key in row.after}) != row.after
        or _shows_what_nobody_read(batch, row, current[row.comment_id])
    ]
    changed = changed or _copies_of_taken_back(rows, current) or _in_a_circle(rows, current)
    if changed:
        raise ChangedSince(changed)
    if rows:
        _write([(current[row.comment_id], row.before) for row in rows])
    if batch.ban_id:  # before the one that it replaced is restored
        Ban.objects.filter(pk=batch.ban_id, lifted_at=None).update(lifted_at=timezone.now(), lifted_by=by)
    _restore(batch.besides)
    if batch.action == Action.HOLD:  # a decision too: the same reports do not hold the comment again
        _settle([row.comment_id for row in rows])


def _restore(besides):
    """Give the rows of other tables their former values, where nobody has changed them since."""
    for name, changed in besides.items():
        model = apps.get_model("blog", name)
        for pk, (before, after) in changed.items():
            with suppress(IntegrityError), transaction.atomic():  # banned or followed anew meanwhile: that one stays
                model._default_manager.filter(pk=pk, **after).update(**before)


def _shows_what_nobody_read(batch, row, comment):
    """Whether a comment would be visible again with a text that its writer has given it since."""
    return row.before.get("state") == State.VISIBLE and comment.edited_at and comment.edited_at > batch.at


def _left_to_us(rows, current):
    """Return the rows that may be restored; of those whose writer has taken the comment back, its place alone."""
    for row in rows:
        if current[row.comment_id].state in TAKEN_BACK:
            row.before, row.after = (
                {key: value for key, value in values.items() if key == "parent_id"}
                for values in (row.before, row.after)
            )
    return [row for row in rows if row.after]


def _copies_of_taken_back(rows, current):
    """Return the copies that would be shown again although the writer of the kept comment has taken it back."""
    kept = {row.after["merged_into_id"] for row in rows if row.after.get("merged_into_id")}
    gone = set(Comment.objects.filter(pk__in=kept, state__in=TAKEN_BACK).values_list("pk", flat=True))
    return [current[row.comment_id] for row in rows if row.after.get("merged_into_id") in gone]


def _touched_later(batch, rows):
    """Return the ids of comments of which a later batch, not undone, changed the same column: maybe there and back."""
    columns = {row.comment_id: row.after.keys() for row in rows}
    later = BatchRow.objects.filter(
        batch_id__gt=batch.pk, batch__undone_at=None, comment__in=batch.rows.values("comment")
    )
    return {row.comment_id for row in later if row.after.keys() & columns.get(row.comment_id, set())}


def _in_a_circle(rows, current):
    """Return the comments that would come to stand under themselves: a later merge may have moved what stands above."""
    restored = {row.comment_id: row.before["parent_id"] for row in rows if "parent_id" in row.before}
    if not restored:
        return []
    parents = threads.parents({comment.post_id for comment in current.values()}) | restored
    return [current[pk] for pk in restored if pk in threads.ancestors(pk, parents)]


def _plain(values):
    """The values of columns as JSON holds them."""
    return {key: value.isoformat() if isinstance(value, datetime) else value for key, value in values.items()}


def _write(changes):
    fields = {field.attname: field for field in Comment._meta.concrete_fields}
    for row, new in changes:
        for column, value in new.items():
            setattr(row, column, fields[column].to_python(value))
    rows, same = [row for row, _new in changes], changes[0][1]
    if all(new == same for _row, new in changes):
        Comment.objects.filter(pk__in=[row.pk for row in rows]).update(**same)
    else:
        columns = sorted({column.removesuffix("_id") for _row, new in changes for column in new})
        # In pieces: the statement has a branch for each row, and takes the square of their number.
        Comment.objects.bulk_update(rows, columns, batch_size=ROWS_AT_ONCE)
    if moved := {row.post_id for row, new in changes if "parent_id" in new}:
        threads.repath(moved)
