"""Making comments the editors' choice, and taking that back."""

from django.db import transaction
from django.utils import timezone

from blog.moderation import batches
from blog.moderation.batches import Action


def pick(comments, *, by):
    """Make those of a queryset of comments that readers see the editors' choice; return the Batch. NothingToDo."""
    with transaction.atomic():
        rows = batches.lock_rows(comments.order_by().visible().filter(picked_at=None))
        return batches.record(Action.PICK, [(row, {"picked_at": timezone.now()}) for row in rows], by=by)


def unpick(comments, *, by):
    """End the choice of a queryset of comments; return the Batch. NothingToDo."""
    with transaction.atomic():
        rows = batches.lock_rows(comments.order_by().filter(picked_at__isnull=False))
        return batches.record(Action.UNPICK, [(row, {"picked_at": None}) for row in rows], by=by)
