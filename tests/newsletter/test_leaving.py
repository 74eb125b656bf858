"""Leaving: one click, and nothing is left."""

from datetime import timedelta

import pytest
from django.test import Client

from blog.newsletter import deliveries, editions, keys
from blog.newsletter.models import Delivery, Subscriber
from blog.web.models import Letter
from tests.factories import send_letters
from tests.newsletter.letters import FRIDAY, make_subscriber, publish, run
from tests.receipts.mails import receivers
from tests.receipts.test_erasure import places_of

pytestmark = pytest.mark.django_db


def leave_path(subscriber):
    return keys.leave_address(subscriber).removeprefix("http://127.0.0.1:8000")


def test_one_click_ends_the_letters_and_looking_does_not(client):
    subscriber = make_subscriber()
    path = leave_path(subscriber)
    page = client.get(path)
    before = Subscriber.objects.count()

    # As a mail program does (RFC 8058): no cookie, no origin, no redirect.
    answers = [Client(enforce_csrf_checks=True).post(path, {"List-Unsubscribe": "One-Click"}) for _twice in range(2)]

    assert ("End the letters" in page.content.decode(), before) == (True, 1)
    assert [each.status_code for each in answers] == [200, 200]
    assert "your address is deleted" in answers[0].content.decode()
    assert not Subscriber.objects.exists()


@pytest.mark.parametrize("written", [False, True])
def test_nothing_of_who_left_is_in_any_table(client, sink, written):
    subscriber = make_subscriber("Asa.Kvistgard@post.example".lower())
    make_subscriber("cia@post.example")
    publish()
    editions.make_due(FRIDAY)
    if written:
        deliveries.write()
    before = {table for table, _secret in places_of("kvistgard")}

    client.post(leave_path(subscriber))

    deliveries.write()
    send_letters()
    assert before == {"blog_subscriber", "blog_letter"} if written else {"blog_subscriber"}
    assert places_of("kvistgard") == set()
    assert receivers(sink) == ["cia@post.example"]


def test_who_comes_back_gets_the_letters_from_then_on(client, sink):
    publish()
    client.post(leave_path(make_subscriber()))
    run()
    make_subscriber()

    run()

    assert receivers(sink) == []


def test_who_got_what_is_forgotten_after_a_month(sink):
    make_subscriber()
    publish()
    run()
    at = Delivery.objects.get().sent_at

    deliveries.forget(at + timedelta(days=29))
    kept = Delivery.objects.count()
    deliveries.forget(at + timedelta(days=31))
    run()

    assert (kept, Delivery.objects.count(), Letter.objects.count()) == (1, 0, 0)
    assert receivers(sink) == ["bo@post.example"]
