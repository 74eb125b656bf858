"""How many web processes there are, with how many threads."""

from django.conf import settings
from django.db import connections

from project.listening import cores

MOST_THREADS, FEWEST_THREADS = 4, 2  # of a web process: each more makes the others wait, and answers while they do
KEPT_CONNECTIONS = 8 + 6  # to PostgreSQL, for people and their tools, and for a job worker
GENERATIONS = 2  # while one is being replaced
ASK = "SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int"


def chosen():
    """Return the numbers of processes and of threads in each: as the settings say, or as suits cores and PostgreSQL."""
    with connections[settings.DIRECT_DATABASE].cursor() as cursor:
        cursor.execute(ASK)
        [taken_at_most] = cursor.fetchone()
    workers, threads = fitting(cores(), taken_at_most)
    return settings.WEB_WORKERS or workers, settings.WEB_THREADS or threads


def fitting(cores, taken_at_most):
    """Return processes and threads for so many cores, and connections that PostgreSQL takes.

    Each thread holds a connection, and so does each process's page cache. Threads are given up before processes.
    """
    share = (taken_at_most - KEPT_CONNECTIONS) // GENERATIONS
    for threads in range(MOST_THREADS, FEWEST_THREADS, -1):
        if cores * (threads + 1) <= share:
            return cores, threads
    return max(1, min(cores, share // (FEWEST_THREADS + 1))), FEWEST_THREADS
