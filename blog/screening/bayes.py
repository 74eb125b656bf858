"""A filter that learns spam from this site's own decisions. What it keeps are counts of keyed hashes: no words.

Tokens are combined as in Gary Robinson, "A Statistical Approach to the Spam Problem", Linux Journal 107 (2003):
smoothed shares, and Fisher's method for both directions, so that a text of unknown words is neither.
"""

import hashlib
from collections import Counter
from itertools import pairwise
from math import exp, log

from django.conf import settings
from django.db import connection, transaction

from blog.screening.models import Lesson, Token
from blog.text import wording

MIN_LESSONS = 20  # of each kind, before the filter says anything
IS_SPAM = 0.9  # the score from which a comment is held
MOST_WORDS = 300  # of one text
STRENGTH, UNKNOWN = 0.45, 0.5  # how much, and what, is assumed of a token before it was seen
TELLING, MOST_TELLING = 0.1, 60  # tokens nearer than this to UNKNOWN are left out; of the others those furthest from it
ONE_LESSON = 1

LEARNED = f"SELECT spam, wanted FROM blog_lesson WHERE id = {ONE_LESSON} AND least(spam, wanted) >= {MIN_LESSONS}"  # noqa: S608
KNOWN = "SELECT token, spam, wanted FROM blog_token WHERE token = ANY(%s)"
KEEP = "INSERT INTO blog_token (token, spam, wanted) SELECT * FROM unnest(%s::bigint[], %s::int[], %s::int[])"


def tokens(text, domains):
    """Return the set of what a text is judged by: words, pairs of words, link domains, how many links there are."""
    words = wording.read(text).words[:MOST_WORDS]
    return {
        *words,
        *(f"{one} {other}" for one, other in pairwise(words)),
        *map(of_domain, domains),
        *([f"links:{min(len(domains), 3)}"] if domains else []),
    }


def of_domain(domain):
    return f"domain:{domain}"


def key(token):
    """Return the signed 64-bit number by which a token is known; without the site's secret nobody can try words."""
    secret = settings.SECRET_KEY.encode()[:64]
    return int.from_bytes(
        hashlib.blake2b(token.encode("utf-8", "surrogatepass"), digest_size=8, key=secret).digest(), signed=True
    )


def counts(keys):
    """Return a dict from those of the keys that were learned to how many spam and wanted comments had them."""
    with connection.prepared_cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute(KNOWN, [list(keys)])
        return {token: (spam, wanted) for token, spam, wanted in cursor.fetchall()}


@transaction.atomic
def learn(examples):
    """Forget what was learned, and learn from (text, domains, whether it is spam) anew; return the Lesson.

    What a single comment had is not kept: it would say little, and might say it of somebody.
    """
    of_kind: dict[bool, Counter] = {True: Counter(), False: Counter()}
    lessons: Counter = Counter()
    for text, domains, is_spam in examples:
        of_kind[is_spam].update(map(key, tokens(text, domains)))
        lessons[is_spam] += 1
    spam, wanted = of_kind[True], of_kind[False]
    kept = sorted(token for token in spam.keys() | wanted.keys() if spam[token] + wanted[token] > 1)
    Token.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(KEEP, [kept, [spam[token] for token in kept], [wanted[token] for token in kept]])
    lesson, _is_new = Lesson.objects.update_or_create(
        pk=ONE_LESSON, defaults={"spam": lessons[True], "wanted": lessons[False]}
    )
    return lesson


def score(text, domains, lesson):
    """Return how much a text is like this site's spam: 0 not at all, 1 wholly; None before enough was learned.

    `lesson` is what LEARNED gives. One query.
    """
    if lesson is None:
        return None
    all_spam, all_wanted = lesson
    known = counts(map(key, tokens(text, domains))).values()
    shares = [_share(spam / all_spam, wanted / all_wanted, spam + wanted) for spam, wanted in known]
    telling = sorted((each for each in shares if abs(each - UNKNOWN) >= TELLING), key=lambda each: -abs(each - UNKNOWN))
    return _combined(telling[:MOST_TELLING])


def _share(in_spam, in_wanted, seen):
    """How far a token speaks for spam, from 0 to 1: the less often it was seen, the nearer to UNKNOWN."""
    return (STRENGTH * UNKNOWN + seen * in_spam / (in_spam + in_wanted)) / (STRENGTH + seen)


def _combined(shares):
    if not shares:
        return UNKNOWN
    spam, wanted = 1 - _fisher([1 - share for share in shares]), 1 - _fisher(shares)
    return (1 + spam - wanted) / 2


def _fisher(shares):
    """The chance that shares as small as these come about by chance alone: chi square with two degrees for each."""
    half = -sum(map(log, shares))
    term = total = exp(-half)
    for degree in range(1, len(shares)):
        term *= half / degree
        total += term
    return min(total, 1.0)
