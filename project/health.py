"""What monitors ask: whether the process lives, and whether it can answer readers."""

from concurrent.futures import ThreadPoolExecutor
from functools import cache

from django.db import Error, connections
from django.db.migrations.loader import MigrationLoader
from django.http import HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

PATIENCE_SECONDS = 1
_asking = ThreadPoolExecutor(1)  # begins its thread at the first question, so after the fork


@never_cache
@require_safe
def healthz(request):
    return _text("ok")


@never_cache
@require_safe
def readyz(request):
    try:
        ready = _asking.submit(is_up_to_date).result(PATIENCE_SECONDS)
    except (Error, TimeoutError):
        return _text("The database does not answer.", status=503)
    return _text("ok") if ready else _text("The database is not up to date.", status=503)


def is_up_to_date():
    """Whether all the migrations that this process knows are in the database. On a connection of its own."""
    try:
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT app, name FROM django_migrations")
            return newest_migrations() <= set(cursor.fetchall())
    finally:
        connections["default"].close()


@cache
def newest_migrations():
    return set(MigrationLoader(None).graph.leaf_nodes())


def _text(words, status=200):
    return HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")
