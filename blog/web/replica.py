"""Reading from a streaming replica: the pages of people without a session, as long as the replica keeps up.

Everything else is the primary's: POST, the desk, commands and jobs, whatever is in a transaction or comes after a
write. Whoever has written carries a cookie for some seconds, and reads from the primary meanwhile.
"""

import logging
import time
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Lock, Thread

import psycopg
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, Error, InterfaceError, OperationalError, connections

from blog.web.shared import WROTE, is_personal

PRIMARY, REPLICA = DEFAULT_DB_ALIAS, "replica"
SAFE = ("GET", "HEAD")
WROTE_SECONDS = 10  # well above REPLICA_LAG_SECONDS, after which the replica is not read anyway
# Of a thread's own connection: a network that swallows everything is noticed, too.
IMPATIENT = {"connect_timeout": 2, "tcp_user_timeout": 2000}
REPLAYED = "SELECT pg_last_wal_replay_lsn() - '0/0'"
WRITTEN = "SELECT pg_current_wal_lsn() - '0/0'"

logger = logging.getLogger(__name__)
_source = ContextVar("source", default=PRIMARY)
_has_written = ContextVar("has_written", default=False)


class Router:
    """Reads go where the request at hand may read, writes to the primary."""

    def db_for_read(self, model, **hints):
        return PRIMARY if connections[PRIMARY].in_atomic_block else _source.get()

    def db_for_write(self, model, **hints):
        # What comes after a write in the same request is read where it was written.
        _source.set(PRIMARY)
        _has_written.set(True)
        return PRIMARY

    def allow_relation(self, one, other, **hints):
        return True

    def allow_migrate(self, db, app_label, **hints):
        return db != REPLICA


class ReadFromReplica:
    """Middleware: a page that may be anybody's is read from the replica, and from the primary if that fails."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        token = _source.set(_source_for(request))
        try:
            return self.get_response(request)
        finally:
            _source.reset(token)

    def process_exception(self, request, error):
        """Make the page again from the primary, if the replica failed in the middle of it."""
        if not isinstance(error, OperationalError | InterfaceError) or _source.get() == PRIMARY:
            return None
        leave()
        _source.set(PRIMARY)
        view, arguments, named = request.resolver_match
        try:
            return view(request, *arguments, **named)
        except (OperationalError, InterfaceError):
            return None


def _source_for(request):
    is_for_all = request.method in SAFE and not is_personal(request)
    if not is_for_all or request.path_info.startswith("/admin/") or pages_from() == PRIMARY:
        return PRIMARY
    try:  # the same look that the request's first query would take
        connections[REPLICA].close_if_health_check_failed()
        connections[REPLICA].ensure_connection()
    except (OperationalError, InterfaceError):
        leave()
        return PRIMARY
    return REPLICA


@contextmanager
def primary_may_be_gone():
    """What is done within may be left undone by a request that can be answered from the replica alone."""
    source = _source.get()
    try:
        yield
    except (OperationalError, InterfaceError):
        if source == PRIMARY:
            raise
        _source.set(source)


def mark_writers(get_response):
    """Middleware: who has written something reads it at once, from whatever host, and from no cache."""

    def answer(request):
        token = _has_written.set(False)
        try:
            response = get_response(request)
            if _has_written.get() and request.method not in SAFE:
                cookie = {"max_age": WROTE_SECONDS, "httponly": True, "samesite": "Lax"}
                response.set_cookie(WROTE, "1", secure=settings.BEHIND_TLS, **cookie)
            return response
        finally:
            _has_written.reset(token)

    return answer


class Watch(Thread):
    """Knows whether the replica keeps up, and looks again all the time.

    What the primary had written at the last look, the replica must have by now: then nothing that is read from it is
    older than two looks. While the primary is gone, the replica is all there is.
    """

    def __init__(self):
        super().__init__(name="replica", daemon=True)
        self.keeps_up = False
        self._written = None
        self._open = {}  # alias → connection

    def run(self):
        while True:
            self.say(self.look())
            time.sleep(settings.REPLICA_LAG_SECONDS / 2)

    def look(self):
        before, replayed = self._written, self._ask(REPLICA, REPLAYED)
        self._written = self._ask(PRIMARY, WRITTEN)
        needed = self._written if before is None else before
        return replayed is not None and (needed is None or replayed >= needed)

    def say(self, keeps_up):
        if keeps_up != self.keeps_up:
            logger.warning(
                "Pages are read from the %s.", "replica" if keeps_up else "primary: the replica is behind, or away"
            )
        self.keeps_up = keeps_up

    def _ask(self, alias, question):
        try:
            if alias not in self._open:
                self._open[alias] = connect(alias, "spalt replica")
            return self._open[alias].execute(question).fetchone()[0]
        except (Error, psycopg.Error):
            if alias in self._open:
                self._open.pop(alias).close()
            return None


_watch: Watch | None = None
_starting = Lock()


def pages_from():
    """The alias of the database from which the pages of people without a session are read just now."""
    return REPLICA if REPLICA in settings.DATABASES and _watch_here().keeps_up else PRIMARY


def leave():
    """Read from the primary until the replica has been looked at again."""
    _watch_here().say(keeps_up=False)


def _watch_here():
    # Begun when it is asked for: a process that is forked from one with a thread has the thread no more.
    global _watch
    with _starting:
        if _watch is None or not _watch.is_alive():
            _watch = Watch()
            _watch.start()
    return _watch


def connect(alias, name):
    """Return a connection for a thread that keeps it as long as the process lives, past any pooler."""
    wrapper = connections[settings.DIRECT_DATABASE if alias == PRIMARY else alias]
    connection = wrapper.get_new_connection(wrapper.get_connection_params() | IMPATIENT | {"application_name": name})
    connection.autocommit = True
    return connection
