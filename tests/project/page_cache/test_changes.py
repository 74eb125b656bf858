"""What the page cache hears of, from a real database with real transactions."""

import time
from datetime import timedelta

import psycopg
import pytest
from django.db import connection
from django.utils import timezone

from project.page_cache import changes
from project.page_cache.changes import FRESH, STALE, Changes
from project.page_cache.store import Answer, Store
from tests.factories import make_published

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def database():
    parameters = connection.get_connection_params()
    names = ("host", "port", "user", "password", "dbname")
    return {name: parameters[name] for name in names if parameters.get(name)}


@pytest.fixture
def heard():
    """A store whose thread listens; what it holds by the tags "a", "b" and "c" can be asked for by `holds`."""
    store = Store(10**6)
    listening = Changes(store, stale_seconds=60)
    listening.start()
    until(lambda: listening.trust() == FRESH)
    listening.fill = lambda: [store.put(("", "", tag, ""), answer(tag), store.begin()) for tag in "abc"]
    listening.holds = lambda: "".join(tag for tag in "abc" if store.get(("", "", tag, "")))
    listening.fill()
    yield listening
    listening.stop()


def answer(*tags):
    return Answer([], b"x", frozenset(tags), 1e12)


def until(is_so, seconds=5):
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)


def say(database, *tags):
    with psycopg.connect(**database, autocommit=True) as other:
        for tag in tags:
            other.execute("INSERT INTO blog_purge (tags) VALUES (ARRAY[%s])", [tag])
        other.execute("NOTIFY blog_purge")


def listeners(database):
    with psycopg.connect(**database, autocommit=True) as other:
        asked = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = %s"
        return [pid for (pid,) in other.execute(asked, ["spalt page cache"]).fetchall()]


def cut(database):
    with psycopg.connect(**database, autocommit=True) as other:
        for pid in listeners(database):
            other.execute("SELECT pg_terminate_backend(%s)", [pid])


def test_what_was_changed_is_dropped_at_once(heard, database):
    say(database, "b")

    until(lambda: heard.holds() == "ac", seconds=0.5)


def test_transaction_that_ends_after_later_ones_is_heard(heard, database):
    with psycopg.connect(**database) as slow:
        slow.execute("INSERT INTO blog_purge (tags) VALUES ('{a}')")
        say(database, "b")
        until(lambda: heard.holds() == "ac")
        say(database, "x")
        time.sleep(0.1)
        assert heard.holds() == "ac"
        slow.commit()

    until(lambda: heard.holds() == "c", seconds=2)  # without a notification


def test_change_is_heard_once(heard, database):
    with psycopg.connect(**database) as slow:
        slow.execute("SELECT pg_current_xact_id()")  # all that comes later is read again until this is over
        say(database, "a")
        until(lambda: heard.holds() == "bc")
        heard.fill()
        say(database, "x")
        time.sleep(0.2)

        assert heard.holds() == "abc"


def test_everything_is_dropped_when_the_connection_was_cut(heard, database):
    cut(database)

    until(lambda: heard.holds() == "", seconds=2)
    until(lambda: heard.trust() == FRESH)
    heard.fill()
    say(database, "c")
    until(lambda: heard.holds() == "ab", seconds=0.5)


def test_pages_are_stale_for_a_while_when_the_database_is_gone(heard, database, monkeypatch):
    def refuse(*_arguments):
        raise psycopg.OperationalError("gone")

    monkeypatch.setattr(changes, "connect", refuse)
    cut(database)

    until(lambda: heard.trust() == STALE)
    assert heard.holds() == "abc"
    heard.stale_seconds = 0
    assert heard.trust() == ""


def test_hour_of_a_post_is_heard_without_a_word(heard):
    post = make_published(ago=timedelta(seconds=-3))
    time.sleep(0.3)  # that it is there, and when it will be out, is heard first
    heard.store.put(("", "", "a", ""), answer("list"), heard.store.begin())
    assert timezone.now() < post.publish_at

    until(lambda: heard.holds() == "bc")

    assert timedelta(0) < timezone.now() - post.publish_at < timedelta(seconds=1)


def test_nothing_is_trusted_between_the_hour_and_the_hearing(heard, monkeypatch):
    heard._trusted_until = time.monotonic() - 1

    assert heard.trust() == ""
