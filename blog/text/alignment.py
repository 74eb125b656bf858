"""Which item of one list is which item of another: the ground of merging and of comparing."""

import re
from bisect import bisect_left
from collections import Counter
from itertools import pairwise

from blog.text.blocks import TAG

# Stretches up to this many items times items are compared all with all; it bounds the cost.
LIMIT = 1_000
LIMIT_BY_WORDS = 20_000
SAME = 1000 * LIMIT_BY_WORDS  # outweighs any sum of likenesses
ALIKE_PERCENT = 50  # of their words in common: one is a changed form of the other


def align(before, after, words=None):
    """Return pairs (index in `before`, index in `after`) in the order of both; None where one side has nothing.

    The items of a pair are equal, or one was put in the other's place: where as many items came as went, these pair
    in their order. `words(item)` gives an item's set of words, by which changed items find each other where other
    items came or went beside them. Between pairs, what went comes before what came.
    Items are hashable. Cost: about O(n log n) for items that are mostly different, at most O(n · √limit).
    """
    pairs: list[tuple[int | None, int | None]] = []
    at, to = 0, 0
    for i, j in [*_matches(before, after, words), (len(before), len(after))]:
        if i - at == j - to:
            pairs += zip(range(at, i), range(to, j), strict=True)
        else:
            pairs += [(gone, None) for gone in range(at, i)]
            pairs += [(None, come) for come in range(to, j)]
        pairs.append((i, j))
        at, to = i + 1, j + 1
    return pairs[:-1]


def words_of(html):
    """Return the set of words in `html`, as `align` takes it."""
    return frozenset(re.findall(r"\w+", TAG.sub(" ", html)))


def _matches(before, after, words):
    """Return the pairs of equal or alike items, ascending on both sides."""
    found = []
    gaps = [(0, len(before), 0, len(after))]
    while gaps:
        start, stop, first, last = gaps.pop()
        while start < stop and first < last and before[start] == after[first]:
            found.append((start, first))
            start, first = start + 1, first + 1
        while start < stop and first < last and before[stop - 1] == after[last - 1]:
            stop, last = stop - 1, last - 1
            found.append((stop, last))
        old, new = before[start:stop], after[first:last]
        if not old or not new or len(old) == len(new) == 1:
            continue  # nothing to choose from
        is_small = len(old) * len(new) <= (LIMIT_BY_WORDS if words else LIMIT)
        anchors = _best(old, new, words) if is_small else _unique(old, new)
        anchors = [(start + i, first + j) for i, j in anchors]
        found += anchors
        if anchors and not is_small:
            edges = [(start - 1, first - 1), *anchors, (stop, last)]
            gaps += [(i + 1, k, j + 1, m) for (i, j), (k, m) in pairwise(edges)]
    return sorted(found)


def _unique(old, new):
    """Return the longest ascending row of pairs of items that occur once on each side (patience diff)."""
    olds, news = Counter(old), Counter(new)
    places = {item: j for j, item in enumerate(new) if news[item] == 1}
    pairs = [(i, places[item]) for i, item in enumerate(old) if olds[item] == 1 and item in places]
    tails: list[int] = []  # the lowest end of an ascending row of each length
    lengths = []
    for _, j in pairs:
        length = bisect_left(tails, j)
        tails[length : length + 1] = [j]
        lengths.append(length)
    row = []
    wanted = len(tails) - 1
    for pair, length in zip(reversed(pairs), reversed(lengths), strict=True):
        if length == wanted:
            row.append(pair)
            wanted -= 1
    return row[::-1]


def _best(old, new, words):
    """Return the pairs that keep most items, and among those pair what is most alike; all is compared with all."""
    scores = _scores(old, new, words)
    best = [[0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in reversed(range(len(old))):
        row, below, score = best[i], best[i + 1], scores[i]
        for j in reversed(range(len(new))):
            most = below[j] if below[j] >= row[j + 1] else row[j + 1]
            paired = score[j] + below[j + 1]
            row[j] = paired if paired > most else most
    pairs = []
    i = j = 0
    while i < len(old) and j < len(new):
        if scores[i][j] and best[i][j] == scores[i][j] + best[i + 1][j + 1]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return pairs


def _scores(old, new, words):
    if not words:
        return [[SAME if item == other else 0 for other in new] for item in old]
    others = [(item, words(item)) for item in new]
    return [[SAME if item == other else _likeness(bag, bags) for other, bags in others]
            for item, bag in ((item, words(item)) for item in old)]  # fmt: skip


def _likeness(words, others):
    """Return the percentage of words in common, or 0 if it is too small."""
    if not words or not others:
        return 0
    percent = 200 * len(words & others) // (len(words) + len(others))
    return percent if percent >= ALIKE_PERCENT else 0
