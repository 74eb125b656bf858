"""Numbers by which a database finds comments with the same or nearly the same wording (docs/duplicates.md).

MinHash after Broder (1997), banded for look-ups after Leskovec, Rajaraman and Ullman, "Mining of Massive Datasets", 3.
"""

from dataclasses import dataclass
from itertools import chain, pairwise

import numpy as np
from xxhash import xxh3_64_intdigest

from blog.text.wording import DIGITS, Wording

BANDS, ROWS = 16, 3
MIN_CHARACTERS = 40  # shorter texts are looked for by their whole wording, or among their author's
AT_ONCE = 64  # texts: their numbers fit into a processor's cache
ZEROS = bytes.maketrans(b"123456789", b"0" * 9)
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
    return Keys(full_key(wording), core_key(wording), bands_of(wording))


def full_key(wording):
    return _signed_hash(wording.full)


def core_key(wording):
    return _signed_hash(wording.core)


def bands_of(wording):
    """Return the bands of a wording; () for a short one."""
    return tuple(bands_of_many([wording])[0].tolist()) if len(wording.core) >= MIN_CHARACTERS else ()


def bands_of_many(wordings):
    """Return the bands of each Wording as an array of shape (number, BANDS); zeros for a short one."""
    bands = np.zeros((len(wordings), BANDS), np.int64)
    long = [place for place, each in enumerate(wordings) if len(each.core) >= MIN_CHARACTERS]
    for begin in range(0, len(long), AT_ONCE):
        some = long[begin : begin + AT_ONCE]
        hashes = [list(map(xxh3_64_intdigest, _pairs(wordings[place]))) for place in some]
        starts = np.cumsum([0, *map(len, hashes[:-1])])
        every = np.array(list(chain.from_iterable(hashes)), dtype=np.uint64).reshape(-1, 1)
        least = np.minimum.reduceat(every * _factors + _terms, starts, axis=0) >> np.uint64(16)
        mixed = (least.reshape(-1, BANDS, ROWS) * _mixers).sum(axis=2, dtype=np.uint64) ^ _bands
        bands[some] = mixed.view(np.int64)
    return bands


def _pairs(wording):
    words = _without_numbers(wording.core).split()
    return set(map(b" ".join, pairwise(words))) or set(words)


def _without_numbers(text):
    """Each number as a zero: who sends a text again may count."""
    if not text.isascii():
        return _bytes(DIGITS.sub("0", text))
    zeros = text.encode().translate(ZEROS)
    while b"00" in zeros:
        zeros = zeros.replace(b"00", b"0")
    return zeros


def _bytes(text):
    return text.encode("utf-8", "surrogatepass")


def _signed_hash(text):
    number = xxh3_64_intdigest(_bytes(text))
    return number - 2**64 if number >= 2**63 else number
