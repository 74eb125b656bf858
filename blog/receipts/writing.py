"""What the writer of a comment may do with it afterwards: change, withdraw, bring back, and ask for a second look.

Each step is one UPDATE whose WHERE names what the person saw. The discussion's lock comes first, as for all who change
comments: so a step meets a moderator's decision either done or not begun.
"""

from contextlib import contextmanager
from copy import copy

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from blog.comments import causes, fingerprints, groups, limits, mentions, screening, submission, threads
from blog.comments.fingerprints import Candidate
from blog.comments.models import Comment
from blog.receipts.models import Appeal, FormerText
from blog.text import markup, wording
from blog.web import rates

State, Reason = Comment.State, Comment.Reason


class Refused(Exception):
    """The step is not possible any more; the message says to the comment's writer why."""


def may_change(comment, now=None):
    """Whether the text may still be changed: a short while, as long as hardly anybody has answered it."""
    is_young = (now or timezone.now()) - comment.created_at < limits.EDIT_WITHIN
    return is_young and (comment.is_visible or comment.is_held)


def change(comment, text, *, seen, sender):
    """Replace the text of a comment; what it said before is kept for the moderators.

    `seen` is `edited_at` of the text that the person changed. A visible comment whose sender is not public at once
    waits for a moderator again. Refused; rates.TooOften, since it counts as one more comment.
    """
    if markup.clean_source(text) == comment.text:
        return
    with _held(comment, counted=True) as there:
        if not may_change(there):
            raise Refused(_("The time for changing it is over, or a moderator has decided about it meanwhile."))
        columns = submission.text_columns(text, there.post, mentions.in_reply(there.post, there.parent, text))
        fingerprints.forget_text(there)
        verdict = _judged(there, sender, columns)
        if verdict.state == State.HELD:
            reason = Reason.CHANGED if there.is_visible and verdict.reason == Reason.NEW else verdict.reason
            columns |= {"state": State.HELD, "reason": reason if there.is_visible else there.reason}
        _step(_standing(there).filter(edited_at=seen), edited_at=timezone.now(), findings=verdict.findings, **columns)
        FormerText.objects.create(comment=there, text=there.text)
        if group := groups.read_again(there.pk):
            causes.explain([group])


def withdraw(comment):
    """Take a comment back. Its place in the thread stays where replies stand under it, and so does its text, for it."""
    with _held(comment) as there:
        _step(_standing(there), state=State.WITHDRAWN, reason=(there.reason or Reason.NEW) if there.is_held else "")


def bring_back(comment, sender):
    """Show a comment again that was taken back, or hold it as it was held before, or as a new one of its sender is."""
    with _held(comment) as there:
        held = (State.HELD, there.reason) if there.reason else None
        verdict = _judged(there, sender, {})
        state, reason = held or (verdict.state, verdict.reason)
        rows = Comment.objects.filter(pk=there.pk, state=State.WITHDRAWN)
        _step(rows, state=state, reason=reason, findings=verdict.findings)


def may_appeal(comment):
    """Whether there is a decision to appeal against, and nobody has yet."""
    decided = comment.state in (State.SPAM, State.REMOVED)
    # Held by a moderator, or by reports; not one that nobody has read yet.
    taken_away = comment.is_held and comment.reason in ("", Reason.REPORTED, Reason.BANNED)
    return (decided or taken_away) and not hasattr(comment, "appeal")


def appeal(comment, text):
    """Ask the moderators for a second look, once. Refused where there is nothing to appeal against."""
    with _held(comment) as there:
        if not may_appeal(there):
            raise Refused(_("The moderators have been asked already, or have decided meanwhile."))
        Appeal.objects.create(comment=there, text=text)


def _judged(comment, sender, columns):
    changed = copy(comment)
    for name, value in columns.items():
        setattr(changed, name, value)
    found = groups.matches(Candidate.of(changed), wording.read(changed.text))
    return screening.judge(changed, sender, screening.facts(changed, sender), found)


@contextmanager
def _held(comment, counted=False):
    """Give the comment as it is now, while nobody else can change it; `counted` if this is like one more comment."""
    with transaction.atomic():
        if counted and not (comment.user and comment.user.is_staff):
            # Limits before the discussion, as where comments are stored: else the two would wait for each other.
            rates.take(limits.by_person(), bytes(comment.author_key))
        threads.lock([comment.post_id])
        yield Comment.objects.select_related("post", "parent", "user").get(pk=comment.pk)


def _standing(comment):
    return Comment.objects.standing().filter(pk=comment.pk)


def _step(rows, **columns):
    if not rows.update(**columns):
        raise Refused(_("The comment has been changed meanwhile, in another window or by a moderator."))
