"""Making comments the editors' choice, and taking that back."""

from django.db import transaction
from django.utils import timezone

from blog.moderation import batches
from blog.moderation.batches import Action


def pick(comments, *, by, seen=None):
    """Make those of a queryset of comments that readers see the editors' choice; return the Batch. NothingToDo.

    `seen` is what batches.moderate takes.
    """
    with transaction.atomic():
        rows = batches.lock_rows(comments.order_by().visible().filter(picked_at=None))
        rows = batches.unchanged(rows, seen, comments)
        return batches.record(Action.PICK, [(row, {"picked_at": timezone.now()}) for row in rows], by=by)


def unpick(comments, *, by, seen=None):
    """End the choice of a queryset of comments; return the Batch. NothingToDo."""
    with transaction.atomic():
        rows = batches.lock_rows(comments.order_by().filter(picked_at__isnull=False))
        rows = batches.unchanged(rows, seen, comments)
        return batches.record(Action.UNPICK, [(row, {"picked_at": None}) for row in rows], by=by)
