"""Items of two lists find each other."""

import random
import time

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from blog.text.alignment import align, words_of

CASES = {
    "nothing": ("", "", []),
    "the same": ("ab", "ab", [(0, 0), (1, 1)]),
    "come": ("ac", "abc", [(0, 0), (None, 1), (1, 2)]),
    "gone": ("abc", "ac", [(0, 0), (1, None), (2, 1)]),
    "as many come as gone": ("abcd", "axyd", [(0, 0), (1, 1), (2, 2), (3, 3)]),
    "fewer come than gone": ("abcd", "axd", [(0, 0), (1, None), (2, None), (None, 1), (3, 2)]),
    "moved": ("abcd", "bcda", [(0, None), (1, 0), (2, 1), (3, 2), (None, 3)]),
    "all gone": ("ab", "", [(0, None), (1, None)]),
}


@pytest.mark.parametrize(("before", "after", "pairs"), CASES.values(), ids=CASES)
def test_align(before, after, pairs):
    assert align(before, after) == pairs


def test_align_pairs_what_shares_most_words_where_others_came_beside_it():
    before = ["<p>Den gula bilen stannar.</p>", "<p>Slut.</p>"]
    after = ["<p>Något annat.</p>", "<p>Den gula <em>bilen</em> startar.</p>", "<p>Mer.</p>", "<p>Slut.</p>"]

    assert align(before, after, words_of) == [(None, 0), (0, 1), (None, 2), (1, 3)]


def test_align_keeps_equal_items_rather_than_pairing_alike_ones():
    before = ["ett två tre", "ett två fyra"]
    after = ["ett två fyra", "ett två fem", "sex"]

    assert align(before, after, words_of) == [(0, None), (1, 0), (None, 1), (None, 2)]


LETTERS = st.lists(st.sampled_from("abc"), max_size=12)


@settings(max_examples=200, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(LETTERS, LETTERS, st.booleans())
def test_align_names_every_item_once_and_in_order(before, after, by_words):
    pairs = align(before, after, words_of if by_words else None)

    assert [i for i, _ in pairs if i is not None] == list(range(len(before)))
    assert [j for _, j in pairs if j is not None] == list(range(len(after)))


def test_long_lists_find_their_changed_items_too():
    before = [f"a{number}" for number in range(5000)]
    after = [item if number % 3 else f"b{number}" for number, item in enumerate(before)]
    after[2000:2000] = ["x", "y"]

    pairs = align(before, after)

    assert [pair for pair in pairs if None in pair] == [(None, 2000), (None, 2001)]
    assert all(before[i] == after[j] or i % 3 == 0 for i, j in pairs if i is not None)


@pytest.mark.parametrize("kinds", [1, 2, 30, 1000, 10**9])
def test_long_lists_are_aligned_quickly(kinds):
    dice = random.Random(kinds)
    before, after = ([f"ord {dice.randrange(kinds)}" for _ in range(5000)] for _ in range(2))
    begun = time.monotonic()

    align(before, after, words_of)

    assert time.monotonic() - begun < 5
