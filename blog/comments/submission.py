"""Storing a reader's comment: once, in its place, and held where that is the rule."""

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _
from psycopg.errors import UniqueViolation

from blog.comments import threads
from blog.comments.models import Comment
from blog.text import markup
from blog.text.fingerprints import author_key, submission_key, text_key

SENT_ONCE = "comment_sent_once"
CLOSED = _("Comments on this post are closed. Your text is still here, so that you can keep it.")
PARENT_GONE = _("The comment that you answer is no longer there. You can send your text as a comment of its own.")


class Refused(Exception):
    """The comment cannot be stored; the message says to its writer why."""


class Closed(Refused):
    """The discussion takes no more comments."""


class ParentGone(Refused):
    """What the comment answers has been taken away."""


def submit(post, *, name, text, email="", website="", parent=None, user=None, network="", known=False):
    """Return the stored Comment, and whether it is new.

    The same person sending the same text to the same place again (double click, reload, second tab, at the
    same instant on another connection) gets the comment that is stored already. `known` says that the person
    has proved an earlier comment that a moderator let through; `network` is the client's address, of which
    only a keyed hash is kept. ParentGone; Closed, but not for a comment that was stored before the closing.
    """
    author = author_key(user_id=user and user.pk, email=email, name=name, network=network)
    key = submission_key(author, post.pk, parent and parent.pk, text)
    if sent := earlier(key):
        return sent, False
    if not post.accepts_comments():
        raise Closed(CLOSED)
    try:
        with transaction.atomic():
            number = threads.next_number(post.pk)
            parent = _standing_parent(parent)
            comment = Comment.objects.create(
                post=post,
                parent=parent,
                number=number,
                path=threads.path_under(parent, number),
                name=name,
                email=email,
                website=website,
                user=user,
                state=_first_state(user, known),
                origin=Comment.Origin.FORM,
                author_key=author,
                submission_key=key,
                **text_columns(text),
            )
    except IntegrityError as error:
        # The constraint is what decides; the look-up before it only saves the usual second click a transaction.
        cause = error.__cause__
        if not isinstance(cause, UniqueViolation) or cause.diag.constraint_name != SENT_ONCE:
            raise
        return Comment.objects.get(submission_key=key, origin=Comment.Origin.FORM), False
    return comment, True


def earlier(key):
    """Return the Comment that was stored for this submission key, or None."""
    return Comment.objects.filter(submission_key=key, origin=Comment.Origin.FORM).first()


def text_columns(text):
    """Return the columns that follow from a comment's text: the source, its HTML, and the key of its normal form."""
    source = markup.clean_source(text)
    return {
        "text": source,
        "html": str(markup.comment_html(source)),
        "markup_version": markup.VERSION,
        "text_key": text_key(source),
    }


def _standing_parent(parent):
    # Read again under the discussion's lock: a moderator may have removed or merged it while the reader wrote.
    if parent is None:
        return None
    standing = Comment.objects.get(pk=parent.pk).standing
    if standing is None:
        raise ParentGone(PARENT_GONE)
    return standing


def _first_state(user, known):
    at_once = settings.COMMENTS_PUBLIC_AT_ONCE
    if (user and user.is_staff) or at_once == "everyone" or (known and at_once == "known"):
        return Comment.State.VISIBLE
    return Comment.State.HELD
