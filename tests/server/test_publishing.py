"""The hour of publishing on a real site: with a clock that is wrong, a worker that is killed, and with no worker.

There are two web processes. The clock of one is set back by 90 s just before the hour, and that of one worker. What
was asked for before the hour does not show the text; what is asked for a second after it does, or sooner.
"""

import json
import os
import subprocess
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

import psutil
import pytest

from tests.server.conftest import RETRY, answers, end, free_port, get, wait_until
from tests.server.mailbox import mailbox

pytestmark = pytest.mark.server

POSTS = int(os.environ.get("PUBLISHED_POSTS", 60))  # 200 are the whole trial
UPDATES = 20
READERS = 4
KILLED_AT = POSTS // 3  # effects done, and mails sent
WEB = ["-m", "granian", "project.wsgi:application", "--interface", "wsgi", "--blocking-threads", "4"]
QUIET = {"stdout": subprocess.DEVNULL}  # nobody reads their log here, and a full pipe would stop them
PREPARE = """
import json, time
from datetime import timedelta
from django.utils import timezone
from blog import tasks
from blog.editing import saving
from blog.posts.models import Post
from tests.factories import make_user

def begin(slug):
    content = {"title": f"Gammal {slug}.", "standfirst": "Vad som kom.", "body": "<p>En buss.</p>", "sign_off": "",
               "tags": ["väg"], "bylines": [], "cover": None, "sources": [], "language": "sv"}
    post = Post(slug=slug)
    saving.begin(post, content, by=writer)
    return post

def hour_after(began):
    # As much work is to come again, and then the readers take some seconds to begin.
    return timezone.now() + timedelta(seconds=2 * (time.monotonic() - began) + 6)

began = time.monotonic()
"""
PREPARE_POSTS = """
writer = make_user("editor", "petra")
posts = [begin(f"inlagg-{number}") for number in range(NUMBER)]
hour = hour_after(began)
for number, post in enumerate(posts):
    if number == NUMBER // 2:  # amid the jobs of single effects, both workers that are left look for whatever is due
        for name in ("first", "second"):
            tasks.every_minute.configure(queueing_lock=f"trial-{name}", schedule_at=hour).defer(timestamp=0)
    post.approve(publish_at=hour)
"""
PREPARE_UPDATES = """
writer = make_user("editor", "uma")
writer.email = ""  # gets no mail
writer.save()
posts = [begin(f"uppdaterat-{number}") for number in range(NUMBER)]
for post in posts:
    post.approve()
    saving.save(post, post.revisions.get().content | {"title": f"Ny {post.slug}."}, base=1, by=writer)
hour = hour_after(began)
for post in posts:
    post.pending.approve(publish_at=hour)
"""
TELL = """
print(json.dumps([hour.timestamp(), {post.slug: post.get_absolute_url() for post in posts}]))
"""
EVENTS = """
SELECT array_agg(number) FROM
(SELECT count(*) AS number FROM blog_event WHERE kind = %s AND title LIKE %s GROUP BY post_id) AS of_each_post
"""
EFFECTS = """
SELECT array_agg(names) FROM
(SELECT string_agg(name, ' ' ORDER BY name) AS names FROM blog_effect JOIN blog_post ON blog_post.id = post_id
 WHERE slug LIKE 'inlagg%%' AND done_at IS NOT NULL GROUP BY post_id) AS of_each_post
"""
SHOWN = "SELECT array_agg(shown) FROM blog_post WHERE slug LIKE 'uppdaterat%%' AND shown = head"
DONE = """
SELECT count(done_at) FROM blog_effect JOIN blog_post ON blog_post.id = post_id WHERE slug LIKE 'inlagg%%'
"""
TO_DO = "SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo' AND coalesce(scheduled_at, now()) <= now()"
IN_HAND = "SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing'"
FAILED = "SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'"


@dataclass
class Look:
    """One answer to a reader: when it was asked for and when it came, and which texts it showed and did not."""

    asked: float
    came: float
    shown: set
    missing: set


class Readers:
    """One reader for each share of pages, who asks for them again and again until a page shows all its texts.

    A page is its port, its path, and {text: its sign in the page}.
    """

    def __init__(self, hour, shares):
        self.hour, self.looks = hour, []
        self.pool = ThreadPoolExecutor(len(shares))
        self.reading = [self.pool.submit(self._read, share) for share in shares]

    def _read(self, pages):
        while pages:
            pages = [page for page in pages if self._look(*page).missing]

    def _look(self, port, path, signs):
        asked = time.time()
        status, _, body = get(port, path)
        page = body.decode() if status == 200 else ""
        shown = {text for text, sign in signs.items() if sign in page}
        self.looks.append(Look(asked, time.time(), shown, signs.keys() - shown))
        return self.looks[-1]

    def finish(self):
        """Wait until all is shown; return how many seconds after the hour the last text was seen for the first time."""
        for reader in self.reading:
            reader.result(timeout=150)
        self.pool.shutdown()
        first = {}
        for look in sorted(self.looks, key=lambda look: look.came):
            first = dict.fromkeys(look.shown, look.came) | first
        return max(first.values()) - self.hour

    def too_early(self):
        return [look for look in self.looks if look.came < self.hour and look.shown]

    def too_late(self, seconds=1):
        return [look for look in self.looks if look.asked > self.hour + seconds and look.missing]

    def tell(self, what, latest):
        late = max([look.asked - self.hour for look in self.looks if look.missing], default=0)
        print(f"\n{what}: {len(self.looks)} pages read; the last text was seen {latest:.2f} s after the hour, ", end="")
        print(f"the last page without one was asked for {-late:.3f} s before it" if late < 0 else f"{late:.3f} s late")


def in_shares(pages):
    return [pages[number::READERS] for number in range(READERS)]


@pytest.fixture(scope="module")
def clock(tmp_path_factory):
    """The environment of a process whose clock is 90 s slow while the file CLOCK_FILE exists."""
    file = tmp_path_factory.mktemp("clock") / "set-back"
    return {"PYTHONPATH": str(Path(__file__).parent / "clock_set_back"), "CLOCK_FILE": str(file)}


@pytest.fixture(scope="module")
def ports(site, clock):
    """Two web processes, and no worker."""
    environments = {free_port(): {}, free_port(): clock}
    servers = [site.start_program(*WEB, "--port", str(port), **QUIET, **more) for port, more in environments.items()]
    wait_until(lambda: all(answers(port) for port in environments))
    yield list(environments)
    for server in servers:
        end(server)


@pytest.fixture
def set_back(clock):
    """Set the clocks back, shortly before the hour."""

    def shortly_before(hour):
        time.sleep(max(0, hour - 0.5 - time.time()))
        Path(clock["CLOCK_FILE"]).touch()

    yield shortly_before
    Path(clock["CLOCK_FILE"]).unlink()


def prepare(site, code, number):
    """Return the hour, and slug → address of each post."""
    hour, paths = json.loads(site.do(f"NUMBER = {number}\n{PREPARE}{code}{TELL}"))
    assert hour > time.time() + 1, "the machine was too slow to prepare it"
    return hour, paths


def holds_port(process, port):
    """Whether the process has a connection from this port of its own."""
    if process.poll() is not None:
        return False
    return any(each.laddr.port == port for each in psutil.Process(process.pid).net_connections())


def test_due_updates_take_over_with_no_worker(site, ports, set_back):
    hour, paths = prepare(site, PREPARE_UPDATES, UPDATES)
    pages = [(port, path, {slug: f">Ny {slug}.</h1>"}) for slug, path in paths.items() for port in ports]
    readers = Readers(hour, in_shares(pages))

    set_back(hour)
    readers.tell(f"{UPDATES} updates", readers.finish())

    assert (readers.too_early(), readers.too_late()) == ([], [])
    assert site.ask(EVENTS, "updated", "Ny uppdaterat%") == [1] * UPDATES
    assert site.ask(SHOWN) == [2] * UPDATES


def test_posts_due_at_the_same_second(site, ports, clock, set_back):
    workers = []

    def kill_sender(number, client):
        """Kill the worker that has sent this mail, before it writes down that it did."""
        if number == KILLED_AT:
            [sender] = [worker for worker in workers if holds_port(worker, client)]
            sender.kill()

    with mailbox(kill_sender) as mails, site.connect() as database:
        database.execute("DELETE FROM procrastinate_jobs")  # what other tests left
        server = QUIET | {"EMAIL_URL": f"smtp://127.0.0.1:{mails.port}"}
        workers += [site.start("worker", **server, **more) for more in ({}, {}, clock)]
        hour, paths = prepare(site, PREPARE_POSTS, POSTS)
        listed = {slug: f"{path}</loc>" for slug, path in paths.items()}
        month = "-".join(next(iter(paths.values())).split("/")[1:3])
        sitemaps = [(port, f"/sitemap-{month}.xml", listed) for port in ports]
        pages = [
            (port, path, {slug: f">Gammal {slug}.</h1>"}) for port, (slug, path) in zip(cycle(ports), paths.items())
        ]
        readers = Readers(hour, [sitemaps, *in_shares(pages)])

        set_back(hour)
        wait_until(lambda: site.ask(DONE) >= KILLED_AT)
        workers[0].kill()
        readers.tell(f"{POSTS} posts", readers.finish())
        wait_until(lambda: site.ask(TO_DO) == 0)
        for worker in workers:
            end(worker)
        site.do(RETRY)
        last = site.start("worker", **server)
        wait_until(lambda: site.ask(TO_DO) + site.ask(IN_HAND) == 0)
        end(last)

    assert (readers.too_early(), readers.too_late()) == ([], [])
    assert site.ask(EVENTS, "published", "Gammal inlagg%") == [1] * POSTS
    assert site.ask(EFFECTS) == ["record tell"] * POSTS
    assert site.ask(FAILED) == 0
    assert sorted(worker.returncode for worker in workers) == [-9, -9, 0]
    # Nobody can know of a mail in flight: that of the killed worker may come again, and says that it is the same.
    once = set(mails.received)
    assert len(once) == POSTS
    again = Counter(mails.received) - Counter(once)
    assert again in (Counter(), Counter([mails.received[KILLED_AT - 1]]))
