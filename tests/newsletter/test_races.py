"""The same moment on several connections: two workers, and somebody who is just leaving."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from blog.newsletter import deliveries, editions, subscribing
from blog.newsletter.models import Delivery, Edition, Subscriber
from blog.web.models import Letter
from tests.newsletter.letters import FRIDAY, make_subscriber, publish
from tests.receipts.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


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


def test_who_leaves_while_a_letter_is_made_is_left_out():
    publish()
    leaving = make_subscriber()

    meanwhile(lambda: subscribing.leave(leaving), lambda: editions.make_due(FRIDAY))

    assert (Edition.objects.count(), Subscriber.objects.count(), Delivery.objects.count()) == (1, 0, 0)


@pytest.mark.parametrize("step", [lambda: editions.make_due(FRIDAY), deliveries.write])
def test_who_leaves_just_after_is_gone(step):
    publish()
    leaving = make_subscriber()
    if step == deliveries.write:
        editions.make_due(FRIDAY)

    meanwhile(step, lambda: subscribing.leave(leaving))

    assert (Subscriber.objects.count(), Delivery.objects.count(), Letter.objects.count()) == (0, 0, 0)


def meanwhile(first, second):
    """Do the first deed, and the second one before that is committed: it waits."""
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            first()
            done = pool.submit(do_alone, second)
            while not somebody_waits():
                assert not done.done(), done.result()
        done.result()


def do_alone(deed):
    try:
        deed()
    finally:
        connection.close()


def somebody_waits():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot(), pg_sleep(0.01)")
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return cursor.fetchone()[0]


def test_of_one_address_sent_by_many_one_mail_comes():
    at_once(*[lambda: subscribing.ask("bo@post.example", "sv")] * 4)

    assert (Subscriber.objects.count(), Letter.objects.count()) == (1, 1)
