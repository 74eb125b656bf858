"""Answers in memory: found by their address, dropped by what they show, and never more than so many bytes."""

import gzip
from collections import OrderedDict, defaultdict
from dataclasses import dataclass, field
from hashlib import blake2b
from threading import Lock

import brotli
import zstandard

SMALL_BYTES = 500  # what is shorter is not worth a compressed copy
OVERHEAD_BYTES = 2_000  # of an answer's headers and of its places in the dictionaries, about
MOST_QUERIES = 500  # answers with a query: anybody can think of any number of them
MOST_PURGED = 10_000
EVERYTHING = "site"  # shown by every answer

# The best first. Level 5 of brotli costs as much as gzip's 6 and packs tighter.
COMPRESS = {
    "br": lambda body: brotli.compress(body, quality=5),
    "zstd": lambda body: zstandard.compress(body, 9),
    "gzip": lambda body: gzip.compress(body, compresslevel=6, mtime=0),
}


@dataclass
class Answer:
    """A complete answer of status 200, compressed at most once for each encoding."""

    headers: list  # pairs of str, without those that depend on the encoding
    body: bytes
    tags: frozenset  # what it shows: "post:12", "list", "tag:7"
    until: float  # by time.monotonic()
    etag: str = ""
    ready: dict = field(default_factory=dict)  # encoding → (etag, headers, body)

    def __post_init__(self):
        self.etag = blake2b(self.body, digest_size=12).hexdigest()

    def in_encoding(self, encoding):
        """Return etag, headers and body in "br", "zstd", "gzip" or "" (as it is)."""
        if encoding not in self.ready:
            self.ready[encoding] = self._made_ready(encoding if len(self.body) > SMALL_BYTES else "")
        return self.ready[encoding]

    def _made_ready(self, encoding):
        body = COMPRESS[encoding](self.body) if encoding else self.body
        etag = f'"{self.etag}-{encoding}"' if encoding else f'"{self.etag}"'
        coding = [("Content-Encoding", encoding)] if encoding else []
        return etag, [*self.headers, ("ETag", etag), *coding, ("Content-Length", str(len(body)))], body

    @property
    def size(self):
        return len(self.body) + sum(len(body) for _, _, body in self.ready.values()) + OVERHEAD_BYTES


class Store:
    """Answers by key: (scheme, host, path, query). Safe for threads.

    An answer that was being made when something it shows was purged is not kept.
    """

    def __init__(self, most_bytes):
        self.most_bytes = most_bytes
        self.bytes = 0
        self._answers = OrderedDict()  # the one that was asked for last at the end
        self._with_query = OrderedDict()
        self._by_tag = defaultdict(set)
        self._purged = {}  # tag → the number of its last purge
        self._number = 0
        self._lock = Lock()

    def __len__(self):
        return len(self._answers)

    def get(self, key):
        """The Answer for a key, or None; its time may be over."""
        answer = self._answers.get(key)
        if answer is not None:
            try:
                self._answers.move_to_end(key)
            except KeyError:  # purged in this moment: it was right when it was asked for
                return None
        return answer

    def begin(self):
        """A mark of this moment, for `put`: to be taken before anything is read for the answer."""
        return self._number

    def put(self, key, answer, since):
        """Keep an answer that was begun at the mark `since`; return whether it was kept."""
        with self._lock:
            if any(self._purged.get(tag, 0) > since for tag in (*answer.tags, EVERYTHING)):
                return False
            self._drop(key)
            self._answers[key] = answer
            self.bytes += answer.size
            for tag in answer.tags:
                self._by_tag[tag].add(key)
            if key[-1]:
                self._with_query[key] = None
                if len(self._with_query) > MOST_QUERIES:
                    self._drop(next(iter(self._with_query)))
            self._shrink()
            return key in self._answers

    def weigh(self, key, answer, before):
        """Note that an answer weighs more than `before`: it was compressed."""
        with self._lock:
            if self._answers.get(key) is answer:
                self.bytes += answer.size - before
                self._shrink()

    def purge(self, tags):
        """Drop what shows one of these tags, or their kind ("comments:*"), and what is being made of them just now."""
        if EVERYTHING in tags:
            self.flush()
            return
        whole_kinds = {f"{kind}:*" for kind, is_one, _which in (tag.partition(":") for tag in tags) if is_one}
        with self._lock:
            self._number += 1
            for tag in {*tags, *whole_kinds}:
                self._purged[tag] = self._number
                for key in list(self._by_tag.get(tag, ())):
                    self._drop(key)
            if len(self._purged) > MOST_PURGED:
                self._purged = {EVERYTHING: self._number}  # whoever began before it is refused, to be safe

    def flush(self):
        """Drop everything, and what is being made just now."""
        with self._lock:
            self._number += 1
            self._purged = {EVERYTHING: self._number}
            self._answers.clear()
            self._with_query.clear()
            self._by_tag.clear()
            self.bytes = 0

    def _shrink(self):
        while self.bytes > self.most_bytes and self._answers:
            self._drop(next(iter(self._answers)))

    def _drop(self, key):
        answer = self._answers.pop(key, None)
        if answer is None:
            return
        self._with_query.pop(key, None)
        self.bytes -= answer.size
        for tag in answer.tags:
            self._by_tag[tag].discard(key)
            if not self._by_tag[tag]:
                del self._by_tag[tag]
