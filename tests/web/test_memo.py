"""What pure functions remember, and how much of it."""

from concurrent.futures import ThreadPoolExecutor

from blog.web.memo import remembered


def make_echo(most_bytes=100_000):
    """A remembered function, and the list of the arguments with which it was really called."""
    calls = []

    @remembered(most_bytes=most_bytes)
    def echo(*words):
        calls.append(words)
        return "".join(words)

    return echo, calls


def test_memo_makes_a_result_once_for_the_same_arguments():
    echo, calls = make_echo()

    assert [echo("a", "b"), echo("a", "b"), echo("a"), echo("ab")] == ["ab", "ab", "a", "ab"]
    assert calls == [("a", "b"), ("a",), ("ab",)]


def test_memo_forgets_what_was_not_asked_for_longest():
    echo, calls = make_echo(most_bytes=5_000)
    echo("first" * 200)
    echo("second" * 200)
    echo("first" * 200)
    echo("third" * 200)
    del calls[:]

    echo("first" * 200)
    echo("second" * 200)

    assert calls == [("second" * 200,)]


def test_memo_stays_within_its_bytes():
    echo, _calls = make_echo(most_bytes=20_000)

    for number in range(1_000):
        echo(f"{number}" * (number % 50))

    assert 10_000 < echo.memory.bytes <= 20_000


def test_memo_keeps_nothing_larger_than_itself():
    echo, calls = make_echo(most_bytes=1_000)

    assert [echo("a" * 2_000), echo("a" * 2_000)] == ["a" * 2_000] * 2
    assert (len(calls), echo.memory.bytes) == (2, 0)


def test_memo_serves_many_threads():
    echo, _calls = make_echo(most_bytes=3_000)

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda number: echo(str(number % 7), "x" * (number % 11)), range(5_000)))

    assert answers == [f"{number % 7}" + "x" * (number % 11) for number in range(5_000)]
    assert echo.memory.bytes <= 3_000


def test_memo_is_empty_after_forgetting():
    echo, calls = make_echo()
    echo("a")
    echo.forget()

    echo("a")

    assert len(calls) == 2
