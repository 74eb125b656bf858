"""The calendar: what has an hour or a due day in a month, and how an hour is moved to another."""

from calendar import Calendar
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber, TruncDate
from django.utils import timezone
from django.utils.translation import gettext as _

from blog import policy
from blog.posts import steps
from blog.posts.models import Post
from blog.posts.updates import PendingUpdate
from blog.posts.workflow import IN_WORK, IllegalTransition, Status

YEARS = range(1990, 2200)
SHOWN_PER_DAY = 12  # of each sort: posts, updates, due days


class WouldPublish(Exception):
    """The hour is past, so that an approved text would be public at once. Whoever means that says so."""


@dataclass
class Entry:
    post: Post
    sort: str  # planned, scheduled, published or due
    words: str
    at: datetime | None = None  # in the site's time zone; None for a due day
    of_update: bool = False
    is_movable: bool = False


@dataclass
class Day:
    date: date
    entries: list[Entry] = field(default_factory=list)
    more: int = 0  # entries that are not shown


def month(user, first, now=None):
    """Return the weeks around the month that begins on `first`: pairs of ISO week number and seven Days.

    A day has what `user` may see of it, in the order of the hours of the site's time zone, and then what is due;
    at most SHOWN_PER_DAY of each sort. Six queries.
    """
    now = now or timezone.now()
    weeks = [[Day(day) for day in week] for week in Calendar().monthdatescalendar(first.year, first.month)]
    days = {day.date: day for week in weeks for day in week}
    for row in [*_posts(user, days), *_updates(user, days)]:
        _put(days[row.day], row, _entry(user, row, now))
    for day in days.values():
        day.entries.sort(key=lambda entry: (entry.at, entry.post.pk))
    for row in _due(user, days):
        words = _("Overdue") if row.day < timezone.localdate(now) else _("Due")
        _put(days[row.day], row, Entry(row, "due", words))
    return [(week[0].date.isocalendar().week, week) for week in weeks]


def _posts(user, days):
    posts = _seen_by(user).filter(publish_at__range=_hours_of(days)).exclude(status=Status.ARCHIVED)
    return _begin_of_each_day(posts, TruncDate("publish_at"), "publish_at")


def _updates(user, days):
    updates = PendingUpdate.objects.filter(publish_at__range=_hours_of(days), post__in=Post.objects.seen_by(user))
    updates = updates.select_related("post").defer("post__body", "post__search").prefetch_related("post__bylines")
    return _begin_of_each_day(updates, TruncDate("publish_at"), "publish_at")


def _due(user, days):
    posts = _seen_by(user).in_state(*IN_WORK).filter(due_on__range=(min(days), max(days)))
    return _begin_of_each_day(posts, F("due_on"), "-priority")


def _seen_by(user):
    return Post.objects.seen_by(user).select_related("pending").defer("body", "search").prefetch_related("bylines")


def _hours_of(days):
    midnight, last = datetime.min.time(), max(days) + timedelta(days=1)
    begin, end = (timezone.make_aware(datetime.combine(day, midnight)) for day in (min(days), last))
    return begin, end - timedelta.resolution


def _begin_of_each_day(rows, day, order):
    """The rows that are shown, each with its `day` and with `of_day`, the number that the day has."""
    rows = rows.annotate(day=day).annotate(
        place=Window(RowNumber(), partition_by=F("day"), order_by=[order, "pk"]),
        of_day=Window(Count("pk"), partition_by=F("day")),
    )
    return rows.filter(place__lte=SHOWN_PER_DAY).order_by(order, "pk")


def _put(day, row, entry):
    day.entries.append(entry)
    if row.place == SHOWN_PER_DAY:
        day.more += row.of_day - SHOWN_PER_DAY


def _entry(user, row, now):
    of_update = isinstance(row, PendingUpdate)
    post, at = row.post if of_update else row, timezone.localtime(row.publish_at)
    if not _is_set(row):
        words = _("Update planned") if of_update else _("Planned")
        return Entry(post, "planned", words, at, of_update, policy.may(user, "post.plan", post))
    if not of_update and row.is_public(now):
        return Entry(post, "published", _("Published"), at)
    words = _("Update scheduled") if of_update else _("Scheduled")
    return Entry(post, "scheduled", words, at, of_update, policy.may(user, "post.approve", post))


def _is_set(text):
    """Whether the hour is that of an approved version, not only planned."""
    return text.approved is not None if isinstance(text, PendingUpdate) else text.status == Status.APPROVED


@transaction.atomic
def move(post, hour, *, seen, by, of_update=False, at_once=False, now=None):
    """Move the hour of a post, or of its pending update, that is scheduled or planned for the hour `seen`.

    `hour` and `seen` are aware datetimes. PermissionDenied; IllegalTransition, if the hour is another by now or past;
    WouldPublish, for an approved text and a past `hour`, unless that is meant: `at_once`.
    """
    now = now or timezone.now()
    # Whoever changes the hour needs this row: what is compared below stays true.
    post = Post.objects.locked().get(pk=post.pk)
    text = _text_at(post, seen, of_update)
    if not _is_set(text):
        _allow(by, "post.plan", post)
        text.plan(hour, by=by)
        return
    _allow(by, "post.approve", post)
    if not of_update and post.is_public(now):
        raise IllegalTransition(_("“%(title)s” is public already.") % {"title": post})
    if hour <= now and not at_once:
        raise WouldPublish
    text.reschedule(hour, by=by, now=now)


def _allow(user, action, post):
    if not policy.may(user, action, post):
        raise PermissionDenied


def _text_at(post, seen, of_update):
    text = getattr(post, "pending", None) if of_update else post
    if text is None or text.publish_at is None:
        raise IllegalTransition(_("“%(title)s” has no hour any more.") % {"title": post})
    if text.publish_at != seen:
        mover = post.events.filter(of_update=of_update, publish_at=text.publish_at).first()
        values = {"title": post, "hour": steps.hour(text.publish_at), "person": mover and mover.by_name}
        if mover is None or not mover.by_name:
            raise IllegalTransition(_("“%(title)s” was moved meanwhile to %(hour)s.") % values)
        raise IllegalTransition(_("“%(title)s” was moved meanwhile by %(person)s to %(hour)s.") % values)
    return text
