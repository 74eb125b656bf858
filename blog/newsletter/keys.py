"""The private links in mails to subscribers: signed, so that nothing about them is stored."""

from datetime import timedelta

from django.core import signing
from django.urls import reverse

from blog.newsletter.models import Subscriber
from blog.web.addresses import on_site

CONFIRM, LEAVE = "blog.newsletter.confirm", "blog.newsletter.leave"
GOOD_FOR = timedelta(days=7)


def confirm_address(subscriber, language):
    """Return the full address at which a Subscriber says yes, to letters in this language."""
    return _address("newsletter-confirm", signing.dumps((subscriber.pk, language), salt=CONFIRM))


def find_confirming(key):
    """Return the Subscriber and the language that a link names; None for a subscriber who is gone or took too long.

    BadSignature for what is no link of ours.
    """
    try:
        pk, language = signing.loads(key, salt=CONFIRM, max_age=GOOD_FOR)
    except signing.SignatureExpired:
        return None, ""
    return Subscriber.objects.filter(pk=pk).first(), language


def leave_address(subscriber):
    """Return the full address at which one click ends the letters to a Subscriber."""
    return _address("newsletter-leave", signing.Signer(salt=LEAVE).sign(subscriber.pk))


def find_leaving(key):
    """Return the Subscriber whom a link names, None for one who has left already. BadSignature as above."""
    return Subscriber.objects.filter(pk=signing.Signer(salt=LEAVE).unsign(key)).first()


def _address(name, key):
    return on_site(reverse(name, args=[key]))
