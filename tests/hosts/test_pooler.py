"""The site behind a real PgBouncer that lends its four connections for one transaction each."""

import hashlib
import json
import time
from concurrent.futures import ThreadPoolExecutor

import psutil
import pytest

from tests.server.conftest import get, post, wait_until

pytestmark = pytest.mark.server

COMMENTS, SENDERS = 40, 8
PREPARE = """
import json
from blog.comments.forms import Token
from tests.factories import make_published
post = make_published("Bakom en pool")
print(json.dumps({"path": post.get_absolute_url(), "token": Token(post.pk, 0, asked=True).sign()}))
"""
LEFT = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'blog.tasks.clear_sessions'"
DEFER = "from blog import tasks; tasks.clear_sessions.defer(timestamp=0)"
SESSION_LOCKS = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"


def said(number):
    """Words that nobody else says: what is alike is held."""
    letters = hashlib.sha256(str(number).encode()).hexdigest()
    return " ".join(letters[start : start + 5] for start in range(0, 60, 5))


@pytest.fixture(scope="module")
def served(pooled):
    place = json.loads(pooled.do(PREPARE).splitlines()[-1])
    with pooled.served(PAGE_CACHE_MB="16") as (port, process):
        yield port, place, process


def test_comments_are_sent_and_shown_through_the_pool(pooled, served):
    port, place, _process = served
    get(port, place["path"])  # from now on in the page cache

    def send(number):
        form = {"name": f"Anna {number}", "text": said(number), "token": place["token"]}
        return post(port, f"{place['path']}comments/write/", form, **{"X-Forwarded-For": f"198.51.{number}.1"})[0]

    with ThreadPoolExecutor(SENDERS) as senders:
        answers = list(senders.map(send, range(COMMENTS)))
    time.sleep(1)
    body = get(port, place["path"])[2].decode()

    assert set(answers) == {302}
    assert [number for number in range(COMMENTS) if said(number) not in body] == []


def test_jobs_run_and_are_heard_of_on_a_connection_of_their_own(cluster, pooled, served):
    _port, _place, process = served

    pooled.do(DEFER)
    wait_until(lambda: pooled.ask(LEFT) == 0, 30)

    workers = [each for each in psutil.Process(process.pid).children(recursive=True) if each.name() == "spalt worker"]
    ends = {connection.raddr.port for worker in workers for connection in worker.net_connections() if connection.raddr}
    assert cluster.primary.port in ends


def test_session_lock_of_regrouping_is_given_back(pooled, served):
    with ThreadPoolExecutor(2) as both:
        list(both.map(lambda _: pooled.run("fingerprint", "--all"), range(2)))

    assert pooled.ask(SESSION_LOCKS) == 0


def test_reading_very_many_rows_needs_no_cursor_of_a_session(pooled, served):
    assert (
        pooled.do("from django.db import connection; print(connection.settings_dict['DISABLE_SERVER_SIDE_CURSORS'])")
        == "True"
    )
    assert pooled.run("audit")
