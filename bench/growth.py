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
    # In one transaction: PostgreSQL counts exactly what each transaction has read so far.
    with transaction.atomic(), CaptureQueriesContext(connection) as queries:
        response = Client(SERVER_NAME="127.0.0.1").get(path)
        with connection.cursor() as cursor:
            cursor.execute(ROWS_READ)
            rows = int(cursor.fetchone()[0])
    return Cost(name, len(queries) - 1, rows, len(response.content))
