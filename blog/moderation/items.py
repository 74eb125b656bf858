"""The rows of a queue as HTML."""

from datetime import datetime, time
from functools import reduce
from operator import add
from typing import NamedTuple

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import conditional_escape
from django.utils.translation import get_language, ngettext

from blog import policy
from blog.comments.models import Comment
from blog.comments.models_duplicates import Group
from blog.moderation.models import Report
from blog.posts.models import Post
from blog.text import markup, patterns
from blog.text.sanitise import first_words
from blog.web.memo import remembered
from blog.web.partials import Stencil

TITLE_CHARACTERS, EXTRACT_CHARACTERS, APPEAL_CHARACTERS = 60, 90, 300
MOST_BYTES = 2**20
LIKENESS, REPORTED = dict(Group.TIERS), dict(Report.Reason.choices)
ROW, LINE = "admin/blog/queue/_row.html", "admin/blog/queue/_line.html"


class Kind(NamedTuple):
    """What the template of a row decides by."""

    possible: frozenset
    is_held: bool
    has_account: bool
    has_address: bool
    is_proved: bool
    is_reply: bool
    has_website: bool
    is_merged: bool


class Line(NamedTuple):
    """What the template of a line under a comment decides by."""

    about: str  # "why", "report", "appeal", "same", "person" or "note"
    has_more: bool = False
    is_linked: bool = False
    is_open: bool = False


class Items:
    """The rows of one page. `same` is for all of them: `here` and `csrf_token`, which their forms send, and `me`."""

    def __init__(self, user, reasons, **same):
        self.row = Stencil(ROW, reasons=reasons, may_ban=policy.may_all(user, "ban.decide"))
        self.line = Stencil(LINE)
        same |= {"moderate": reverse("moderate"), "ban": reverse("admin:blog_ban_new")}
        self.same = {name: conditional_escape(word) for name, word in same.items()}
        self.states = {state: str(label) for state, label in Comment.State.choices}
        self.person, self.change = reverse("person", args=[0]), reverse("admin:blog_comment_change", args=[0])
        self.everything, self.language = reverse("queue", args=["all"]), get_language()

    def html(self, row):
        """Return a Row as safe HTML."""
        comment = row.comment
        kind = Kind(
            row.possible,
            comment.is_held,
            comment.has_account,
            comment.has_address,
            comment.is_proved,
            comment.parent_name is not None,
            bool(comment.website),
            comment.kept_pk is not None,
        )
        lines = [self.line.filled(line, words) for line, words in self._lines(row)]
        return self.row.filled(kind, self.same | self._words(row) | {"lines": reduce(add, lines)})

    def _words(self, row):
        comment = row.comment
        address = _address(comment.slug, comment.dated)
        at = timezone.localtime(comment.created_at)
        return {
            "pk": comment.pk,
            "seen": row.seen,
            "then": row.then,
            "number": comment.number,
            "name": comment.name,
            "person": _with(self.person, comment.pk),
            "change": _with(self.change, comment.pk),
            "state": self.states[comment.state],
            "time": at.isoformat(),
            "hour": _hour(self.language, at.date()).replace("23:59", f"{at:%H:%M}"),
            "address": f"{address}comments/{comment.number}/",
            "post": _shortened(comment.title, TITLE_CHARACTERS),
            "parent_name": comment.parent_name,
            "extract": _extract(comment),
            "parent_text": patterns.with_breaks(comment.parent_text or ""),
            "text": comment.body_html(address),
            "website": comment.website,
            "kept": _with(self.change, comment.kept_pk),
            "kept_number": comment.kept_number,
        }

    def _lines(self, row):
        """Yield the Line and its words of all that is known of a comment and of its writer."""
        comment, person = row.comment, row.person
        for sentence, other in row.why:
            yield Line("why", is_linked=bool(other)), {"sentence": sentence, "other": _with(self.change, other)}
        for reason, note, is_settled in comment.reports:
            kind = Line("report", has_more=bool(note), is_open=not is_settled)
            yield kind, {"reason": REPORTED.get(reason, reason), "note": note}
        if comment.appeal:
            text = _shortened(comment.appeal, APPEAL_CHARACTERS)
            yield Line("appeal"), {"text": text, "change": _with(self.change, comment.pk)}
        if row.same > 1:
            yield Line("same"), {"sentence": _same_in_words(row)}
        words = {"total": person.total, "states": person.in_words, "person": _with(self.person, comment.pk)}
        network = f"{self.everything}?near={comment.pk}"
        yield Line("person", person.has_more, comment.is_network_known), words | {"network": network}
        for note in person.notes:
            day = date_format(timezone.localtime(note.at), "SHORT_DATE_FORMAT")
            yield Line("note"), {"text": note.text, "by": note.by, "day": day}


def _same_in_words(row):
    return ngettext(
        "%(count)s comment on this post says the same (%(likeness)s).",
        "%(count)s comments on this post say the same (%(likeness)s).",
        row.same,
    ) % {"count": row.same, "likeness": LIKENESS[row.comment.tier]}


def _with(address, pk):
    """An address made for 0, for another number."""
    return address.replace("/0/", f"/{pk}/")


def _extract(comment):
    """The first words of the comment that this one answers."""
    if not comment.parent_text:
        return ""
    html = comment.parent_html or markup.comment_html(comment.parent_text, {})
    return _shortened(first_words(html), EXTRACT_CHARACTERS)


def _shortened(text, most):
    return text if len(text) <= most else f"{text[: most - 1]}…"


@remembered(most_bytes=MOST_BYTES)
def _address(slug, publish_at):
    return Post(slug=slug, publish_at=publish_at).get_absolute_url()


@remembered(most_bytes=MOST_BYTES)
def _hour(language, day):
    """The last minute of a day as the language writes it: only its minute is to be replaced."""
    return date_format(datetime.combine(day, time(23, 59)), "SHORT_DATETIME_FORMAT")
