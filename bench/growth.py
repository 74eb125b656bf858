"""What a page reads from the database: the figures that must not grow with the archive or the discussion."""

from dataclasses import dataclass

from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

ROWS_READ = "SELECT coalesce(sum(seq_tup_read + coalesce(idx_tup_fetch, 0)), 0) FROM pg_stat_xact_user_tables"


@dataclass
class Cost:
    name: str
    queries: int
    rows: int  # read from tables, also those that a query threw away
    bytes: int


def cost(name, path):
    """Return the Cost of one GET, answered in this process."""
    # In one transaction: within it, PostgreSQL's counts for this connection only grow.
    with transaction.atomic():
        before = _rows_read()
        with CaptureQueriesContext(connection) as queries:
            response = Client(SERVER_NAME="127.0.0.1").get(path)
        return Cost(name, len(queries), _rows_read() - before, len(response.content))


def _rows_read():
    with connection.cursor() as cursor:
        cursor.execute(ROWS_READ)
        return int(cursor.fetchone()[0])
