"""What a page costs: what it reads from the database, and its processor time, PostgreSQL's included."""

import time
from dataclasses import dataclass
from pathlib import Path

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


def cost(name, path, client=None):
    """Return the Cost of one GET, answered in this process. AssertionError if the answer is none."""
    client = client or Client(SERVER_NAME="127.0.0.1")
    # In one transaction: within it, PostgreSQL's counts for this connection only grow.
    with transaction.atomic():
        before = _rows_read()
        with CaptureQueriesContext(connection) as queries:
            response = client.get(path)
        assert response.status_code in (200, 302), f"{path} answers {response.status_code}"
        return Cost(name, len(queries), _rows_read() - before, len(response.content))


def cpu_ms(path, client):
    """Return the processor time of one GET answered in this process, and of PostgreSQL's for it, in milliseconds."""
    backend = connection.connection.info.backend_pid
    before = time.process_time_ns() + _nanoseconds(backend)
    client.get(path)
    return (time.process_time_ns() + _nanoseconds(backend) - before) / 1e6


def _nanoseconds(process):
    """What a process of one thread has run: the kernel's own count, without its ticks of 10 ms."""
    return int(Path(f"/proc/{process}/schedstat").read_text().split()[0])


def _rows_read():
    with connection.cursor() as cursor:
        cursor.execute(ROWS_READ)
        return int(cursor.fetchone()[0])
