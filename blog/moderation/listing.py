"""The groups that wait for a moderator, page by page: each starts where the one before ended."""

from django.db.models import Value
from django.db.models.fields.tuple_lookups import Tuple, TupleLessThan

from blog.web.parameters import as_hour, as_whole_number

ON_A_PAGE = 20


def page(groups, before=""):
    """Return the next Groups of a queryset, newest first, as a queryset, and the `before` of the page after them or "".

    `before` comes from an address: what is none leads to the first page. One query.
    """
    groups = groups.order_by("-last_at", "-pk")
    if place := _place(before):
        groups = groups.filter(TupleLessThan(Tuple("last_at", "pk"), [Value(each) for each in place]))
    keys = list(groups.values_list("last_at", "pk")[: ON_A_PAGE + 1])
    shown = keys[:ON_A_PAGE]
    older = f"{shown[-1][0].isoformat()}~{shown[-1][1]}" if len(keys) > ON_A_PAGE else ""
    return groups.filter(pk__in=[pk for _at, pk in shown]), older


def _place(before):
    at, _tilde, pk = before.partition("~")
    place = as_hour(at), as_whole_number(pk)
    return place if all(place) else None
