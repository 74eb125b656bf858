"""Making comments the editors' choice, and taking that back."""

from django.utils import timezone


def pick(comments):
    """Make those of a queryset of comments that readers see the editors' choice; return how many became it."""
    return comments.order_by().visible().filter(picked_at=None).update(picked_at=timezone.now())


def unpick(comments):
    """End the choice of a queryset of comments; return of how many."""
    return comments.order_by().filter(picked_at__isnull=False).update(picked_at=None)
