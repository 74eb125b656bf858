"""The same moment on several connections: two workers, and somebody who is just leaving."""

import pytest

from blog.newsletter import deliveries, editions, subscribing
from blog.newsletter.models import Delivery, Edition, Subscriber
from blog.web.models import Letter
from tests.newsletter.letters import FRIDAY, make_subscriber, publish
from tests.receipts.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 3


def test_two_workers_make_one_edition_and_write_each_mail_once(monkeypatch):
    monkeypatch.setattr(deliveries, "AT_ONCE", 7)
    for number in range(30):
        make_subscriber(f"reader{number}@post.example")
    publish()

    at_once(*[lambda: editions.make_due(FRIDAY)] * 3)
    at_once(*[deliveries.write] * 3)

    receivers = list(Letter.objects.values_list("to", flat=True))
    assert Edition.objects.count() == 1
    assert (len(receivers), len(set(receivers))) == (30, 30)
    assert Delivery.objects.filter(sent_at=None).count() == 0


def test_who_leaves_in_the_moment_in_which_a_letter_is_made_or_written_is_gone():
    publish()
    for turn in range(ROUNDS):
        leaving, staying = (make_subscriber(f"{name}{turn}@post.example") for name in ("leaving", "staying"))
        Edition.objects.all().delete()

        at_once(lambda leaving=leaving: subscribing.leave(leaving), lambda: editions.make_due(FRIDAY))
        at_once(lambda staying=staying: subscribing.leave(staying), deliveries.write)

        assert Edition.objects.count() == 1
        assert (Subscriber.objects.count(), Delivery.objects.count(), Letter.objects.count()) == (0, 0, 0)


def test_of_one_address_sent_by_many_one_mail_comes():
    at_once(*[lambda: subscribing.ask("bo@post.example", "sv")] * 4)

    assert (Subscriber.objects.count(), Letter.objects.count()) == (1, 1)
