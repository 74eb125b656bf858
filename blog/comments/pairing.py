"""Which of very many comments to compare, and which groups follow: whole columns at once, without a database.

Comments are given by their place in the order of age: 0 is the oldest.
"""

from collections import defaultdict
from typing import NamedTuple

import numpy as np

from blog.comments.fingerprints import OF_THE_AUTHOR
from blog.text.keys import BANDS, MIN_CHARACTERS
from blog.text.sameness import LEAST, Tier

DAY = 86_400_000_000  # microseconds
CERTAINTY = {tier.value: place for place, tier in enumerate(Tier)}
COLUMNS = np.dtype(
    [("id", "i8"), ("full", "i8"), ("core", "i8"), ("characters", "i4"), ("author", "i8"), ("place", "i8"),
     ("at", "i8"), ("bands", "i8", BANDS)]
)  # fmt: skip
MIXER = np.int64(0x1E3779B97F4A7C15)


class Edge(NamedTuple):
    """Two comments, the elder first, that the rule calls the same."""

    elder: int
    younger: int
    tier: str


def pairs(rows):
    """Return an array of pairs (elder, younger) to compare; `rows` are COLUMNS in the order of age.

    With the first and with the one before it of those with the same words, the same core, or a band in common; with
    the one before of the same author's with the same words; with the author's last of a day in the same place.
    """
    is_long = rows["characters"] >= MIN_CHARACTERS
    own = rows["full"] * MIXER ^ rows["author"]
    found = [_neighbours(rows["full"]), _neighbours(own), _neighbours(rows["core"], is_long)]
    found += [_neighbours(np.ascontiguousarray(rows["bands"][:, band]), is_long) for band in range(BANDS)]
    found += _same_place(rows)
    elder, younger = np.concatenate(found).T
    elder, younger = np.divmod(np.unique(elder * len(rows) + younger), max(len(rows), 1))  # each pair once
    size, other = (rows["characters"][each].astype(np.int64) for each in (elder, younger))
    shorter = np.minimum(size, other)
    # Of short texts, only an author's own are ever the same; and of lengths so different, only in one place.
    is_own = rows["author"][elder] == rows["author"][younger]
    is_here = is_own & (rows["place"][elder] == rows["place"][younger])
    may_be = (is_own | (shorter >= MIN_CHARACTERS)) & (is_here | (2 * shorter >= LEAST * (size + other)))
    return np.stack([elder[may_be], younger[may_be]], axis=1)


def _neighbours(keys, only=None):
    """Pairs of each with the first and with the one before of those that have the same key."""
    chosen = np.arange(len(keys)) if only is None else np.flatnonzero(only)
    chosen = chosen[np.argsort(keys[chosen], kind="stable")]
    is_same = keys[chosen][1:] == keys[chosen][:-1]
    begun = np.maximum.accumulate(
        np.where(np.concatenate([[True], ~is_same])[: len(chosen)], np.arange(len(chosen)), 0)
    )
    later = np.flatnonzero(is_same) + 1
    first, before, it = chosen[begun[later]], chosen[later - 1], chosen[later]
    return np.concatenate([np.stack([first, it], axis=1), np.stack([before, it], axis=1)])


def _same_place(rows):
    """Pairs of what one author wrote in one place within a day."""
    keys = rows["place"] * MIXER ^ rows["author"]
    order = np.argsort(keys, kind="stable")
    found = []
    for step in range(1, OF_THE_AUTHOR + 1):
        elder, younger = order[:-step], order[step:]
        near = (keys[elder] == keys[younger]) & (rows["at"][younger] - rows["at"][elder] <= DAY)
        if not near.any():
            break
        found.append(np.stack([elder[near], younger[near]], axis=1))
    return found


def stars(edges):
    """Return a dict from the oldest of each group to its others, as Edges: from what each is most surely the same as.

    As if one comment after the other came: each joins the group of what it is most like, as `groups.join` has it.
    """
    best: dict[int, Edge] = {}
    for edge in edges:
        best[edge.younger] = min(
            best.get(edge.younger, edge), edge, key=lambda each: (CERTAINTY[each.tier], each.elder)
        )
    first: dict[int, int] = {}
    found = defaultdict(list)
    for younger, edge in sorted(best.items()):
        first[younger] = first.get(edge.elder, edge.elder)
        found[first[younger]].append(edge)
    return dict(found)
