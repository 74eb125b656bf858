"""What the writer of a comment is told of a decision: what, why, by which rule, and whether a person took it.

As Article 17 of the EU's Digital Services Act (2022/2065) asks of a statement of reasons.
"""

from dataclasses import dataclass
from datetime import datetime

from blog.comments.models import Comment
from blog.comments.screening import BANNED
from blog.moderation.models import BatchRow, RemovalReason
from blog.screening import bans

State, Reason = Comment.State, Comment.Reason
TAKEN_AWAY = (State.HELD, State.SPAM, State.REMOVED)


@dataclass(frozen=True)
class Statement:
    at: datetime
    is_by_person: bool
    because: RemovalReason | None = None  # of the site's own list
    note: str = ""
    is_banned: bool = False  # a ban stands, as yet
    banned_until: datetime | None = None


def about(comment):
    """Return the Statement about the state of a comment that readers cannot see; None for another. Two queries."""
    if comment.state not in TAKEN_AWAY:
        return None
    rows = BatchRow.objects.filter(comment=comment, batch__undone_at=None, after__state=comment.state)
    row = rows.select_related("batch__reason").order_by("-batch_id").first()
    if row is None or (comment.is_held and comment.edited_at and comment.edited_at > row.batch.at):
        return _by_rule(comment)
    batch = row.batch
    return Statement(batch.at, batch.by_id is not None, batch.reason, batch.note)


def _by_rule(comment):
    at = comment.edited_at or comment.created_at
    if comment.state != State.HELD:  # brought so from another system
        return None
    if comment.reason != Reason.BANNED:
        return Statement(at, is_by_person=False)
    keys = [found["ban"] for found in comment.findings if found.get("rule") in BANNED]
    ends = list(bans.standing().filter(pk__in=keys).values_list("ends_at", flat=True))
    until = None if None in ends else max(ends, default=None)
    return Statement(at, is_by_person=False, is_banned=bool(ends), banned_until=until)
