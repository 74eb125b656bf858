"""What is known here of the people who write: how often they were let through or taken away, and notes about them."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.db import connection
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from blog.comments.models import Comment
from blog.moderation import batches
from blog.moderation.models import Batch, PersonNote
from blog.screening.models import Ban

LOOKED_AT = 200  # of a person's newest comments: some have a hundred thousand
NOTES_SHOWN = 20
DECISIONS_SHOWN = 50
MOST_AT_ONCE = 5000  # comments in one batch

# One look into the index (author_key, id) for each person.
COUNTS = """
WITH theirs AS (
    SELECT person.key, comment.id, comment.state FROM unnest(%(keys)s::bytea[]) AS person (key)
    CROSS JOIN LATERAL (
        SELECT id, state FROM blog_comment WHERE author_key = person.key ORDER BY id DESC LIMIT %(most)s
    ) AS comment
)
SELECT key, state, count(*), sum((SELECT count(*) FROM blog_report WHERE comment_id = theirs.id))::int
FROM theirs GROUP BY key, state
"""


@dataclass
class Person:
    """Somebody who writes here: comments by state among the newest LOOKED_AT, reports of these, and notes."""

    states: dict = field(default_factory=dict)
    reports: int = 0
    notes: list = field(default_factory=list)

    @property
    def total(self):
        return sum(self.states.values())

    @property
    def has_more(self):
        return self.total >= LOOKED_AT

    @property
    def in_words(self):
        """Such as "12 visible, 1 spam, 2 reports"."""
        counts = [f"{self.states[state]} {state.label.lower()}" for state in Comment.State if self.states.get(state)]
        if self.reports:
            counts.append(ngettext("%(count)s report", "%(count)s reports", self.reports) % {"count": self.reports})
        return ", ".join(counts)


def of_people(keys):
    """Return a dict from each author key to its Person. Two queries, whatever they have written."""
    people: dict[bytes, Person] = defaultdict(Person)
    keys = sorted({bytes(key) for key in keys})
    with connection.cursor() as cursor:
        cursor.execute(COUNTS, {"keys": keys, "most": LOOKED_AT})
        for key, state, number, reports in cursor.fetchall():
            person = people[bytes(key)]
            person.states[state] = number
            person.reports += reports
    for note in PersonNote.objects.filter(author_key__in=keys).select_related("by")[: NOTES_SHOWN * len(keys)]:
        people[bytes(note.author_key)].notes.append(note)
    return people


def bans_of(author_key):
    """The newest Bans that were decided at one of the person's comments: pairs of what it is in words, and the Ban."""
    bans = Ban.objects.filter(comment__author_key=author_key).select_related("by")[:NOTES_SHOWN]
    return [(_ban_in_words(ban), ban) for ban in bans]


def _ban_in_words(ban):
    """Such as "Person, until 3 May 2027", or what became of it."""
    if ban.lifted_at:
        return _("%(ban)s, lifted %(day)s") % {"ban": ban.get_kind_display(), "day": _day(ban.lifted_at)}
    if ban.ends_at:
        return _("%(ban)s, until %(day)s") % {"ban": ban.get_kind_display(), "day": _day(ban.ends_at)}
    return _("%(ban)s, without an end") % {"ban": ban.get_kind_display()}


def _day(hour):
    return date_format(hour, "DATE_FORMAT")


def decisions_about(comment):
    """The newest Batches that changed the comment."""
    return Batch.objects.filter(rows__comment=comment).select_related("by", "reason", "undone_by")[:DECISIONS_SHOWN]


def comments_of(comment):
    """All comments of the person who wrote `comment`."""
    return Comment.objects.filter(author_key=comment.author_key).order_by()


def removable(comment):
    """The newest of that person's comments that can be removed, as many as one batch takes."""
    gone = (Comment.State.REMOVED, Comment.State.MERGED, *batches.TAKEN_BACK)
    return comments_of(comment).exclude(state__in=gone).order_by("-pk")[:MOST_AT_ONCE]


def remove_all(comment, *, by, because=None, note=""):
    """Remove what `removable` gives; return the Batch. NothingToDo."""
    chosen = Comment.objects.order_by().filter(pk__in=list(removable(comment).values_list("pk", flat=True)))
    return batches.moderate(batches.Action.REMOVE, chosen, by=by, because=because, note=note)
