"""Storing a reader's comment: once, in its place, within the limits, and held where that is the rule."""

from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, connections, router, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from psycopg.errors import ForeignKeyViolation, UniqueViolation

from blog.comments import causes, fingerprints, groups, limits, mentions, ownership, screening, threads
from blog.comments.fingerprints import Candidate
from blog.comments.models import Comment
from blog.posts import lists
from blog.posts.models import Post
from blog.text import markup, wording
from blog.text.fingerprints import author_key, submission_key
from blog.text.sameness import Tier
from blog.web import rates

State, FORM = Comment.State, Comment.Origin.FORM
OPENING = ("id", "comment_policy", "comments_close_after_days", "publish_at")  # says whether comments are taken
# Nobody deletes the post until the transaction ends: its key is not looked at again.
OPEN = f"""
SELECT {", ".join(OPENING)} FROM blog_post post WHERE id = %(post)s AND {lists.PUBLISHED} FOR KEY SHARE
"""  # noqa: S608
COLUMNS = [column for column in Comment._meta.concrete_fields if not (column.primary_key or column.generated)]
INSERT = f"""
INSERT INTO blog_comment ({", ".join(str(column.column) for column in COLUMNS)})
VALUES ({", ".join(["%s"] * len(COLUMNS))}) RETURNING id, thread
"""  # noqa: S608
SENT_ONCE = "comment_sent_once"
CLOSED = _("Comments on this post are closed. Your text is still here, so that you can keep it.")
PARENT_GONE = _("The comment that you answer is no longer there. You can send your text as a comment of its own.")


class Refused(Exception):
    """The comment cannot be stored; the message says to its writer why."""


class Closed(Refused):
    """The discussion takes no more comments."""


class ParentGone(Refused):
    """What the comment answers has been taken away."""


class SentJustNow(Exception):
    """The same person has just sent the same words here, but for spaces, capitals or signs: nothing is stored again."""

    def __init__(self, pk):
        self.pk = pk


class PostGone(Refused):
    """The post was taken down or deleted in the same moment."""


@dataclass(frozen=True)
class Sender:
    """What is known of who sends a comment, besides what was typed."""

    user: object = None  # the account of a person who is signed in
    address: str = ""  # of the client on the network; only keyed hashes of it are kept
    is_known: bool = False  # has proved an earlier comment that a moderator let through
    proves_email: bool = False  # the browser holds a comment with the same, proved, e-mail address
    is_trapped: bool = False  # filled in what people do not see
    seconds: float | None = None  # between the page with the form and the sending, if that is known


def submit(post, *, name, text, email="", website="", parent=None, sender=Sender(), with_it=lambda comment: None):
    """Return the stored Comment, and whether it is new; `with_it` is called with a new one in the same transaction.

    The same person sending the same text to the same place again (double click, reload, second tab, at the
    same instant on another connection) gets the comment that is stored already, whatever the limits say.
    ParentGone; PostGone; Closed, but not for a comment that was stored before the closing; rates.TooOften.
    """
    author = author_key(user_id=sender.user and sender.user.pk, email=email, name=name, network=sender.address)
    key = submission_key(author, post.pk, parent and parent.pk, text)
    columns = {"name": name, "email": email, "website": website, "author_key": author, "submission_key": key}
    network = rates.network_key(sender.address)
    comment = Comment(
        post=post, user=sender.user, text=markup.clean_source(text), origin=FORM, network_key=network, **columns
    )
    facts = screening.facts(comment, sender)  # before anybody waits for this comment
    try:
        with transaction.atomic():
            _store(comment, parent, sender, facts)
            with_it(comment)
            return comment, True
    except (Refused, rates.TooOften):
        # Whoever sent it before is told so, not that the limit is reached or the discussion closed.
        if sent := _sent(key).first():
            return sent, False
        raise
    except SentJustNow as again:
        return Comment.objects.get(pk=again.pk), False
    except IntegrityError as error:
        cause = error.__cause__
        if isinstance(cause, ForeignKeyViolation):
            raise PostGone from None
        if not isinstance(cause, UniqueViolation) or cause.diag.constraint_name != SENT_ONCE:
            raise
    return _sent(key).get(), False


def _sent(key):
    return Comment.objects.filter(submission_key=key, origin=FORM)


def _store(comment, parent, sender, facts):
    post = comment.post
    # The person's limits come first: then two of the same person wait for each other here, and nobody else does.
    if not (sender.user and sender.user.is_staff):
        person = [(limits.between_comments(post), comment.author_key), (limits.by_person(), comment.author_key)]
        rates.take_all([*person, (limits.by_network(), comment.network_key or b"")])
    comment.number = threads.next_number(post.pk)
    _refuse_unless_open(post)
    comment.parent = parent = _standing_parent(parent)
    comment.path = threads.path_under(parent, comment.number)
    comment.created_at = now = timezone.now()
    comment.email_proved_at = now if sender.proves_email else None
    for name, value in text_columns(comment.text, post, mentions.in_reply(post, parent, comment.text)).items():
        setattr(comment, name, value)
    words, said = wording.read(comment.text), Candidate.of(comment)
    found = groups.matches(said, words)
    if again := _sent_just_now(said, found):
        raise SentJustNow(again)
    comment.state, comment.reason, comment.findings = screening.judge(comment, sender, facts, found)
    _insert(comment)
    fingerprints.store(comment, words)
    if group := groups.join(comment, found):
        causes.explain([group])


def _refuse_unless_open(post):
    # Read again under the discussion's lock: the post may have been taken down or closed meanwhile.
    rows = lists.rows(OPEN, {"post": post.pk})
    if not rows:
        raise PostGone
    if not Post(**dict(zip(OPENING, rows[0], strict=True))).accepts_comments():
        raise Closed(CLOSED)


def _insert(comment):
    """Save a new Comment, as its `save` does, in ready SQL."""
    database: Any = connections[router.db_for_write(Comment)]
    values = [column.get_db_prep_save(getattr(comment, column.attname), database) for column in COLUMNS]
    with database.prepared_cursor() as cursor:
        cursor.execute(INSERT, values)
        comment.pk, comment.thread = cursor.fetchone()
    comment._state.adding, comment._state.db = False, database.alias


def text_columns(text, post=None, mentions=None):
    """Return the columns that follow from a comment's text: the source and its HTML.

    `mentions` is what mentions.find gives, for a comment on `post`.
    """
    comment = Comment(post=post, text=markup.clean_source(text), mentions=mentions or {})
    return {
        "text": comment.text,
        "html": str(markup.comment_html(comment.text, comment.mentioned())),
        "markup_version": markup.VERSION,
        "mentions": comment.mentions,
    }


def _sent_just_now(said, found):
    """The key of a comment that the same person sent to the same place just now, in the same words, or None."""
    for match in found:
        sent = match.comment
        same_place = (sent.author_key, sent.post_id, sent.parent_id) == said[1:4]
        is_new = said.created_at - sent.created_at < ownership.SENT_TWICE_WITHIN
        is_same = match.tier == Tier.EXACT and _letters(sent.text) == _letters(said.text)
        if is_same and same_place and is_new and sent.state in (State.VISIBLE, State.HELD):
            return sent.pk
    return None


def _letters(text):
    """What people compare who are told that they sent it already: with what is quoted, and with code in it."""
    return [letter for letter in text.casefold() if letter.isalnum()]


def _standing_parent(parent):
    # Read again under the discussion's lock: a moderator may have removed or merged it while the reader wrote.
    if parent is None:
        return None
    standing = Comment.objects.select_related("merged_into").get(pk=parent.pk).standing
    if standing is None:
        raise ParentGone(PARENT_GONE)
    return standing
