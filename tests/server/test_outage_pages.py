"""Readers go on reading while PostgreSQL is down. OUTAGE_SECONDS=60 OUTAGE_PAGES=500 is the whole trial; see -s."""

import json
import os
import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from itertools import cycle

import pytest

from tests.server.conftest import get, wait_until
from tests.server.test_outage import Outage

pytestmark = pytest.mark.server

SECONDS = int(os.environ.get("OUTAGE_SECONDS", 3))
PAGES = int(os.environ.get("OUTAGE_PAGES", 60))
READERS = 8
POSTS = """
import json
from tests.factories import make_comment, make_published
posts = [make_published(f"Inlägg {number}") for number in range(PAGES)]
make_comment(posts[0], "Före.")
print(json.dumps([post.get_absolute_url() for post in posts]))
"""


def read(port, paths, seconds):
    """Ask for the pages over one connection as fast as it goes; yield status, mark and seconds of each answer."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    end = time.monotonic() + seconds
    for path in cycle(paths):
        began = time.perf_counter()
        connection.request("GET", path)
        response = connection.getresponse()
        response.read()
        yield response.status, response.getheader("Cache-Status"), time.perf_counter() - began
        if time.monotonic() > end and path == paths[-1]:
            return


def test_pages_are_read_from_memory_until_the_database_is_back(fragile):
    site, folder = fragile
    paths = json.loads(site.do(f"PAGES = {PAGES}\n{POSTS}").splitlines()[-1])
    with site.served() as (port, _process), ThreadPoolExecutor(READERS) as readers:
        outage = Outage(folder, port)
        warm = readers.map(lambda _: list(read(port, paths, 0)), range(4 * READERS))  # all pages of both processes
        assert {status for each in warm for status, *_ in each} == {200}

        outage.begin()
        during = readers.map(lambda _: list(read(port, paths, SECONDS)), range(READERS))
        answers = [each for answers in during for each in answers]
        outage.finish()
        ended = time.monotonic()
        wait_until(lambda: get(port, "/readyz")[0] == 200, 5)
        with site.connect() as database:
            database.execute("UPDATE blog_comment SET html = '<p>Efteråt.</p>'")
        wait_until(lambda: all("Efteråt".encode() in get(port, paths[0])[2] for _ in range(8)), 5)
        back = time.monotonic() - ended
    late = sorted(seconds for *_, seconds in answers)

    p50, p99 = (f"{1000 * late[len(late) * share // 100]:.1f} ms" for share in (50, 99))
    print(f"{len(answers):,} answers; p50 {p50}, p99 {p99}; {back:.1f} s until a change was on the page")
    assert {status for status, *_ in answers} == {200}
    assert {mark for _, mark, _ in answers} == {"spalt; hit; detail=stale"}
