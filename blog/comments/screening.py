"""Whether a new or changed comment is shown at once, and what a moderator is told of it. It only ever holds."""

from typing import NamedTuple

from django.conf import settings

from blog.comments.models import Comment
from blog.text.sameness import Tier

State, Reason = Comment.State, Comment.Reason
COPIED = (Tier.EXACT, Tier.LINK)
LIKE_SPAM = (Tier.EXACT, Tier.LINK, Tier.EXTENDED, Tier.NEAR)


class Verdict(NamedTuple):
    """How a comment begins."""

    state: str
    reason: str  # for its writer; "" where it is not held
    findings: list  # for moderators: dicts with a "rule", and what it found


def judge(said, sender, found=()):
    """Return the Verdict about a comment (a fingerprints.Candidate), by its Sender and what says the same (Matches)."""
    if sender.user and sender.user.is_staff:
        return Verdict(State.VISIBLE, "", [])
    findings = [*_trapped(sender), *_copies(said, found)]
    if findings:
        return Verdict(State.HELD, _reason(findings), findings)
    at_once = settings.COMMENTS_PUBLIC_AT_ONCE
    if at_once == "everyone" or (sender.is_known and at_once == "known"):
        return Verdict(State.VISIBLE, "", [])
    return Verdict(State.HELD, Reason.NEW, [])


def _trapped(sender):
    if sender.is_trapped:
        yield {"rule": "trap"}


def _copies(said, found):
    spam = [match.comment for match in found if match.comment.state == State.SPAM and match.tier in LIKE_SPAM]
    if spam:
        yield {"rule": "like_spam", "comment": spam[0].pk}
    others = [match.comment for match in found if match.tier in COPIED and match.comment.author_key != said.author_key]
    if others:
        yield {"rule": "copy", "comment": others[0].pk}


def _reason(findings):
    rules = {finding["rule"] for finding in findings}
    if "trap" in rules:
        return Reason.TRAP
    return Reason.COPY if rules == {"copy"} else Reason.RULE
