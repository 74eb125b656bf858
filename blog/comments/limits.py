"""Every limit on what readers may send, in one place. docs/limits.md says the same to people."""

from datetime import timedelta

from django.conf import settings

from blog.comments.models import NAME_CHARACTERS, TEXT_CHARACTERS
from blog.web.rates import Rate

__all__ = ["NAME_CHARACTERS", "TEXT_CHARACTERS"]

MAX_LINKS = 10  # in one comment
FORM_GOOD_FOR = timedelta(days=30)  # then the page is too old: what was said meanwhile is unknown to its reader
EDIT_WITHIN = timedelta(minutes=15)


def by_person():
    """Comments by one e-mail address, or without one by one name at one network address."""
    return Rate("comments of a person", settings.COMMENTS_PER_PERSON, timedelta(minutes=10))


def by_network():
    """Comments from one network (blog/web/rates.py: IPv4 /24, IPv6 /48)."""
    return Rate("comments of a network", settings.COMMENTS_PER_NETWORK, timedelta(minutes=10))


def reports_by_network():
    return Rate("reports of a network", settings.REPORTS_PER_NETWORK, timedelta(hours=1))


def asking_for_proof():
    """Mails to one address that prove it, whoever types it."""
    return Rate("mails that ask for proof", 1, timedelta(days=1))


def subscriptions_by_network():
    return Rate("subscriptions of a network", 10, timedelta(hours=1))


def asking_for_subscription():
    """Mails to one address that ask whether it wants the weekly letter."""
    return Rate("mails that ask for a subscription", 1, timedelta(days=1))


def between_comments(post):
    """The slow mode of a post: one comment of a person every so many minutes."""
    minutes = post.comments_pause_minutes
    return Rate(f"pause in {post.pk}", 1 if minutes else 0, timedelta(minutes=minutes))
