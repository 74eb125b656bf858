"""A browser's view of a WSGI application."""

import brotli
import zstandard
from django.test import RequestFactory

from project.page_cache.changes import FRESH

DECODE = {None: bytes, "br": brotli.decompress, "zstd": lambda body: zstandard.decompress(body)}


class Heard:
    """Changes that hear whatever the test says."""

    def __init__(self, trust=FRESH):
        self.state = trust

    def trust(self):
        return self.state

    def start(self):
        """Nothing to listen to."""


class Answered:
    def __init__(self, status, headers, parts):
        self.status = int(status.split()[0])
        self.headers = {name.lower(): value for name, value in headers}
        self.names = [name.lower() for name, _value in headers]
        self.body = b"".join(parts)

    @property
    def was_stored(self):
        """Whether it came out of memory just so."""
        return self.status in (200, 304) and "cache-status" not in self.headers


def ask(application, path="/", method="GET", **environ):
    """The Answered of an application; `environ` is added to the request's."""
    path, _, query = path.partition("?")
    request = RequestFactory().generic(method, path, **environ)
    request.environ["QUERY_STRING"] = query
    said = []
    parts = application(request.environ, lambda *heard: said.append(heard))
    try:
        parts = list(parts)
    finally:
        getattr(parts, "close", lambda: None)()
    return Answered(*said[0][:2], parts)
