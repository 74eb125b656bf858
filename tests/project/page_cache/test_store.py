from project.page_cache.store import MOST_PURGED, MOST_QUERIES, OVERHEAD_BYTES, Answer, Store

HEADERS = [("Content-Type", "text/html")]


def answer(*tags, body=b"x" * 600):
    return Answer(HEADERS, body, frozenset(tags), until=1e12)


def key(path="/", query=""):
    return "http", "blog.example", path, query


def keep(store, path, *tags, **more):
    return store.put(key(path), answer(*tags, **more), store.begin())


def test_answer_is_found_by_its_whole_key():
    store = Store(10**6)

    keep(store, "/a/", "list")

    assert store.get(key("/a/")).body == b"x" * 600
    assert store.get(key("/b/")) is None
    assert store.get(("https", *key("/a/")[1:])) is None
    assert store.get(key("/a/", "from=2")) is None


def test_purge_drops_what_shows_the_thing_and_nothing_else():
    store = Store(10**6)
    keep(store, "/12/", "post:12", "comments:12")
    keep(store, "/list/", "list", "comments:12", "comments:13")
    keep(store, "/13/", "post:13", "comments:13")

    store.purge(["comments:12"])

    assert [store.get(key(path)) is None for path in ("/12/", "/list/", "/13/")] == [True, True, False]
    assert len(store) == 1


def test_purge_of_the_site_drops_everything():
    store = Store(10**6)
    keep(store, "/12/", "post:12")

    store.purge(["site"])

    assert (len(store), store.bytes) == (0, 0)


def test_answer_begun_before_a_purge_of_what_it_shows_is_not_kept():
    store = Store(10**6)
    since = store.begin()
    store.purge(["post:12"])

    assert not store.put(key("/12/"), answer("post:12"), since)
    assert store.put(key("/13/"), answer("post:13"), since)
    assert store.put(key("/12/"), answer("post:12"), store.begin())


def test_answer_begun_before_everything_was_dropped_is_not_kept():
    store = Store(10**6)
    since = store.begin()
    store.flush()

    assert not store.put(key("/12/"), answer("post:12"), since)


def test_purges_of_very_many_things_are_remembered_all_the_same():
    store = Store(10**6)
    since = store.begin()
    store.purge([f"post:{number}" for number in range(MOST_PURGED + 1)])

    assert not store.put(key("/12/"), answer("post:12"), since)
    assert store.put(key("/12/"), answer("post:12"), store.begin())
    assert len(store._purged) < MOST_PURGED


def test_what_was_asked_for_longest_ago_makes_room():
    store = Store(3 * (600 + OVERHEAD_BYTES))
    for path in ("/a/", "/b/", "/c/"):
        keep(store, path)
    store.get(key("/a/"))

    keep(store, "/d/")

    assert [store.get(key(path)) is not None for path in ("/a/", "/b/", "/c/", "/d/")] == [True, False, True, True]
    assert store.bytes == 3 * (600 + OVERHEAD_BYTES)


def test_compressed_copies_count():
    store = Store(10**6)
    keep(store, "/a/")
    kept = store.get(key("/a/"))

    before = kept.size
    kept.in_encoding("gzip")
    store.weigh(key("/a/"), kept, before)

    assert store.bytes == kept.size > before
    store.purge(["site"])
    assert store.bytes == 0


def test_answer_larger_than_all_room_is_not_kept():
    store = Store(1_000)

    assert not keep(store, "/a/")
    assert (len(store), store.bytes) == (0, 0)


def test_addresses_with_a_query_are_bounded():
    store = Store(10**9)
    keep(store, "/plain/")

    for number in range(10_000):
        store.put(key("/", f"from={number}"), answer(), store.begin())

    assert len(store) == MOST_QUERIES + 1
    assert store.get(key("/plain/")) is not None


def test_dropped_answers_leave_nothing_behind():
    store = Store(10**6)
    for number in range(100):
        keep(store, f"/{number}/", f"post:{number}", "list")

    store.purge(["list"])

    assert (len(store), store.bytes, dict(store._by_tag), len(store._with_query)) == (0, 0, {}, 0)
