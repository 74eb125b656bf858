"""Whether a moderator should see two comments as one, and why: the rule of docs/duplicates.md."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import lru_cache

from rapidfuzz import fuzz
from rapidfuzz.distance import Indel

from blog.text.wording import Wording

LEAST = 0.62  # likeness of two texts by different people, or in different places
HOUR, DAY, MOMENT = timedelta(hours=1), timedelta(days=1), timedelta(minutes=10)


class Tier(StrEnum):
    EXACT = "exact"  # the same words
    LINK = "link"  # the same words, another link or greeting
    EXTENDED = "extended"  # the one with more added: the fuller one is kept
    NEAR = "near"  # nearly the same words
    TEMPLATE = "template"  # one pattern filled in twice: never merged unseen


@dataclass(frozen=True)
class Circumstances:
    """What two comments are to each other; the second one is the later."""

    same_author: bool
    same_thread: bool  # the same author, post and parent
    apart: timedelta
    is_answer: bool = False  # the later one, by another author, answers the earlier
    by_staff: bool = False  # either is by the post's author or staff


def compare(a: Wording, b: Wording, about: Circumstances):
    """Return the Tier in which two comments are the same, or None."""
    short, long = (a, b) if len(a.core) <= len(b.core) else (b, a)
    words, characters = short.core.count(" ") + 1, len(short.core)
    if _is_exact(a, b, about, words, characters):
        return Tier.EXACT
    if about.by_staff or words <= 3 or characters < 16 or _is_never(a, b, about, short, long):
        return None
    here_lately = about.same_thread and about.apart <= HOUR
    # The higher the least that is asked for, the sooner two texts are known not to reach it.
    similar = Indel.normalized_similarity(a.core, b.core, score_cutoff=0.5 if here_lately else LEAST)
    if here_lately:
        if similar >= 0.80:
            return Tier.NEAR
        if long.core.startswith(short.core) or _contained(short.core, long.core) >= 0.90:
            return Tier.EXTENDED
    if a.core == b.core and characters >= 40:
        return Tier.LINK
    if characters < 40:
        return Tier.NEAR if about.same_thread and about.apart <= DAY and similar >= 0.90 else None
    if similar < LEAST:
        return Tier.NEAR if characters >= 90 and _is_reordered(a, b) else None
    return _by_similarity(a, b, about, similar, Indel.normalized_similarity(a.words, b.words))


def _is_exact(a, b, about, words, characters):
    if a.full != b.full:
        return False
    if about.same_thread and about.apart <= DAY:
        return True
    if about.by_staff:
        return False
    return (words >= 8 and characters >= 40) or (about.same_author and words >= 6 and characters >= 16)


def _is_never(a, b, about, short, long):
    if len(long.core) < 90 and a.numbers != b.numbers and not (about.same_thread and about.apart <= MOMENT):
        return True
    quotes = about.is_answer and len(b.core) > 1.15 * len(a.core)
    return quotes and _contained(a.core, b.core) > 0.80


def _by_similarity(a, b, about, similar, worded):
    characters, words = min(len(a.core), len(b.core)), min(len(a.words), len(b.words))
    # One person's own link may be a signature under texts that have nothing else in common.
    if a.domains & b.domains and not about.same_author and similar >= 0.65 and worded >= 0.50:
        return Tier.NEAR
    if characters < 80:
        enough = about.same_author and similar >= 0.85 and worded >= 0.70 and words >= 7
        return Tier.NEAR if enough or (not about.same_author and similar >= 0.96) else None
    if characters < 90:
        return Tier.NEAR if (similar >= 0.88 and worded >= 0.70) or similar >= 0.95 else None
    if (similar >= 0.80 and worded >= 0.60) or similar >= 0.93 or _is_reordered(a, b):
        return Tier.NEAR
    return Tier.TEMPLATE if worded >= 0.52 and similar >= LEAST else None


def _is_reordered(a, b):
    lengths = sorted((len(a.core), len(b.core)))
    if 1.1 * lengths[0] < 0.9 * lengths[1]:  # however equal they are, too much of one is over
        return False
    return (
        fuzz.ratio(a.in_order, b.in_order, score_cutoff=90) >= 90 and _jaccard(_grams(a.core), _grams(b.core)) >= 0.60
    )


def _contained(short, long):
    """The share of the 5-grams of one text that the other has."""
    grams = _grams(short)
    return len(grams & _grams(long)) / len(grams) if grams else 0


@lru_cache(maxsize=4)  # one new text is compared with many
def _grams(text):
    return {text[start : start + 5] for start in range(len(text) - 4)}


def _jaccard(one, other):
    return len(one & other) / len(one | other) if one or other else 0
