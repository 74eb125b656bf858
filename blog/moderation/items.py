"""The rows of a queue as HTML."""

from datetime import datetime
from functools import reduce
from operator import add
from typing import NamedTuple

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import escape
from django.utils.translation import ngettext

from blog import policy
from blog.comments.models import Comment
from blog.comments.models_duplicates import Group
from blog.moderation.models import Report
from blog.moderation.rows import Row
from blog.posts.models import Post
from blog.text import markup, patterns
from blog.text.sanitise import first_words
from blog.web.memo import remembered
from blog.web.partials import Stencil

TITLE_CHARACTERS, EXTRACT_CHARACTERS, APPEAL_CHARACTERS = 60, 90, 300
MOST_BYTES = 4 * 2**20  # of rows in each process, about 300
LIKENESS, REPORTED = dict(Group.TIERS), dict(Report.Reason.choices)
TOKEN, BACK = patterns.mark("csrf_token"), patterns.mark("back")
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
    has_more: bool
    is_network_known: bool


class Line(NamedTuple):
    """What the template of a line under a comment decides by."""

    about: str  # "why", "report", "appeal", "same" or "note"
    is_linked: bool = False
    has_note: bool = False
    is_open: bool = False


class Page(NamedTuple):
    """What the rows of one page have in common."""

    row: Stencil
    line: Stencil
    me: str  # as whom the moderator replies


def items(rows, user, reasons, *, here, csrf_token):
    """Yield each Row as HTML; the forms in it send `csrf_token`, and `here` as the address to come back to."""
    page, here = _page(user, reasons), escape(here)
    for row in rows:
        item = _item(page, row.comment, row.same, row.may_pick)
        yield item.replace(TOKEN, csrf_token).replace(BACK, f"{here}#row-{row.then}")


def _page(user, reasons):
    addresses = {
        "person": _of("person", "pk"),
        "change": _of("admin:blog_comment_change", "pk"),
        "kept": _of("admin:blog_comment_change", "kept_pk"),
        "near": f"{reverse('queue', args=['all'])}?near={patterns.mark('pk')}",
        "ban": f"{reverse('admin:blog_ban_new')}?comment={patterns.mark('pk')}",
        "moderate": reverse("moderate"),
    }
    may_ban = policy.may_all(user, "ban.decide")
    return Page(
        Stencil.named(ROW, reasons=reasons, may_ban=may_ban, **addresses),
        Stencil.named(LINE, change=addresses["change"], other=_of("admin:blog_comment_change", "other")),
        user.get_username(),
    )


@remembered(most_bytes=MOST_BYTES)
def _item(page, comment, same, may_pick):
    """A row as HTML, with marks where the words of one page and of one request go."""
    row = Row(comment, same, may_pick)
    kind = Kind(
        row.possible,
        comment.is_held,
        comment.has_account,
        comment.has_address,
        comment.is_proved,
        comment.parent_name is not None,
        bool(comment.website),
        comment.kept_pk is not None,
        row.person.has_more,
        comment.is_network_known,
    )
    lines = [page.line.filled(line, words) for line, words in _lines(row)]
    return page.row.filled(kind, _words(row, page) | {"lines": reduce(add, lines) if lines else ""})


def _words(row, page):
    comment, person = row.comment, row.person
    post_address = _address(comment.slug, comment.dated)
    at = timezone.localtime(comment.created_at)
    return {
        "csrf_token": TOKEN,
        "back": BACK,
        "pk": comment.pk,
        "seen": row.seen,
        "number": comment.number,
        "name": comment.name,
        "me": page.me,
        "state": Comment.State(comment.state).label,
        "time": at.isoformat(timespec="seconds"),
        "hour": date_format(at, "SHORT_DATETIME_FORMAT"),
        "address": post_address,
        "post": _shortened(comment.title, TITLE_CHARACTERS),
        "parent_name": comment.parent_name,
        "extract": _extract(comment),
        "parent_text": comment.parent_text and patterns.with_breaks(comment.parent_text),
        "text": comment.body_html(post_address),
        "website": comment.website,
        "kept_pk": comment.kept_pk,
        "kept_number": comment.kept_number,
        "total": person.total,
        "states": person.in_words,
    }


def _lines(row):
    """Yield the Line and its words of all that is to be told of a comment and of its writer."""
    comment = row.comment
    for sentence, other in row.why:
        yield Line("why", is_linked=other is not None), {"sentence": sentence, "other": other}
    for reason, note, is_settled in comment.reports:
        kind = Line("report", has_note=bool(note), is_open=not is_settled)
        yield kind, {"reason": REPORTED.get(reason, reason), "note": note}
    if comment.appeal:
        yield Line("appeal"), {"text": _shortened(comment.appeal, APPEAL_CHARACTERS), "pk": comment.pk}
    if row.same > 1:
        yield Line("same"), {"sentence": _same_in_words(row)}
    for note in row.person.notes:
        day = date_format(timezone.localtime(note.at), "SHORT_DATE_FORMAT")
        yield Line("note"), {"text": note.text, "by": note.by, "day": day}


def _same_in_words(row):
    return ngettext(
        "%(count)s comment on this post says the same (%(likeness)s).",
        "%(count)s comments on this post say the same (%(likeness)s).",
        row.same,
    ) % {"count": row.same, "likeness": LIKENESS[row.comment.tier]}


def _of(name, pk):
    """The address `name` of one thing, with a mark where its number goes."""
    return reverse(name, args=[0]).replace("/0/", f"/{patterns.mark(pk)}/")


def _extract(comment):
    """The first words of the comment that this one answers."""
    if not comment.parent_text:
        return ""
    html = comment.parent_html or markup.comment_html(comment.parent_text, {})
    return _shortened(first_words(html), EXTRACT_CHARACTERS)


def _shortened(text, most):
    return text if len(text) <= most else f"{text[: most - 1]}…"


@remembered(most_bytes=MOST_BYTES // 4)
def _address(slug, dated):
    return Post(slug=slug, publish_at=datetime.fromisoformat(dated)).get_absolute_url()
