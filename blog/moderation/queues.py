"""The comments that wait for a moderator although readers may see them."""

from blog.moderation.models import Report
from blog.receipts.models import Appeal


def reported(comments):
    """Those of a queryset of comments about whose reports nobody has decided."""
    return comments.filter(pk__in=Report.objects.filter(settled_at=None).order_by().values("comment"))


def appealed(comments):
    """Those of a queryset of comments whose writers wait for an answer."""
    return comments.filter(pk__in=Appeal.objects.filter(answered_at=None).order_by().values("comment"))
