"""A site as an operator would set it up: a database, migrated; static files, collected; DEBUG off; real processes."""

import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection
from urllib.parse import urlencode

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from psycopg import sql

# A job that gives those of killed workers to others: beside the one that comes each minute, and before it.
RETRY = """
from blog.tasks import retry_stalled_jobs
retry_stalled_jobs.configure(priority=1, queueing_lock="trial").defer(timestamp=0, silent_seconds=0.1)
"""
START_SECONDS = 120  # a busy machine loads Django in five processes at once


class Site:
    """The operator's view of a site: its environment, its commands, its servers."""

    def __init__(self, database, folder):
        self.started = []
        self.folder = folder
        self.database = database  # as psycopg's arguments
        address = {"host": database["host"], "port": database.get("port") or ""}
        login = f"{database['user']}:{database.get('password') or ''}"
        self.environment = {
            **{name: value for name, value in os.environ.items() if name != "DEBUG"},
            "SECRET_KEY": secrets.token_urlsafe(50),
            "ALLOWED_HOSTS": "127.0.0.1",
            "SITE_URL": "http://127.0.0.1",
            "DATABASE_URL": f"postgresql://{login}@/{database['dbname']}?{urlencode(address)}",
            "EMAIL_URL": "smtp://localhost",
            "MEDIA_ROOT": str(folder / "media"),
            "STATIC_ROOT": str(folder / "static"),
            "COMMENTS_PUBLIC_AT_ONCE": "everyone",
            "TRUSTED_PROXIES": "127.0.0.1",
            # Many comments come from here; test_limits.py sets limits of its own.
            **dict.fromkeys(("COMMENTS_PER_PERSON", "COMMENTS_PER_NETWORK", "REPORTS_PER_NETWORK"), "0"),
        }

    def start(self, *command, **environment):
        return self.start_program("manage.py", *command, **environment)

    def start_program(self, *arguments, stdout=subprocess.PIPE, **environment):
        process = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=settings.BASE_DIR,
            env=self.environment | environment,
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.started.append(process)
        return process

    def run(self, *command, **environment):
        """What the command printed. It must succeed."""
        process = self.start(*command, **environment)
        printed, _ = process.communicate(timeout=120)
        assert process.returncode == 0, printed
        return printed.strip()

    def do(self, code):
        """What this Python code prints when it runs inside the site."""
        return self.run("shell", "--no-imports", "--command", code)

    @contextmanager
    def served(self, **environment):
        """A port on which the site answers while the context lasts."""
        port = free_port()
        self.log = self.folder / f"{port}.log"  # a pipe that nobody reads would fill up, and then the site waits
        with self.log.open("w") as log:
            process = self.start("serve", "--port", str(port), stdout=log, **environment)
        try:
            wait_until(lambda: answers(port) or process.poll() is not None)
            assert answers(port), self.log.read_text()
            yield port, process
        finally:
            end(process)

    def connect(self):
        return psycopg.connect(**self.database, autocommit=True)

    def ask(self, query, *values):
        with self.connect() as database:
            return database.execute(query, values).fetchone()[0]


def free_port():
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return trial.getsockname()[1]


def get(port, path, **headers):
    """Return the status, the headers and the body."""
    return _request(port, "GET", path, None, headers)


def post(port, path, form, **headers):
    form_type = {"Content-Type": "application/x-www-form-urlencoded"}
    return _request(port, "POST", path, urlencode(form), headers | form_type)


def post_at_once(requests, late=0.0):
    """Post all `(port, path, form, headers)` at the same instant; return status, headers and body of each answer.

    Everything but the last byte is sent beforehand. The first request's comes `late` seconds after the others', or
    before them if that is negative.
    """
    together = threading.Barrier(len(requests))
    pauses = [max(0, late), *[max(0, -late)] * (len(requests) - 1)]
    with ThreadPoolExecutor(len(requests)) as senders:
        return list(
            senders.map(lambda sent: _post_with_the_others(together, *sent), zip(pauses, requests, strict=True))
        )


def _post_with_the_others(together, pause, request):
    port, path, form, headers = request
    body = urlencode(form, doseq=True).encode()
    client = HTTPConnection("127.0.0.1", port, timeout=60)
    client.putrequest("POST", path)
    form_type = {"Content-Type": "application/x-www-form-urlencoded", "Content-Length": str(len(body))}
    for name, value in (headers | form_type).items():
        client.putheader(name, value)
    client.endheaders(body[:-1])
    together.wait(timeout=60)
    time.sleep(pause)
    client.send(body[-1:])
    response = client.getresponse()
    answer = response.status, response.headers, response.read()
    client.close()
    return answer


def _request(port, method, path, body, headers):
    client = HTTPConnection("127.0.0.1", port, timeout=30)
    client.request(method, path, body, headers)
    response = client.getresponse()
    body = response.read()
    client.close()
    return response.status, response.headers, body


def answers(port):
    try:
        return get(port, "/robots.txt")[0] == 200
    except OSError:
        return False


def wait_until(is_done, seconds=START_SECONDS):
    end = time.monotonic() + seconds
    while not is_done():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


def end(process):
    """Ask the process to stop; what it printed, if nobody has read it yet."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    if process.stdout and process.stdout.closed:
        return ""
    return process.communicate(timeout=60)[0]


@pytest.fixture(scope="session")
def site(django_db_blocker, tmp_path_factory):
    with django_db_blocker.unblock():
        parameters = connection.get_connection_params()
    server = {key: parameters[key] for key in ("host", "port", "user", "password") if parameters.get(key)}
    worker = os.environ.get("PYTEST_XDIST_WORKER", "alone")
    name = f"served_{connection.settings_dict['TEST']['NAME'] or connection.settings_dict['NAME']}_{worker}"
    with psycopg.connect(**server, dbname="postgres", autocommit=True) as database:
        database.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        database.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    site = Site(server | {"dbname": name}, tmp_path_factory.mktemp("served"))
    site.run("migrate")
    site.run("collectstatic", "--noinput")
    yield site
    for process in site.started:  # what a failed test left
        end(process)
    with psycopg.connect(**server, dbname="postgres", autocommit=True) as database:
        database.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
