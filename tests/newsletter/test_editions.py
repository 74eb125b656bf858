"""The letter of the week: at its hour, each post once, each subscriber once."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from blog.newsletter import deliveries, editions, subscribing
from blog.newsletter.models import Delivery, Edition, EditionPost, Subscriber
from blog.web.models import Letter
from tests.factories import make_byline, make_comment, make_post, make_published, send_letters
from tests.receipts.mails import receivers

pytestmark = pytest.mark.django_db

FRIDAY = timezone.make_aware(datetime(2026, 11, 20, 7))
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def make_subscriber(email="bo@post.example", language="en", confirmed_at=FRIDAY):
    return Subscriber.objects.create(email=email, language=language, confirmed_at=confirmed_at)


def publish(title, at=FRIDAY - DAY, **how):
    return make_published(title, publish_at=at, first_published_at=at, **how)


def run(now=FRIDAY):
    """What the job of each minute does, and the job of each mail."""
    editions.make_due(now)
    deliveries.write()
    send_letters()


def test_letter_tells_of_the_posts_of_the_week_in_its_readers_language(sink):
    make_subscriber("bo@post.example", "en")
    make_subscriber("siv@post.example", "sv")
    make_subscriber("ada@post.example", confirmed_at=None)
    publish("Om kommatecken", standfirst="En paus.", bylines=[make_byline("Karin Ek")])
    make_post("A draft")

    run()

    assert receivers(sink) == ["bo@post.example", "siv@post.example"]
    for _to, mail in sink.mails:
        print(mail.get_body(("plain",)).get_content())
        print(mail.get_body(("html",)).get_content())
        print(mail.items())
