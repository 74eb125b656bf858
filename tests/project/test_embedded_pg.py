"""Each test plays with a server of its own, in a temporary folder; the users of it are real processes."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

import psutil
import psycopg
import pytest

from project.embedded_pg import server

PROJECT = Path(server.__file__).resolve().parents[2]
USER = """
import sys
from project.embedded_pg import server
server.ensure_running(sys.argv[1], "trial")
print("up", flush=True)
input()
"""


@contextmanager
def made_checkout():
    folder = Path(tempfile.mkdtemp(prefix="en mapp på svenska "))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        home, socket = server.places(folder)
        if found := postmaster(folder):
            found.kill()
        for used in (folder, home, socket):
            shutil.rmtree(used, ignore_errors=True)


@pytest.fixture(scope="module")
def checkout():
    """A folder in which a server ran before."""
    with made_checkout() as folder:
        yield folder


@pytest.fixture
def fresh_checkout():
    with made_checkout() as folder:
        yield folder


def start_user(checkout):
    """A process that uses the server until its stdin is closed."""
    user = subprocess.Popen([sys.executable, "-c", USER, checkout], cwd=PROJECT, stdin=-1, stdout=-1, text=True)
    assert user.stdout.readline() == "up\n"
    return user


@contextmanager
def using(checkout):
    user = start_user(checkout)
    try:
        yield
    finally:
        user.communicate("\n")


def postmaster(checkout):
    home, _ = server.places(checkout)
    return server._postmaster(home / "data")


def connect(checkout):
    _, socket = server.places(checkout)
    return psycopg.connect(host=str(socket), user="postgres", dbname="trial")


def ask(checkout, query):
    with connect(checkout) as connection:
        return connection.execute(query).fetchone()[0]


def test_server_lives_as_long_as_its_last_user(checkout):
    with using(checkout):
        first = postmaster(checkout)
        with using(checkout):
            second = postmaster(checkout)
        after_one_left = postmaster(checkout)

    assert (first, first) == (second, after_one_left)
    assert postmaster(checkout) is None


def test_server_starts_in_a_folder_closed_to_others(fresh_checkout):
    fresh_checkout.chmod(0o700)  # when root asks, the server runs as nobody, who may not go there

    with using(fresh_checkout):
        assert ask(fresh_checkout, "SELECT 1") == 1


def test_server_knows_swedish_letters_whatever_the_locale(fresh_checkout, monkeypatch):
    monkeypatch.setenv("LC_ALL", "C")

    with using(fresh_checkout):
        folded = ask(fresh_checkout, "SELECT lower('ÅÄÖ')")
        words = ask(fresh_checkout, "SELECT to_tsvector('simple', 'smörgås-rån')::text")

    assert folded == "åäö"
    assert "'smörgås'" in words


def test_server_outlives_a_killed_user_and_serves_the_next(checkout):
    user = start_user(checkout)
    before = postmaster(checkout)
    user.kill()
    user.wait()

    with using(checkout):
        after = postmaster(checkout)

    assert before == after
    assert postmaster(checkout) is None


def test_killed_server_is_started_again_with_what_was_stored(checkout):
    with using(checkout):
        with connect(checkout) as connection:
            connection.execute("SET synchronous_commit = on; CREATE TABLE kept AS SELECT 7 AS number")
        killed = postmaster(checkout)
        killed.kill()
        killed.wait(10)

        with using(checkout):
            assert ask(checkout, "SELECT number FROM kept") == 7


def test_stale_pid_file_of_another_program_is_no_hindrance(checkout):
    with using(checkout):
        pass
    home, _ = server.places(checkout)
    (home / "data" / "postmaster.pid").write_text(f"{os.getpid()}\n{home / 'data'}\n")

    with using(checkout):
        assert postmaster(checkout).pid != os.getpid()


def test_interrupted_first_start_heals(fresh_checkout):
    home, _ = server.places(fresh_checkout)
    home.mkdir()
    (home / "data").mkdir()
    (home / "data" / "half").write_text("initdb was stopped here")

    with using(fresh_checkout):
        assert ask(fresh_checkout, "SELECT 1") == 1


def test_six_first_starts_at_once_share_one_server(fresh_checkout):
    users = [
        subprocess.Popen([sys.executable, "-c", USER, fresh_checkout], cwd=PROJECT, stdin=-1, stdout=-1, text=True)
        for _ in range(6)
    ]

    ready = [user.stdout.readline() for user in users]
    postmasters = [found.pid for found in psutil.process_iter(["cmdline"]) if _is_postmaster(found, fresh_checkout)]
    for user in users:
        user.communicate("\n")

    assert ready == ["up\n"] * 6
    assert len(postmasters) == 1
    assert postmaster(fresh_checkout) is None


def _is_postmaster(found, checkout):
    home, _ = server.places(checkout)
    return str(home / "data") in (found.info["cmdline"] or []) and "-D" in found.info["cmdline"]


def test_user_ended_by_control_c_stops_the_server(checkout):
    user = start_user(checkout)

    user.send_signal(signal.SIGINT)
    user.communicate()

    assert postmaster(checkout) is None


def test_socket_folder_of_somebody_else_is_refused(fresh_checkout):
    _, socket = server.places(fresh_checkout)
    socket.mkdir(mode=0o755)
    socket.chmod(0o755)

    user = subprocess.Popen([sys.executable, "-c", USER, fresh_checkout], cwd=PROJECT, stderr=-1, text=True)
    _, said = user.communicate()

    assert said.endswith(f"RuntimeError: {socket} is not a private folder of ours: remove it\n")
    socket.rmdir()
