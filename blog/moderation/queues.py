"""The comments that wait for a moderator, in queues, page by page: each page starts where the one before ended."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Value
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan
from django.utils.translation import gettext_lazy as _

from blog.comments.models import Comment
from blog.moderation.models import Report
from blog.receipts.models import Appeal
from blog.web.parameters import as_hour, as_whole_number

ON_A_PAGE = 30
COUNTED = 1000  # nobody reads further numbers, and to count a million rows takes seconds
Reason = Comment.Reason


def reported(comments):
    """Those of a queryset of comments about whose reports nobody has decided."""
    return comments.filter(pk__in=Report.objects.filter(settled_at=None).order_by().values("comment"))


def appealed(comments):
    """Those of a queryset of comments whose writers wait for an answer."""
    return comments.filter(pk__in=Appeal.objects.filter(answered_at=None).order_by().values("comment"))


def bounded_count(rows):
    """How many rows a queryset has, or such as "1000+"."""
    number = rows[: COUNTED + 1].count()
    return number if number <= COUNTED else f"{COUNTED}+"


@dataclass(frozen=True)
class Queue:
    """Some of the comments, in the order in which they are worked off."""

    title: Any  # a lazy text
    choose: Callable
    oldest_first: bool = False

    def comments(self):
        return self.choose(Comment.objects.order_by())

    def total(self):
        return bounded_count(self.comments())


QUEUES = {
    "held": Queue(_("Held"), lambda comments: comments.held().exclude(reason=Reason.BANNED), oldest_first=True),
    "new": Queue(_("From unknown people"), lambda comments: comments.held().filter(reason=Reason.NEW), True),
    "rule": Queue(
        _("Held by a rule"),
        lambda comments: comments.held().filter(reason__in=[Reason.RULE, Reason.TRAP, Reason.COPY]),
    ),
    "reported": Queue(_("Reported"), reported),
    "appealed": Queue(_("Appeals"), appealed),
    "banned": Queue(_("Banned"), lambda comments: comments.held().filter(reason=Reason.BANNED)),
    "spam": Queue(_("Spam"), lambda comments: comments.filter(state=Comment.State.SPAM)),
    "all": Queue(_("All"), lambda comments: comments),
}


def page(comments, after="", oldest_first=False):
    """Return the next comments of a queryset, as a list, and the `after` of the page that follows them or "".

    `after` comes from an address: what is none leads to the first page. Two queries: first the keys alone, since with
    all the rows that belong to a comment the planner takes ways that are slow among many.
    """
    comments = comments.order_by("created_at", "pk") if oldest_first else comments.order_by("-created_at", "-pk")
    if place := _place(after):
        further = TupleGreaterThan if oldest_first else TupleLessThan
        comments = comments.filter(further(Tuple("created_at", "pk"), [Value(each) for each in place]))
    keys = list(comments.values_list("created_at", "pk")[: ON_A_PAGE + 1])
    shown = list(comments.filter(pk__in=[pk for _at, pk in keys[:ON_A_PAGE]]))
    if len(keys) <= ON_A_PAGE:
        return shown, ""
    at, pk = keys[ON_A_PAGE - 1]
    return shown, f"{at.isoformat()}~{pk}"


def _place(after):
    at, _tilde, pk = after.partition("~")
    place = as_hour(at), as_whole_number(pk)
    return place if all(place) else None
