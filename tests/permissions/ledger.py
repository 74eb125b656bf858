"""What a request changes in the database, found out by the database itself."""

import json
from collections import namedtuple
from contextlib import contextmanager

from django.db import connection, transaction

# The site's own memory of who is signed in, what was done in the admin, how often somebody tried, and what was changed.
NOT_WATCHED = {"django_session", "django_admin_log", "blog_cache", "django_migrations", "blog_purge"}
WRITTEN = "SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables"

Change = namedtuple("Change", "table before after")  # the row as a dict, or None


class Ledger:
    """Runs each request in a savepoint that is rolled back, so that all meet the same world."""

    def __init__(self):
        with connection.cursor() as cursor:
            self.tables = set(connection.introspection.table_names(cursor)) - NOT_WATCHED
        self.rows = {table: self._rows(table) for table in self.tables}
        self.written = self._written()

    @contextmanager
    def watch(self):
        """Give a list that, when the block ends, holds the Changes made in it; then they are undone."""
        changes, before = [], self.written
        with transaction.atomic():
            yield changes
            self.written = self._written()
            for table in sorted(table for table, number in self.written.items() if number != before.get(table, 0)):
                changes += self._changes(table)
            transaction.set_rollback(True)

    def _changes(self, table):
        former, now = self.rows[table], self._rows(table)
        keys = [key for key in former.keys() | now.keys() if former.get(key) != now.get(key)]
        return [Change(table, former.get(key), now.get(key)) for key in keys]

    def _written(self):
        """How many rows of which table were written in this transaction. It counts what was undone, too."""
        with connection.cursor() as cursor:
            cursor.execute(WRITTEN)
            return {table: number for table, number in cursor.fetchall() if table in self.tables}

    def _rows(self, table):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT to_jsonb(t) - 'search' FROM \"{table}\" t")
            rows = [json.loads(row) for (row,) in cursor.fetchall()]
        return {row.get("id") or repr(sorted(row.items())): row for row in rows}
