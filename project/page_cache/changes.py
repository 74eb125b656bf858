"""Hearing from the database what has changed: a thread of each web process, on a connection of its own.

Triggers write what was changed into `blog_purge`, in the transaction that changes it (migration 0010). A notification
says at once that there is something to read; besides, the table is read each second. A row's transaction may end later
than one with a greater number, so all rows are read again that may have appeared since: those whose transaction was not
over when the table was read before. That holds on a replica too, where there are no notifications.
"""

import logging
import time
from datetime import timedelta
from threading import Event, Thread

import psycopg
from django.conf import settings
from django.db import Error

from blog.web.replica import REPLICA, connect, leave, pages_from

FRESH, STALE = "fresh", "stale"
CHANNEL = "blog_purge"
POLL_SECONDS, REPLICA_POLL_SECONDS = 1.0, 0.1
SHORTEST_SECONDS = 0.01  # between two readings: notifications come in bursts
SILENT_SECONDS = 2.5  # after which an answer is overdue, and what is stored may be out of date
LONGEST_SILENCE = timedelta(minutes=30)  # what was changed is known for an hour
FIRST_PAUSE, LONGEST_PAUSE = 0.05, 0.5  # seconds before another attempt to connect

READ = """
SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint, now(), coalesce(extract(epoch FROM least(
           (SELECT min(publish_at) FROM blog_post WHERE status = 'approved' AND publish_at > now()),
           (SELECT min(publish_at) FROM blog_pendingupdate WHERE approved IS NOT NULL AND publish_at > now())
       ) - now()), 1e9)::float,
       ARRAY(SELECT id FROM blog_post WHERE status = 'approved' AND publish_at > %(read_at)s AND publish_at <= now()
             UNION SELECT post_id FROM blog_pendingupdate
             WHERE approved IS NOT NULL AND publish_at > %(read_at)s AND publish_at <= now()),
       (SELECT coalesce(json_agg(json_build_array(id, xid::text, tags)), '[]') FROM blog_purge
        WHERE xid >= %(xmin)s::text::xid8 AND id <> ALL(%(known)s))
"""
BEGINNING = "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint, now(), pg_is_in_recovery()"

logger = logging.getLogger(__name__)


class Changes:
    """Keeps `store` without anything that is out of date, and knows how far it may be trusted."""

    def __init__(self, store, stale_seconds):
        self.store = store
        self.stale_seconds = stale_seconds  # how long pages are served that nothing could be heard of
        self._trusted_until = 0.0  # by time.monotonic(): the next hour of a post, or when silence has lasted too long
        self._lost_at = None  # when the database went away, None while it is there
        self._thread = None
        self._stopped = Event()

    def start(self):
        """Begin to listen, unless this process does so already: no thread outlives a fork."""
        if self._thread is None or not self._thread.is_alive():
            self._thread = Thread(target=self._run, name="page cache", daemon=True)
            self._thread.start()

    def stop(self):
        """Listen no more; the connection is closed."""
        self._stopped.set()
        self._thread.join()

    def trust(self):
        """FRESH if what is stored is as the database says, STALE if the database is gone but not for long, else ""."""
        if time.monotonic() < self._trusted_until:
            return FRESH
        if self._lost_at is not None and time.monotonic() < self._lost_at + self.stale_seconds:
            return STALE
        return ""

    def _run(self):
        pause = FIRST_PAUSE
        while not self._stopped.wait(pause):
            source = pages_from()
            try:
                self._listen(source)
            except (Error, psycopg.Error, OSError) as error:
                if self._lost_at is None:
                    logger.warning("The page cache cannot hear of changes: %s", str(error).strip())
                pause = FIRST_PAUSE if self._trusted_until else min(2 * pause, LONGEST_PAUSE)
                self._lost_at = self._lost_at or time.monotonic()
                self._trusted_until = 0.0
                if source == REPLICA:
                    leave()

    def _listen(self, source):
        """Hear of changes where the pages are read from, until they are read from elsewhere."""
        connection = connect(source, "spalt page cache")
        try:
            connection.execute("SET statement_timeout = 2000; SET TIME ZONE 'UTC'")  # what Django reads hours as
            xmin, read_at, is_replica = connection.execute(BEGINNING).fetchone()
            if not is_replica:
                connection.execute(f"LISTEN {CHANNEL}")
                xmin, read_at, is_replica = connection.execute(BEGINNING).fetchone()
            self.store.flush()  # whatever was changed meanwhile
            if self._lost_at is not None:
                logger.warning("The page cache hears of changes again.")
            seconds = REPLICA_POLL_SECONDS if REPLICA in settings.DATABASES else POLL_SECONDS
            known = {}
            while pages_from() == source and not self._stopped.is_set():
                began = time.monotonic()
                xmin, read_at, known, wait = self._read(connection, xmin, read_at, known)
                self._trusted_until = min(began + wait, began + SILENT_SECONDS)
                self._lost_at = None
                time.sleep(SHORTEST_SECONDS)
                for _notification in connection.notifies(timeout=max(0.0, min(seconds, wait)), stop_after=1):
                    pass
        finally:
            connection.close()

    def _read(self, connection, xmin, read_at, known):
        """Drop what was changed since; return the marks for the next reading, and the seconds until the next hour."""
        values = {"xmin": xmin, "read_at": read_at, "known": list(known)}
        before = read_at
        xmin, read_at, wait, due, rows = connection.execute(READ, values).fetchone()
        if read_at - before > LONGEST_SILENCE:
            self.store.flush()
        tags = {tag for _pk, _xid, tags in rows for tag in tags}
        if due:
            tags |= {"list", "order", *(f"post:{pk}" for pk in due)}
        if tags:
            self.store.purge(tags)
        known |= {pk: int(xid) for pk, xid, _tags in rows}
        return xmin, read_at, {pk: xid for pk, xid in known.items() if xid >= xmin}, wait
