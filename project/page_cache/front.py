"""The WSGI application in front of Django that answers from the store."""

import re
import time
from collections import Counter
from threading import Event, Lock
from urllib.parse import parse_qsl, urlencode

from django.conf import settings

from blog.web.shared import PARAMETERS, PERSONAL_COOKIES
from project.page_cache.changes import FRESH, STALE, Changes
from project.page_cache.store import COMPRESS, Answer, Store

# Who has one of these cookies reads pages of their own.
PERSONAL = re.compile(rf"(?:^|[;\s])(?:{'|'.join(map(re.escape, PERSONAL_COOKIES))})=")
LONGEST_QUERY = 1_000
MOST_BYTES_OF_ONE = 4 * 2**20
# What the kept answer does not repeat: it belongs to one encoding or to one connection, or tells caches of cookies,
# which no kept answer depends on.
NOT_KEPT = {"content-length", "etag", "vary", "surrogate-control", "date", "connection"}
MAX_AGE = re.compile(r"max-age=(\d+)")
LONGEST_SECONDS = 3_600
PATIENCE_SECONDS = 10  # for another request that is making the same page
MADE = "made"
# RFC 9211. A plain hit says nothing: it is the usual case.
CACHE_STATUS = {MADE: "spalt; fwd=miss", STALE: "spalt; hit; detail=stale"}


class PageCache:
    """Answers GET and HEAD of people without a session from `store`, and lets `application` make what is not there.

    `changes` says whether what is stored may be trusted (changes.Changes).
    """

    def __init__(self, application, store, changes):
        self.application = application
        self.store = store
        self.changes = changes
        self.counts = Counter()  # "hit", "stale", "miss", "bypass" → how often
        self._starting = Lock()
        self._making = {}  # page and whole query → the Event of its being made

    def __call__(self, environ, start_response):
        key = self._key(environ)
        if key is None:
            self.counts["bypass"] += 1
            return self.application(environ, start_response)
        trust = self.changes.trust()
        answer = self.store.get(key) if trust else None
        if answer is not None and (trust == "stale" or time.monotonic() < answer.until):
            self.counts["hit" if trust == FRESH else "stale"] += 1
            return self._send(key, answer, environ, start_response, trust)
        if environ["REQUEST_METHOD"] == "HEAD":
            self.counts["bypass"] += 1
            return self.application(environ, start_response)
        return self._make(key, environ, start_response)

    def start(self):
        """Listen for changes; until then nothing is answered from memory. To be called in the process that answers."""
        with self._starting:
            self.changes.start()

    def _key(self, environ):
        """(scheme, host, path, query) of a page that is the same for everybody, or None."""
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD") or "HTTP_AUTHORIZATION" in environ:
            return None
        cookies = environ.get("HTTP_COOKIE")
        if cookies and PERSONAL.search(cookies):
            return None
        query = environ.get("QUERY_STRING", "")
        if query:
            query = known_query(query)
            if query is None:
                return None
        return environ["wsgi.url_scheme"], environ.get("HTTP_HOST", ""), environ.get("PATH_INFO", ""), query

    def _make(self, key, environ, start_response):
        """Let Django make the page; who asks for the same meanwhile waits for it instead of making it again."""
        flight = key, environ.get("QUERY_STRING", "")  # whole: searches must not wait for each other
        done = Event()
        other = self._making.setdefault(flight, done)
        if other is not done:
            other.wait(PATIENCE_SECONDS)
            answer = self.store.get(key) if self.changes.trust() == FRESH else None
            if answer is not None:
                self.counts["hit"] += 1
                return self._send(key, answer, environ, start_response, FRESH)
        try:
            return self._made(key, environ, start_response)
        finally:
            if other is done:
                del self._making[flight]
                done.set()

    def _made(self, key, environ, start_response):
        self.counts["miss"] += 1
        self.start()
        since = self.store.begin()
        made = Made(self.application, environ)
        answer = made.answer() if self.changes.trust() == FRESH else None
        if answer is None:
            return made.pass_on(start_response)
        self.store.put(key, answer, since)
        return self._send(key, answer, environ, start_response, MADE)

    def _send(self, key, answer, environ, start_response, trust):
        encoding = best_encoding(environ.get("HTTP_ACCEPT_ENCODING", ""))
        if encoding in answer.ready:
            etag, headers, body = answer.ready[encoding]
        else:
            before = answer.size
            etag, headers, body = answer.in_encoding(encoding)
            self.store.weigh(key, answer, before)
        if trust != FRESH:
            headers = [*headers, ("Cache-Status", CACHE_STATUS[trust])]
        wanted = environ.get("HTTP_IF_NONE_MATCH")
        if wanted is not None and is_among(etag, wanted):
            start_response("304 Not Modified", [pair for pair in headers if not pair[0].startswith("Content-")])
            return []
        start_response("200 OK", headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]


class Made:
    """What the application answered, read to its end."""

    def __init__(self, application, environ):
        self.status, self.headers, self.error = "", [], None
        parts = application(environ, self._start)
        try:
            self.body = b"".join(parts)
        finally:
            if hasattr(parts, "close"):
                parts.close()

    def _start(self, status, headers, error=None):
        self.status, self.headers, self.error = status, headers, error

    def answer(self):
        """The Answer to be kept, or None if this one is not for everybody."""
        values = {name.lower(): value for name, value in self.headers}
        tags = values.get("surrogate-key")
        if not self.status.startswith("200") or tags is None or "set-cookie" in values:
            return None
        if "public" not in values.get("cache-control", "") or len(self.body) > MOST_BYTES_OF_ONE:
            return None
        bound = MAX_AGE.search(values.get("surrogate-control", ""))
        seconds = min(int(bound[1]) if bound else LONGEST_SECONDS, LONGEST_SECONDS)
        kept = [pair for pair in self.headers if pair[0].lower() not in NOT_KEPT]
        headers = [*kept, ("Vary", "Accept-Encoding")]
        return Answer(headers, self.body, frozenset(tags.split()), time.monotonic() + seconds)

    def pass_on(self, start_response):
        start_response(self.status, self.headers, *([self.error] if self.error else []))
        return [self.body]


def known_query(query):
    """The query without what no kept page reads, in one order; None if it is too long to be an honest one."""
    if len(query) > LONGEST_QUERY:
        return None
    pairs = parse_qsl(query, keep_blank_values=True)
    return urlencode(sorted(pair for pair in pairs if pair[0] in PARAMETERS))


def best_encoding(accepted):
    """The best of our encodings that an Accept-Encoding header takes, or ""."""
    for encoding in COMPRESS:
        if encoding in accepted and not re.search(rf"\b{encoding}\s*;\s*q=0(?:\.0*)?\s*(?:,|$)", accepted):
            return encoding
    return ""


def is_among(etag, wanted):
    """Whether an If-None-Match header names the etag, weak or not (RFC 9110)."""
    return wanted.strip() == "*" or etag in (each.strip().removeprefix("W/") for each in wanted.split(","))


running: PageCache | None = None  # of this process


def in_front_of(application):
    """Return the application with a page cache before it, as the settings say. It listens from the first request on."""
    global running
    store = Store(settings.PAGE_CACHE_MB * 2**20)
    changes = Changes(store, settings.PAGE_CACHE_STALE_SECONDS)
    running = PageCache(application, store, changes)
    return running


def start():
    """Let this process's page cache listen before anybody asks for a page."""
    if running is not None:
        running.start()


def figures():
    """What has happened in this process's page cache: a dict of whole numbers, empty without one."""
    if running is None:
        return {}
    counts = {name: running.counts[name] for name in ("hit", "miss", "stale", "bypass")}
    return counts | {"entries": len(running.store), "bytes": running.store.bytes}
