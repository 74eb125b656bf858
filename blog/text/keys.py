"""Numbers by which a database finds comments with the same or nearly the same wording (docs/duplicates.md).

MinHash after Broder (1997), banded for look-ups after Leskovec, Rajaraman and Ullman, "Mining of Massive Datasets", 3.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from xxhash import xxh3_64_intdigest

from blog.text.wording import DIGITS, Wording

BANDS, ROWS = 16, 3
MIN_CHARACTERS = 40  # shorter texts are looked for by their whole wording, or among their author's
SEED = 20_260_901  # what is stored depends on it: never change it without wording.VERSION

_random = np.random.Generator(np.random.PCG64(SEED))
_factors = _random.integers(0, 2**63, (1, BANDS * ROWS), dtype=np.uint64) * np.uint64(2) + np.uint64(1)
_terms = _random.integers(0, 2**63, (1, BANDS * ROWS), dtype=np.uint64)
_mixers = _random.integers(0, 2**63, (1, ROWS), dtype=np.uint64) * np.uint64(2) + np.uint64(1)
_bands = _random.integers(0, 2**63, BANDS, dtype=np.uint64)


@dataclass(frozen=True)
class Keys:
    """Signed 64-bit numbers, as PostgreSQL's bigint holds them."""

    full: int  # equal for the same words
    core: int  # equal for the same words but for links and a greeting
    bands: tuple  # of which two texts of nearly the same words share at least one; () for short texts


def keys_of(wording: Wording):
    """Return the Keys of a wording."""
    return Keys(full_key(wording), _signed_hash(wording.core), bands_of(wording))


def full_key(wording):
    return _signed_hash(wording.full)


def bands_of(wording):
    if len(wording.core) < MIN_CHARACTERS:
        return ()
    words = _bytes(DIGITS.sub("0", wording.core)).split()
    pairs = set(map(b" ".join, pairwise(words))) or set(words)
    hashes = np.array(list(map(xxh3_64_intdigest, pairs)), dtype=np.uint64).reshape(-1, 1)
    least = (hashes * _factors + _terms).min(axis=0) >> np.uint64(16)
    mixed = (least.reshape(BANDS, ROWS) * _mixers).sum(axis=1, dtype=np.uint64) ^ _bands
    return tuple(map(int, mixed.view(np.int64)))


def _bytes(text):
    return text.encode("utf-8", "surrogatepass")


def _signed_hash(text):
    number = xxh3_64_intdigest(_bytes(text))
    return number - 2**64 if number >= 2**63 else number
