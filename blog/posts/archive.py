"""The archive by year and month, in the site's time zone."""

from datetime import date, datetime
from itertools import groupby

from django.db.models import Count, Q
from django.db.models.functions import TruncMonth
from django.http import Http404
from django.utils import timezone

from blog.posts import lists

# One look into the index for each month that has posts, however many they are: nothing is counted.
MONTHS = f"""
    WITH RECURSIVE month AS (
        SELECT now() AS first
        UNION ALL
        SELECT (
            SELECT date_trunc('month', post.publish_at, %(zone)s) FROM blog_post post
            WHERE {lists.PUBLISHED} AND post.publish_at < month.first
            ORDER BY post.publish_at DESC, post.id DESC LIMIT 1
        ) FROM month WHERE month.first IS NOT NULL
    )
    SELECT (first AT TIME ZONE %(zone)s)::date FROM month OFFSET 1
"""  # noqa: S608  only our own words


def first_day(year, month):
    """Return the first day of the month; Http404 for a month that no calendar has."""
    try:
        return date(year, month, 1)
    except ValueError as error:
        raise Http404 from error


def bounds(year, month=None):
    """Return the aware datetimes between which a post was published in that year, or month; the second is after it."""
    first = first_day(year, month or 1)
    following = first_day(year + (month or 12) // 12, (month or 12) % 12 + 1)
    return _midnight(first), _midnight(following)


def within(year, month=None):
    """Return the condition that a post was published in that year, or month. A range, so that an index serves it."""
    first, after = bounds(year, month)
    return Q(publish_at__gte=first, publish_at__lt=after)


def months():
    """Return the first days of the months in which posts were published, newest first. One query."""
    found = lists.rows(MONTHS, {"zone": timezone.get_current_timezone_name()})
    return [day for (day,) in found if day]


def years(posts):
    """Return a list of (year, its months) in which these posts were published, newest first.

    A month is a pair: its first day, and the number of posts. One query, which counts them all: not for the archive.
    """
    counted = posts.order_by().annotate(month=TruncMonth("publish_at")).values("month").annotate(posts=Count("pk"))
    return by_year((row["month"].date(), row["posts"]) for row in counted.order_by("-month"))


def by_year(months):
    """Return a list of (year, its months) of pairs of a month's first day and something about it."""
    return [(year, tuple(its)) for year, its in groupby(months, key=lambda month: month[0].year)]


def _midnight(day):
    return timezone.make_aware(datetime(day.year, day.month, day.day))
