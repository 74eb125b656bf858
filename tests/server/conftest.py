"""A site as an operator would set it up: a database, migrated; static files, collected; DEBUG off; real processes."""

import json
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

from project.embedded_pg import server
from tests.project.test_embedded_pg import made_checkout, start_user

# A job that gives those of killed workers to others: beside the one that comes each minute, and before it.
RETRY = """
from blog.tasks import retry_stalled_jobs
retry_stalled_jobs.configure(priority=1, queueing_lock="trial").defer(timestamp=0, silent_seconds=0.1)
"""
# Runs what it is sent, one piece of code in a line of JSON, and answers whether it ran through, and what it printed.
SHELL = """
import io, json, sys, traceback
from contextlib import redirect_stdout
from django.db import connections
for line in sys.stdin:
    printed, is_done = io.StringIO(), False
    try:
        with redirect_stdout(printed):
            exec(json.loads(line), {})
        is_done = True
    except Exception:
        traceback.print_exc(file=printed)
    connections.close_all()
    print(json.dumps([is_done, printed.getvalue().strip()]), flush=True)
"""
START_SECONDS = 120  # a busy machine loads Django in five processes at once


class Site:
    """The operator's view of a site: its environment, its commands, its servers."""

    collected = None  # where the first one put its static files, which are those of all

    def __init__(self, database, folder):
        self.started = []
        self.shell = None
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

    def start_program(
        self, *arguments, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **environment
    ):
        process = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=settings.BASE_DIR,
            env=self.environment | environment,
            stdin=stdin,
            stdout=stdout,
            stderr=stderr,
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
        """What this Python code prints when it runs inside the site. It must not raise anything."""
        if self.shell is None:
            pipes = {"stdin": subprocess.PIPE, "stderr": subprocess.DEVNULL}
            self.shell = self.start("shell", "--no-imports", "--command", SHELL, **pipes)
        self.shell.stdin.write(f"{json.dumps(code)}\n")
        self.shell.stdin.flush()
        is_done, printed = json.loads(self.shell.stdout.readline())
        assert is_done, printed
        return printed

    def collect(self):
        if Site.collected is None:
            self.run("collectstatic", "--noinput")
            Site.collected = self.environment["STATIC_ROOT"]
        self.environment["STATIC_ROOT"] = Site.collected

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
def site(migrated, django_db_blocker, tmp_path_factory):
    with django_db_blocker.unblock():
        parameters = connection.get_connection_params()
    login = {key: parameters[key] for key in ("host", "port", "user", "password") if parameters.get(key)}
    worker = os.environ.get("PYTEST_XDIST_WORKER", "alone")
    name = f"served_{connection.settings_dict['TEST']['NAME'] or connection.settings_dict['NAME']}_{worker}"
    with psycopg.connect(**login, dbname="postgres", autocommit=True) as database:
        database.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        database.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*map(sql.Identifier, (name, migrated))))
    site = Site(login | {"dbname": name}, tmp_path_factory.mktemp("served"))
    site.collect()
    yield site
    for process in site.started:  # what a failed test left
        end(process)
    with psycopg.connect(**login, dbname="postgres", autocommit=True) as database:
        database.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture(scope="session")
def fragile(tmp_path_factory):
    """A site on a PostgreSQL of its own, which may be stopped, and the folder of that."""
    with made_checkout() as folder:
        user = start_user(folder)
        database = {"host": str(server.places(folder)[1]), "user": "postgres", "dbname": "trial"}
        fragile = Site(database, tmp_path_factory.mktemp("outage"))
        fragile.collect()
        fragile.run("migrate")
        yield fragile, folder
        for process in fragile.started:
            end(process)
        user.kill()
