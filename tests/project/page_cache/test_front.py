import gzip
import random
import threading
import time

import pytest

from project.page_cache import front
from project.page_cache.changes import FRESH, STALE
from project.page_cache.front import PageCache, best_encoding, is_among, known_query
from project.page_cache.store import MOST_QUERIES, Store
from tests.project.page_cache.asking import DECODE, Heard, ask

SHARED = [("Content-Type", "text/html"), ("Surrogate-Key", "list"), ("Cache-Control", "public, max-age=0")]


class Application:
    """Answers with a number that grows; with other headers, or late, where the test says so."""

    def __init__(self):
        self.made, self.headers, self.status, self.pause = 0, SHARED, "200 OK", 0

    def __call__(self, environ, start_response):
        self.made += 1
        made = self.made
        time.sleep(self.pause)
        start_response(self.status, list(self.headers))
        return [f"sida {made} ".encode() * 100]


@pytest.fixture
def application():
    return Application()


@pytest.fixture
def cache(application):
    return PageCache(application, Store(10**7), Heard())


def text(answered):
    return answered.body.decode()[:6]


def test_page_is_made_once(cache, application):
    first, second = ask(cache), ask(cache)

    assert (text(first), text(second), application.made) == ("sida 1", "sida 1", 1)
    assert (first.was_stored, second.was_stored) == (False, True)


@pytest.mark.parametrize(
    "environ",
    [
        {"HTTP_COOKIE": "sessionid=x"},
        {"HTTP_COOKIE": "comments=1; messages=hej"},
        {"HTTP_COOKIE": "a=b;held=1"},
        {"HTTP_AUTHORIZATION": "Basic x"},
        {"method": "POST"},
        {"path": f"/?from={'1' * 1_001}"},
    ],
)
def test_page_of_ones_own_is_neither_read_nor_kept(cache, application, environ):
    ask(cache)

    own = ask(cache, **environ)

    assert (text(own), len(cache.store)) == ("sida 2", 1)
    assert text(ask(cache)) == "sida 1"


@pytest.mark.parametrize("cookies", ["comments=abc", "writer=%7B%7D; visits=1.2", "mysessionid=1", "x=sessionid"])
def test_commenter_reads_the_page_of_everybody(cache, cookies):
    ask(cache)

    assert ask(cache, HTTP_COOKIE=cookies).was_stored


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        ("404 Not Found", SHARED),
        ("302 Found", SHARED),
        ("500 Internal Server Error", SHARED),
        ("200 OK", [*SHARED, ("Set-Cookie", "a=b")]),
        ("200 OK", SHARED[:1]),
        ("200 OK", [*SHARED[:2], ("Cache-Control", "private")]),
    ],
)
def test_what_is_not_for_everybody_is_not_kept(cache, application, status, headers):
    application.status, application.headers = status, headers

    answers = [ask(cache) for _ in range(2)]

    assert [text(each) for each in answers] == ["sida 1", "sida 2"]
    assert answers[0].status == int(status[:3])
    assert answers[0].names == [name.lower() for name, _ in headers]
    assert len(cache.store) == 0


def test_queries_that_no_page_reads_make_no_other_page(cache, application):
    for path in ("/", "/?utm_source=brev", "/?fbclid=1&x", "/?=", "/?q=\ud800", "/?%FF%FE"):
        ask(cache, path)
    for path in ("/?from=20&order=newest", "/?order=newest&fbclid=2&from=20"):
        ask(cache, path)

    assert (application.made, len(cache.store)) == (2, 2)


def test_random_queries_do_not_fill_the_memory(cache):
    dice = random.Random(7)
    names = ["from", "order", "before", "page", "q", "utm_source", "x"]

    for _ in range(10_000):
        ask(
            cache, "/?" + "&".join(f"{dice.choice(names)}={dice.randrange(10**6)}" for _ in range(dice.randrange(1, 4)))
        )

    assert MOST_QUERIES <= len(cache.store) <= 1_000
    assert cache.store.bytes < 10**7


def test_answer_is_packed_once_as_the_reader_likes_it(cache):
    plain = ask(cache)
    packed = {name: ask(cache, HTTP_ACCEPT_ENCODING=name) for name in ("gzip", "br", "zstd")}

    unpack = DECODE | {"gzip": gzip.decompress}
    assert {name: unpack[name](each.body) for name, each in packed.items()} == dict.fromkeys(packed, plain.body)
    assert {name: each.headers["content-encoding"] for name, each in packed.items()} == {name: name for name in packed}
    assert {each.headers["vary"] for each in [plain, *packed.values()]} == {"Accept-Encoding"}
    assert len({each.headers["etag"] for each in [plain, *packed.values()]}) == 4
    assert all(int(each.headers["content-length"]) == len(each.body) for each in [plain, *packed.values()])
    assert cache.store.bytes == cache.store.get(("http", "", "/", "")).size


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br, zstd", "br"), ("gzip, zstd", "zstd"), ("gzip", "gzip"), ("", ""), ("identity", ""),
        ("br;q=0, gzip", "gzip"), ("br; q=0.0, gzip;q=0", ""), ("br;q=0.5", "br"), ("deflate", ""),
    ],
)  # fmt: skip
def test_best_encoding(accepted, encoding):
    assert best_encoding(accepted) == encoding


def test_browser_that_has_the_page_gets_it_not_again(cache):
    etag = ask(cache, HTTP_ACCEPT_ENCODING="br").headers["etag"]

    same = ask(cache, HTTP_ACCEPT_ENCODING="br", HTTP_IF_NONE_MATCH=f'"other", W/{etag}')
    other = ask(cache, HTTP_ACCEPT_ENCODING="gzip", HTTP_IF_NONE_MATCH=etag)

    assert (same.status, same.body, same.headers["etag"]) == (304, b"", etag)
    assert not {"content-length", "content-encoding"} & set(same.headers)
    assert other.status == 200


@pytest.mark.parametrize(
    ("wanted", "found"), [("*", True), ('W/"a"', True), ('"b", "a"', True), ('"ab"', False), ("", False)]
)
def test_if_none_match(wanted, found):
    assert is_among('"a"', wanted) is found


def test_head_has_the_headers_alone(cache, application):
    ask(cache, method="HEAD")
    full = ask(cache)

    head = ask(cache, method="HEAD")

    assert (head.body, head.headers["content-length"]) == (b"", str(len(full.body)))
    assert application.made == 2


def test_one_page_is_made_however_many_wait(cache, application):
    application.pause = 0.2
    answers = []
    readers = [threading.Thread(target=lambda: answers.append(ask(cache))) for _ in range(8)]

    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()

    assert ([text(each) for each in answers], application.made) == (["sida 1"] * 8, 1)


def test_different_searches_do_not_wait_for_each_other(cache, application):
    application.pause, application.headers = 0.2, SHARED[:1]
    began = threading.Barrier(4)
    most = []

    def search(number):
        began.wait()
        ask(cache, f"/search/?q={number}")
        most.append(application.made)

    readers = [threading.Thread(target=search, args=(number,)) for number in range(4)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()

    assert most[0] == 4  # all had begun before the first was over


def test_nothing_is_answered_from_memory_while_it_may_be_out_of_date(cache, application):
    ask(cache)
    cache.changes.state = ""

    assert text(ask(cache)) == "sida 2"
    cache.changes.state = FRESH
    assert text(ask(cache)) == "sida 1"


def test_stale_page_says_so_while_the_database_is_gone(cache, application):
    ask(cache)
    cache.changes.state = STALE
    application.status, application.headers = "503 Service Unavailable", SHARED[:1]

    known, unknown = ask(cache), ask(cache, "/2/")

    assert (text(known), known.headers["cache-status"]) == ("sida 1", "spalt; hit; detail=stale")
    assert unknown.status == 503


def test_page_is_made_again_when_its_time_is_over(cache, application):
    application.headers = [*SHARED, ("Surrogate-Control", "max-age=0")]

    assert [text(ask(cache)) for _ in range(2)] == ["sida 1", "sida 2"]
    assert "surrogate-control" not in ask(cache).headers


@pytest.mark.parametrize(
    ("query", "known"),
    [("b=1&from=2", "from=2"), ("order=newest&from=2", "from=2&order=newest"), ("from=", "from="), ("x", "")],
)
def test_known_query(query, known):
    assert known_query(query) == known


def test_page_that_does_not_say_what_it_shows_is_not_kept(cache, application):
    application.headers = [SHARED[0], SHARED[2]]

    assert [text(ask(cache)) for _ in range(2)] == ["sida 1", "sida 2"]


def test_page_larger_than_most_is_not_kept(cache, application, monkeypatch):
    monkeypatch.setattr(front, "MOST_BYTES_OF_ONE", 100)

    assert [text(ask(cache)) for _ in range(2)] == ["sida 1", "sida 2"]


def test_page_is_kept_for_an_hour_at_most(cache, application):
    application.headers = [*SHARED, ("Surrogate-Control", "max-age=999999")]
    ask(cache)

    [kept] = cache.store._answers.values()
    assert 3_500 < kept.until - time.monotonic() <= 3_600
