"""Pages from memory are as fresh as the database: two web processes read at full speed while others write.

Every write has a number that some page shows. Who asks for the page a second after the commit sees that number or a
later one. CACHE_WRITES=2000 CACHE_KILLS=50 is the whole trial; usually it is a part of it.
"""

import json
import os
import re
import threading
import time
from collections import defaultdict
from http.client import HTTPConnection
from itertools import cycle

import pytest

from tests.server.conftest import get, wait_until

pytestmark = pytest.mark.server

WRITES = int(os.environ.get("CACHE_WRITES", 150))
KILLS = int(os.environ.get("CACHE_KILLS", 4))
READERS = 4
FRESH_SECONDS, AFTER_KILL_SECONDS = 1.0, 2.0
LISTENERS = (
    "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'spalt page cache'"
)
# Kind → the page that shows its number, and how. A page that is gone shows that what it held is gone.
SHOWN = {
    "edit": r"ändring (\d+)\.",
    "comment": r"nummer (\d+)\.",
    "merge": r"(\d+) dubblett",
    "publish": r"Nytt (\d+)<",
    "rename": r"märkord (\d+)<",
}
PREPARE = """
import json
from tests.factories import make_comment, make_post, make_published, make_user
from blog.comments import groups
from blog.tags.models import Tag
editor = make_user("editor", "fresh-editor")
edited, talked, merged = make_published("Ändras"), make_published("Pratas"), make_published("Slås ihop")
tagged = make_published("Märkt", tags=["märkord 0"])
make_comment(edited, "ändring 0.")
make_comment(talked, "nummer 0.")
pairs = [[make_comment(merged, f"Samma {n}", name=f"Bo {n}").pk for _ in range(2)] for n in range(PAIRS)]
gone = [make_published(f"Borta {n}") for n in range(PAIRS)]
make_published("Nytt 0")
groups.catch_up()
print(json.dumps({"edit": edited.get_absolute_url(), "comment": talked.get_absolute_url(), "publish": "/",
    "merge": merged.get_absolute_url(), "rename": tagged.get_absolute_url(), "pairs": pairs,
    "gone": [each.get_absolute_url() for each in gone]}))
"""
# Prints for each write its kind, its number, and when it was certainly over.
WRITE = """
import json, sys, time
from datetime import timedelta
from django.db import transaction
from django.utils import timezone
from tests.factories import make_comment, make_post, make_published
from blog.comments.models import Comment
from blog.moderation import duplicates
from blog.posts.models import Post
from blog.tags.models import Tag
from django.contrib.auth.models import User
editor = User.objects.get(username="fresh-editor")
posts = {post.title: post for post in Post.objects.all()}
tag = Tag.objects.get(name="märkord 0")
kinds = ["edit", "comment", "merge", "publish", "rename", "gone"]
counts = dict.fromkeys(kinds, 0)
hour = None
for write in range(WRITES):
    kind = kinds[write % len(kinds)]
    number = counts[kind] = counts[kind] + 1
    at = None
    if kind == "edit":
        text = f"ändring {number}."
        Comment.objects.filter(post=posts["Ändras"]).update(text=text, html=f"<p>{text}</p>", edited_at=timezone.now())
    elif kind == "comment":
        with transaction.atomic():
            Comment.objects.filter(post=posts["Pratas"]).exclude(state="removed").update(state="removed")
            make_comment(posts["Pratas"], f"nummer {number}.", name=f"Bo {number}")
    elif kind == "merge":
        duplicates.merge(PLACES["pairs"][number - 1], by=editor)
    elif kind == "publish":
        post = make_post(f"Nytt {number}")
        hour = max(hour or timezone.now(), timezone.now()) + timedelta(seconds=0.05)
        post.approve(publish_at=hour, by=editor)
        at = hour.timestamp()
    elif kind == "rename":
        tag.rename(f"märkord {number}")
    else:
        posts[f"Borta {number - 1}"].archive(by=editor)
    print(json.dumps([kind, number, max(time.time(), at or 0)]), flush=True)
    time.sleep(PAUSE)
"""


class Readers:
    """Ask for all pages, over and over, and keep what each showed, and when it was asked for."""

    def __init__(self, port, places, address="127.0.0.1"):
        self.address, self.port, self.stop = address, port, threading.Event()
        self.pages = [(kind, places[kind]) for kind in SHOWN] + [("gone", path) for path in places["gone"]]
        self.seen = defaultdict(list)  # kind → (asked at, number shown)
        self.gone = defaultdict(list)  # path → (asked at, status)
        self.reads, self.failures = 0, []
        self.threads = [threading.Thread(target=self._read, args=(number,)) for number in range(READERS)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_error):
        self.stop.set()
        for thread in self.threads:
            thread.join()

    def _read(self, start):
        connection = HTTPConnection(self.address, self.port, timeout=30)
        vanishing = cycle(self.pages[len(SHOWN) :])
        while not self.stop.is_set():
            for kind, path in [*self.pages[: len(SHOWN)], next(vanishing)]:
                at = time.time()
                connection.request("GET", path)
                response = connection.getresponse()
                body = response.read().decode()
                self.reads += 1
                if kind == "gone":
                    self.gone[path].append((at, response.status))
                elif response.status != 200:
                    self.failures.append((path, response.status))
                else:
                    self.seen[kind].append((at, max(map(int, re.findall(SHOWN[kind], body)), default=0)))


def lateness(writes, readers, places):
    """How old what each read showed was: a list of (asked at, seconds since the first write that it lacks)."""
    ends = defaultdict(dict)
    for kind, number, at in writes:
        ends[kind][number] = at
    for kind, reads in readers.seen.items():
        for at, number in reads:
            if number + 1 in ends[kind]:
                yield at, at - ends[kind][number + 1], kind
    for number, end in ends["gone"].items():
        for at, status in readers.gone[places["gone"][number - 1]]:
            if status == 200:
                yield at, at - end, "gone"


def written(process, writes):
    for line in process.stdout:
        if line.startswith("["):
            writes.append(json.loads(line))
        else:
            print(line, end="")


def kill_listeners(site, writing, kills):
    """Cut the listeners' connections, now the one and now the other, as long as there is writing."""
    while writing.is_alive() and len(kills) < KILLS:
        time.sleep(0.5)
        with site.connect() as database:
            pids = [pid for (pid,) in database.execute(LISTENERS).fetchall()]
            if pids:
                kills.append(time.time())
                database.execute("SELECT pg_terminate_backend(%s)", [pids[len(kills) % len(pids)]])


def test_no_page_is_older_than_a_second_whatever_is_written(site):
    pairs = WRITES // 6 + 1
    places = json.loads(site.do(f"PAIRS = {pairs}\n{PREPARE}").splitlines()[-1])
    writes, kills = [], []
    with site.served() as (port, _process), Readers(port, places) as readers:
        code = f"PLACES, WRITES, PAUSE = {places!r}, {WRITES}, {0.02}\n{WRITE}"
        process = site.start("shell", "--no-imports", "--command", code)
        writing = threading.Thread(target=written, args=(process, writes))
        writing.start()
        kill_listeners(site, writing, kills)
        writing.join()
        time.sleep(3)
        hits = cache_hits(port, places["edit"])
    last = {kind: number for kind, number, _at in writes}

    late = list(lateness(writes, readers, places))
    cut = [each for each in late if any(0 <= each[0] - kill <= AFTER_KILL_SECONDS for kill in kills)]

    print(
        f"{len(writes)} writes, {readers.reads} reads, {len(kills)} cuts; oldest {max(late, key=lambda each: each[1])}"
    )
    assert len(writes) == WRITES
    assert readers.failures == []
    assert [each for each in late if each[1] > AFTER_KILL_SECONDS] == []
    assert [each for each in late if each not in cut and each[1] > FRESH_SECONDS] == []
    assert {kind: reads[-1][1] for kind, reads in readers.seen.items()} == {kind: last[kind] for kind in SHOWN}
    assert len(kills) == KILLS
    assert hits


def cache_hits(port, path):
    """Whether the page comes from memory: it is not made anew, again and again."""
    wait_until(lambda: get(port, path)[1]["Cache-Status"] is None, 20)
    return True
