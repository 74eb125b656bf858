"""Which comments a reader wrote: a signed cookie that is set when a comment is sent, and never on reading.

A second one, with those whose mailed link the same browser has used. The comment's own note of a proof would not do: it
may have been sent by a stranger in the name of whoever got the mail.
"""

from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.db.models.functions import Lower
from django.utils import timezone

from blog.comments.models import Comment
from blog.text import markup
from blog.web.shared import HELD

COOKIE, PROVED = "comments", "proved"
SALT = "blog.comments.ownership"
SALTS = {COOKIE: SALT, PROVED: f"{SALT}.proved"}
SENT_TWICE_WITHIN = timedelta(minutes=15)  # a double click, a reload, a second tab
KEPT = 30  # the newest; a cookie holds 4 KB
MAX_AGE_SECONDS = 180 * 24 * 3600
HELD_SECONDS = 14 * 24 * 3600  # how long a writer gets pages of their own for a comment that waits


def own_ids(request, cookie=COOKIE):
    """Return the ids of this reader's comments, oldest first; [] without a cookie, or with one that we did not sign."""
    try:
        return signing.loads(request.COOKIES[cookie], salt=SALTS[cookie], max_age=MAX_AGE_SECONDS)
    except (KeyError, signing.BadSignature):
        return []


def remember(request, response, comment, cookie=COOKIE):
    """Let the response's cookie say that its receiver wrote `comment`, or with PROVED has used its mailed link."""
    ids = [pk for pk in own_ids(request, cookie) if pk != comment.pk] + [comment.pk]
    response.set_cookie(
        cookie,
        signing.dumps(ids[-KEPT:], salt=SALTS[cookie]),
        max_age=MAX_AGE_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=settings.BEHIND_TLS,
    )
    if comment.is_held:
        mark_as_waiting(response)


def mark_as_waiting(response):
    """Let its receiver read pages of their own for some days: a comment of theirs waits, which nobody else sees."""
    response.set_cookie(HELD, "1", max_age=HELD_SECONDS, httponly=True, samesite="Lax", secure=settings.BEHIND_TLS)


def forget_waiting(request, response, own):
    """Let a reader whose comments all stand in public, or nowhere, read the same pages as everybody again."""
    if HELD in request.COOKIES and not Comment.objects.held().filter(pk__in=own).exists():
        response.delete_cookie(HELD, samesite="Lax")


def is_proved(comment, is_new, text):
    """Whether who just sent `text`, stored as `comment`, wrote it: a text sent again may be a copy of what was read.

    Before it is shown nobody else can have read it; a double click is soon over, and changes no sign. Words that are
    nearly the same may be guessed.
    """
    is_young = timezone.now() - comment.created_at < SENT_TWICE_WITHIN
    is_same = comment.text.split() == markup.clean_source(text).split()
    return is_new or (comment.is_held and comment.shown is None and is_young and is_same)


def is_known(ids):
    """Whether one of these comments stands in public: its writer is known, whatever name or address is typed now."""
    return bool(ids) and Comment.objects.visible().filter(pk__in=ids).exists()


def proves(request, email):
    """Whether this browser has proved `email`, by the mailed link of a comment with that address."""
    ids = own_ids(request, PROVED)
    if not (ids and email):
        return False
    proved = Comment.objects.filter(pk__in=ids, email_proved_at__isnull=False)
    return proved.alias(lower=Lower("email")).filter(lower=email.lower()).exists()
