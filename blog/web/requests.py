"""One line in the log for each request that reaches Django, and an id by which its other lines are found."""

import logging
import re
import time
from collections.abc import Callable
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from secrets import token_hex

from django.conf import settings
from django.db import connections

ID = re.compile(r"[\w.:-]{8,64}")
current_id: ContextVar[str] = ContextVar("request id", default="")
# Called with request, response, its seconds, and those of its queries (project/metrics.py).
listeners: list[Callable] = []

logger = logging.getLogger(__name__)


class LogRequests:
    """Middleware, the first: what the others refuse is logged, too. Static files are not."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.path_info.startswith(settings.STATIC_URL):
            return self.get_response(request)
        began = time.perf_counter()
        request.id = id_of(request.META.get("HTTP_X_REQUEST_ID", ""))
        before = current_id.set(request.id)
        try:
            with counted_queries() as queries:
                response = self.get_response(request)
            self._note(request, response, time.perf_counter() - began, queries)
        finally:
            current_id.reset(before)
        if request.method == "POST" or response.status_code >= 500:
            response["X-Request-ID"] = request.id  # never on what a cache may keep
        return response

    def _note(self, request, response, seconds, queries):
        # The address's query is left out: it may hold what a person searched for.
        details = {"method": request.method, "path": request.path, "status": response.status_code}
        details |= {
            "ms": round(seconds * 1000, 1),
            "queries": queries.number,
            "query_ms": round(queries.seconds * 1000, 1),
        }
        response._has_been_logged = True  # Django would say again what has gone wrong, without the id
        logger.info("%(method)s %(path)s %(status)s", details, extra={"details": details})
        for listener in listeners:
            listener(request, response, seconds, queries.seconds)


class Queries:
    """A wrapper of the database's queries that counts and times them."""

    def __init__(self):
        self.number, self.seconds = 0, 0.0

    def __call__(self, execute, sql, params, many, context):
        began = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            self.number += 1
            self.seconds += time.perf_counter() - began


@contextmanager
def counted_queries():
    queries = Queries()
    with ExitStack() as all_databases:
        for connection in connections.all():
            all_databases.enter_context(connection.execute_wrapper(queries))
        yield queries


def id_of(sent):
    """The id that the proxy gave the request, or a new one: without a proxy it is anybody's word."""
    return sent if settings.TRUSTED_PROXIES and ID.fullmatch(sent) else token_hex(8)
