"""What readers report, and the written rule by which reports hold a comment (docs/limits.md says it to people).

A visible comment is held for a moderator as soon as readers in NETWORKS different networks have reported it WITHIN
some days. One network (IPv4 /24, IPv6 /48) counts once, whatever number of addresses and people it has, and not again
after a moderator has decided about its report. What the staff wrote is reported to the moderators, and never held.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from blog.comments import limits, threads
from blog.comments.models import Comment
from blog.moderation import batches
from blog.moderation.batches import Action
from blog.moderation.models import Report
from blog.web import rates

NETWORKS = 3
WITHIN = timedelta(days=7)


class NotThere(Exception):
    """The comment is shown no more."""


def report(comment, *, reason, note="", address="", is_trapped=False):
    """Store what a reader at a network address says of a comment; return whether it is new.

    NotThere; rates.TooOften. What a program sent is stored without its network: moderators see it, and it never counts.
    """
    network = None if is_trapped else rates.network_key(address)
    said = {"comment": comment, "network_key": network, "reason": reason, "note": note}
    if Report.objects.filter(**said).exists():
        return False
    with transaction.atomic():
        rates.take(limits.reports_by_network(), rates.network_key(address) or b"")
        threads.lock([comment.post_id])
        # Read again under the lock: a third report may just have held it, or a moderator removed it.
        now = Comment.objects.standing().select_related("user").filter(pk=comment.pk).first()
        if now is None:
            raise NotThere
        _report, is_new = Report.objects.get_or_create(**said)
        if is_held_by_reports(now):
            reported = Comment.objects.filter(pk=now.pk)
            batches.moderate(Action.HOLD, reported, by=None, reason=Comment.Reason.REPORTED)
        return is_new


def is_held_by_reports(comment, now=None):
    """Whether the rule holds a comment, by the reports that there are."""
    if not comment.is_visible or (comment.user and comment.user.is_staff):
        return False
    reports = Report.objects.filter(comment=comment, network_key__isnull=False).order_by()
    decided = reports.filter(settled_at__isnull=False).values("network_key")
    recent = reports.filter(settled_at=None, at__gt=(now or timezone.now()) - WITHIN)
    return recent.exclude(network_key__in=decided).values("network_key").distinct().count() >= NETWORKS
