"""What the tests of the weekly letter begin with."""

from datetime import datetime, timedelta

from django.utils import timezone

from blog.newsletter import deliveries, editions
from blog.newsletter.models import Subscriber
from tests.factories import make_published, send_letters

FRIDAY = timezone.make_aware(datetime(2026, 11, 20, 7))  # past: posts of that week are published
DAY, WEEK = timedelta(days=1), timedelta(days=7)


def make_subscriber(email="bo@post.example", language="en", confirmed_at=FRIDAY):
    return Subscriber.objects.create(email=email, language=language, confirmed_at=confirmed_at)


def publish(title="Om kommatecken", at=FRIDAY - DAY, **how):
    return make_published(title, publish_at=at, first_published_at=at, **how)


def run(now=FRIDAY):
    """What the job of each minute does, and the job of each mail."""
    editions.make_due(now)
    deliveries.write()
    send_letters()


def text(mail):
    return mail.get_body(("plain",)).get_content().replace("\r\n", "\n")


def html(mail):
    return mail.get_body(("html",)).get_content().replace("\r\n", "\n")
