"""What is not kept for long: everything that was made from a network address, and what was sent or counted."""

import secrets
from datetime import timedelta

from django.apps import apps
from django.db.models import Q
from django.utils import timezone

from blog.comments.models import Comment
from blog.receipts.models import Notice
from blog.text.fingerprints import author_key
from blog.web import rates
from blog.web.models import Letter

KEPT = timedelta(days=30)
ROWS_AT_ONCE = 1000


def forget(now=None):
    """Drop the keyed hashes of networks, and what else goes back to them, of comments and reports older than KEPT;
    limits whose time is over; notices of that age, sent or not; and mails that no server has taken since.
    """
    before = (now or timezone.now()) - KEPT
    old = Comment.objects.filter(created_at__lt=before, network_key__isnull=False)
    while _forget_writers(old):
        pass
    old.update(network_key=None)
    apps.get_model("blog", "Report")._default_manager.filter(at__lt=before, network_key__isnull=False).update(
        network_key=None
    )
    Notice.objects.filter(Q(sent_at__lt=before) | Q(sent_at=None, created_at__lt=before)).delete()
    Letter.objects.filter(created_at__lt=before).delete()
    rates.forget_ended()


def _forget_writers(comments):
    """Without e-mail address and account a writer is known by name and network address: keep the name alone."""
    some = list(comments.filter(email="", user=None).exclude(state=Comment.State.ERASED)[:ROWS_AT_ONCE])
    for comment in some:
        comment.network_key = None
        comment.author_key = author_key(name=comment.name)
        comment.submission_key = secrets.token_bytes(16)
    Comment.objects.bulk_update(some, ["network_key", "author_key", "submission_key"])
    return some
