"""Processes are renewed and killed under load. ROLLING_RESTARTS=20 is the whole trial."""

import os
import signal
import threading
from http.client import HTTPConnection, HTTPException

import psutil
import pytest

from tests.server.conftest import get, wait_until
from tests.server.test_serve import living, named

pytestmark = pytest.mark.server

CLIENTS = 32
PATHS = ("/", "/search/?q=ord", "/robots.txt", "/archive/", "/feed/")
ROUNDS = int(os.environ.get("ROLLING_RESTARTS", "1"))


class Load:
    """Clients that keep their connections, and note each request that gets no complete answer of status 200."""

    def __init__(self, port):
        self.port = port
        self.answered, self.failed = 0, []
        self.is_over = threading.Event()
        self.lock = threading.Lock()
        self.clients = [threading.Thread(target=self._ask, args=[PATHS[i % len(PATHS)]]) for i in range(CLIENTS)]

    def __enter__(self):
        for client in self.clients:
            client.start()
        return self

    def __exit__(self, *_):
        self.is_over.set()
        for client in self.clients:
            client.join()

    def _ask(self, path):
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        while not self.is_over.is_set():
            try:
                connection.request("GET", path)
                response = connection.getresponse()
                response.read()
                fault = None if response.status == 200 else response.status
            except (OSError, HTTPException) as error:
                fault = repr(error)
                connection.close()
            with self.lock:
                self.answered += 1
                self.failed += [(path, fault)] if fault else []
        connection.close()


@pytest.fixture
def served(site):
    with site.served() as (port, process):
        wait_until(lambda: named(process, "spalt worker"))
        yield port, process


def test_rolling_restart_refuses_and_cuts_nothing(served):
    port, process = served

    with Load(port) as load:
        for _ in range(ROUNDS):
            before = psutil.Process(process.pid).children(recursive=True)
            process.send_signal(signal.SIGHUP)
            wait_until(lambda: not living(before))  # noqa: B023 (asked at once)

    assert load.failed == []
    assert load.answered > CLIENTS * ROUNDS
    assert len(named(process, "spalt site")) == 1


def test_killed_web_process_takes_only_its_own_requests_along(served):
    port, process = served
    web = named(process, "spalt web")

    with Load(port) as load:
        wait_until(lambda: load.answered > CLIENTS)
        web[0].kill()
        wait_until(lambda: len(set(named(process, "spalt web")) - {web[0]}) == len(web), seconds=5)
        so_far = load.answered
        wait_until(lambda: load.answered > so_far + CLIENTS)

    assert 0 < len(load.failed) <= CLIENTS  # the connections that it held
    assert get(port, "/")[0] == 200


def test_restart_that_fails_leaves_the_site_as_it_was(site, served):
    port, process = served
    before = named(process, "spalt site")
    with site.connect() as database:
        database.execute("ALTER TABLE django_migrations RENAME TO away")
        process.send_signal(signal.SIGHUP)
        wait_until(lambda: len(named(process, "spalt site")) + len(unnamed(process)) > 1)
        wait_until(lambda: not unnamed(process))
        database.execute("ALTER TABLE away RENAME TO django_migrations")

    assert named(process, "spalt site") == before
    assert get(port, "/")[0] == 200


def unnamed(process):
    """Generations that do not serve yet."""
    return [child for child in living(psutil.Process(process.pid).children()) if child.name() != "spalt site"]
