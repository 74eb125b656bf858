"""The comments that wait for a moderator, in queues, page by page: each page starts where the one before ended."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import TextField, Value
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from blog.comments.models import Comment
from blog.moderation.models import Report
from blog.posts import lists
from blog.receipts.models import Appeal
from blog.web.parameters import as_hour, as_whole_number

ROWS = (30, 100)  # on a page, as a moderator asks; the first where nobody does
COUNTED = 1000  # nobody reads further numbers, and to count a million rows takes seconds
COUNT = "(SELECT count(*) FROM ({query}) counted)"
Reason = Comment.Reason


def reported(comments):
    """Those of a queryset of comments about whose reports nobody has decided."""
    return comments.filter(pk__in=Report.objects.filter(settled_at=None).order_by().values("comment"))


def appealed(comments):
    """Those of a queryset of comments whose writers wait for an answer."""
    return comments.filter(pk__in=Appeal.objects.filter(answered_at=None).order_by().values("comment"))


def bounded_count(rows):
    """How many rows a queryset has, or such as "1000+"."""
    return _bounded(rows[: COUNTED + 1].count())


def _bounded(number):
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
COUNTED_QUEUES = [name for name in QUEUES if name != "all"]


def totals():
    """Return a dict from each queue's name but that of everything to the number of its comments. One query."""
    numbers = dict(zip(COUNTED_QUEUES, lists.rows(_counting(COUNTED + 1), None)[0], strict=True))
    return {name: _bounded(number) for name, number in numbers.items()}


@cache
def _counting(most):
    """The query of `totals`. Its text never changes and holds all values, so that it is planned once, for these."""
    compiled = [QUEUES[name].comments().values("pk")[:most].query.sql_with_params() for name in COUNTED_QUEUES]
    operations: Any = connection.ops  # PostgreSQL's
    numbers = [COUNT.format(query=operations.compose_sql(sql, params)) for sql, params in compiled]
    return f"SELECT {', '.join(numbers)}"


def rows_on_a_page(text):
    """How many rows an address asks for."""
    return next((number for number in ROWS if text == str(number)), ROWS[0])


def page(comments, after="", oldest_first=False):
    """Return the next comments of a queryset, as a list, and the `after` of the page that follows them or "".

    Two queries: first the keys alone, since with all the rows that belong to a comment the planner takes ways that are
    slow among many.
    """
    keys, following = keys_of_page(comments, after, oldest_first)
    return list(_in_order(comments, oldest_first).filter(pk__in=keys)), following


def keys_of_page(comments, after="", oldest_first=False, rows=ROWS[0]):
    """Return the ids of the next comments of a queryset, and the `after` of the page that follows them or "".

    `after` comes from an address: what is none leads to the first page.
    """
    comments = _in_order(comments, oldest_first)
    if place := _place(after):
        further = TupleGreaterThan if oldest_first else TupleLessThan
        comments = comments.filter(further(Tuple("created_at", "pk"), [Value(each) for each in place]))
    keys = list(comments.values_list(Cast("created_at", TextField()), "pk")[: rows + 1])
    at, pk = keys[rows - 1] if len(keys) > rows else ("", None)
    return [pk for _at, pk in keys[:rows]], f"{at}~{pk}" if at else ""


def _in_order(comments, oldest_first):
    return comments.order_by("created_at", "pk") if oldest_first else comments.order_by("-created_at", "-pk")


def _place(after):
    at, _tilde, pk = after.partition("~")
    place = as_hour(at), as_whole_number(pk)
    return place if all(place) else None
