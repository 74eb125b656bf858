"""Limits on how often something may be done. Exactness under load: tests/server/test_limits.py."""

from datetime import timedelta

import pytest
from django.db import connection, transaction

from blog.web import rates
from blog.web.models import Allowance
from blog.web.rates import Rate, TooOften, network_key, take

pytestmark = pytest.mark.django_db
TWICE = Rate("trial", 2, timedelta(minutes=10))


def pass_time(minutes):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE blog_allowance SET ends_at = ends_at - %s", [timedelta(minutes=minutes)])


def test_so_many_pass_and_the_next_is_told_how_long_to_wait():
    take(TWICE, "Anna")
    take(TWICE, "Anna")
    pass_time(minutes=4)

    with pytest.raises(TooOften) as refusal:
        take(TWICE, "Anna")

    assert 355 <= refusal.value.seconds <= 360


def test_another_person_another_limit_and_another_time_are_counted_apart():
    for rate in (TWICE, Rate("other", 2, TWICE.per), Rate("trial", 2, timedelta(hours=1))):
        for who in ("Anna", "Bo", b"Anna\0"):
            take(rate, who)
            take(rate, who)

    assert Allowance.objects.count() == 9


def test_when_the_time_is_over_one_begins_anew():
    take(TWICE, "Anna")
    take(TWICE, "Anna")
    pass_time(minutes=10)

    take(TWICE, "Anna")
    take(TWICE, "Anna")

    with pytest.raises(TooOften):
        take(TWICE, "Anna")


def test_what_came_to_nothing_is_not_counted():
    for _ in range(5):
        with transaction.atomic():
            take(TWICE, "Anna")
            transaction.set_rollback(True)

    assert not Allowance.objects.exists()


def test_zero_means_no_limit_and_nothing_is_stored():
    for _ in range(5):
        take(Rate("free", 0, timedelta(hours=1)), "Anna")

    assert not Allowance.objects.exists()


def test_rows_tell_nobodys_name_and_go_when_their_time_is_over():
    take(TWICE, "anna@blog.example")
    row = Allowance.objects.get()
    rates.forget_ended()
    assert Allowance.objects.exists()

    pass_time(minutes=10)
    rates.forget_ended()

    assert (b"anna" in bytes(row.key), len(row.key)) == (False, 16)
    assert not Allowance.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_forgetting_waits_for_nobody_who_is_just_counting():
    """Two that wait for each other would be a comment lost."""
    take(TWICE, "Anna")
    take(TWICE, "Bo")
    pass_time(minutes=10)
    other = connection.copy()
    with other.cursor() as cursor, transaction.atomic():
        take(TWICE, "Anna")

        cursor.execute("SET lock_timeout = '2s'")
        connected, rates.connection = rates.connection, other
        try:
            rates.forget_ended()
        finally:
            rates.connection = connected
    other.close()

    assert Allowance.objects.count() == 1


@pytest.mark.parametrize(
    ("address", "neighbour"),
    [
        ("192.0.2.1", "192.0.2.254"),
        ("2001:db8:1:2::3", "2001:db8:1:ffff::9"),
        ("::ffff:192.0.2.1", "192.0.2.7"),
        ("2002:c000:0201::1", "192.0.2.7"),
    ],
)
def test_network_key_is_the_same_for_neighbours(address, neighbour):
    assert network_key(address) == network_key(neighbour)


def test_network_key_differs_between_networks_and_sites(settings):
    keys = {network_key(address) for address in ("192.0.2.1", "192.0.3.1", "2001:db8:1::1", "2001:db8:2::1")}
    settings.SECRET_KEY = "another site" * 5

    keys.add(network_key("192.0.2.1"))

    assert [len(key) for key in keys] == [16] * 5


@pytest.mark.parametrize("address", ["", "unix:", "localhost", "192.0.2", "192.0.2.1:80"])
def test_network_key_of_no_address_is_none(address):
    assert network_key(address) is None
