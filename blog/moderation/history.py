"""What is known here of the people who write: how often they were let through or taken away, and notes about them."""

import json
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from blog.comments.models import Comment
from blog.moderation import batches
from blog.moderation.models import Batch
from blog.posts import lists
from blog.screening.models import Ban

LOOKED_AT = 50  # of a person's newest comments: some have a hundred thousand, and a page shows a hundred people
NOTES_SHOWN = 20
DECISIONS_SHOWN = 50
MOST_AT_ONCE = 5000  # comments in one batch

# Of whoever wrote `c`: the states of the newest comments, the number of their reports, and notes as JSON. One look into
# the index (author_key, id), and one for the reports of what it finds.
COLUMNS = """
    theirs.states, (SELECT count(*) FROM blog_report WHERE comment_id = ANY(theirs.comments)),
    (SELECT json_agg(json_build_array(note.id, note.text, note.at, note.by_id, moderator.username)
                     ORDER BY note.id DESC)::text
     FROM (SELECT * FROM blog_personnote WHERE author_key = c.author_key ORDER BY id DESC LIMIT %(notes)s) note
         LEFT JOIN auth_user moderator ON moderator.id = note.by_id)
"""
THEIRS = """
    CROSS JOIN LATERAL (
        SELECT string_agg(state, ' ') AS states, array_agg(id) AS comments FROM (
            SELECT id, state FROM blog_comment WHERE author_key = c.author_key ORDER BY id DESC LIMIT %(looked_at)s
        ) newest
    ) theirs
"""
QUERY = f"SELECT {COLUMNS} FROM (SELECT %(key)s::bytea) AS c (author_key) {THEIRS}"  # noqa: S608


class Note(NamedTuple):
    """What a moderator wrote about somebody."""

    pk: int
    text: str
    at: datetime
    by_id: int | None
    by: str  # the account's name; "" if it is gone


@dataclass
class Person:
    """Somebody who writes here: comments by state among the newest LOOKED_AT, reports of these, and notes."""

    states: Counter
    reports: int
    notes: list
    in_words: str  # such as "12 visible, 1 spam, 2 reports"

    @property
    def total(self):
        return self.states.total()

    @property
    def has_more(self):
        return self.total >= LOOKED_AT


def limits():
    """The values of what COLUMNS and THEIRS ask."""
    return {"looked_at": LOOKED_AT, "notes": NOTES_SHOWN}


def person_of(author_key):
    """Return the Person of an author key. One query, whatever they have written."""
    [row] = lists.rows(QUERY, {"key": author_key} | limits())
    return person(*row)


def person(states, reports, notes):
    """Return the Person that a row of COLUMNS tells of."""
    states = Counter(states.split()) if states else Counter()
    counts = [f"{states[state]} {state.label.lower()}" for state in Comment.State if state in states]
    if reports:
        counts.append(ngettext("%(count)s report", "%(count)s reports", reports) % {"count": reports})
    return Person(states, reports, [_note(*note) for note in json.loads(notes)] if notes else [], ", ".join(counts))


def _note(pk, text, at, by_id, by):
    return Note(pk, text, datetime.fromisoformat(at), by_id, by or "")


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
