"""When the letter leaves, and which posts it tells of: each once."""

from datetime import datetime, time, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from blog.newsletter.models import Delivery, Edition, EditionPost, Subscriber
from blog.posts.models import Post

WEEK = timedelta(days=7)
LATE = timedelta(days=1)  # then the posts wait for the next letter: it is a day of the week that was promised
APPROVING = timedelta(hours=1)  # a post may become visible a little after its own hour
ROWS_AT_ONCE = 5_000


def hour_before(now):
    """Return the last hour at which a letter was due, an aware datetime."""
    today = timezone.localdate(now)
    day = today - timedelta(days=(today.isoweekday() - settings.NEWSLETTER_WEEKDAY) % 7)
    due = _hour_of(day)
    return due if due <= now else _hour_of(day - WEEK)


def hour_after(now):
    """Return the next hour at which a letter is due, an aware datetime."""
    return _hour_of(timezone.localdate(hour_before(now)) + WEEK)


def news(now=None):
    """The published posts that no letter has told of, since the last one was made or of the past week."""
    now = now or timezone.now()
    last = Edition.objects.order_by("-made_at").values_list("made_at", flat=True).first()
    since = (last or now - WEEK) - APPROVING
    told = EditionPost.objects.filter(post=OuterRef("pk"))
    return Post.objects.published(now).filter(~Exists(told), publish_at__gt=since).newest_first()


def make_due(now=None):
    """Make the edition whose hour has come, once, with a Delivery for each subscriber; without posts for nobody."""
    now = now or timezone.now()
    due = hour_before(now)
    if now - due < LATE and not Edition.objects.filter(due_at=due).exists():
        _make(due, now)


@transaction.atomic
def _make(due, now):
    posts = list(news(now).values_list("pk", flat=True))
    # Of two workers one waits here for the other, and finds it made.
    edition, is_new = Edition.objects.get_or_create(due_at=due, defaults={"made_at": now})
    if not (is_new and posts):
        return
    EditionPost.objects.bulk_create(EditionPost(edition=edition, post_id=post) for post in posts)
    # Locked: who is just leaving is waited for, and left out.
    subscribers = Subscriber.objects.confirmed().select_for_update(no_key=True).order_by("pk")
    deliveries = [Delivery(edition=edition, subscriber_id=pk) for pk in subscribers.values_list("pk", flat=True)]
    Delivery.objects.bulk_create(deliveries, ROWS_AT_ONCE)
    Edition.objects.filter(pk=edition.pk).update(receivers=len(deliveries))


def _hour_of(day):
    return timezone.make_aware(datetime.combine(day, time(settings.NEWSLETTER_HOUR)))
