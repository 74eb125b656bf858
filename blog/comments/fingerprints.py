"""The stored keys of comments' wordings, and the comments that may say the same as another (docs/duplicates.md)."""

from datetime import UTC, datetime, timedelta
from itertools import accumulate
from typing import NamedTuple

from django.db import DatabaseError, connection
from django.utils import timezone

from blog.comments.models_duplicates import Band, Fingerprint
from blog.text import keys, wording

MAX_ROWS_PER_BAND = 32  # of a campaign sent a thousand times, these are enough to find it by
OF_THE_AUTHOR = 50  # the last; migration 0011 knows it too
MOST_CHARACTERS = 100_000  # compared with one comment: ten of the longest
BANDS_KEPT = timedelta(days=180)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

# Migration 0014.
KEEP = """
SELECT blog_keep_keys(
    %(comment)s, %(version)s::smallint, %(full)s, %(core)s, %(characters)s, %(domains)s, %(keys)s, %(most)s
)
"""
# Migrations 0011 and 0014. Hours as numbers: to read one as a date takes as long as to compare two texts.
FIND = """
SELECT id, author_key, post_id, parent_id, (extract(epoch FROM created_at) * 1000000)::bigint, text, is_staff, state,
       number, different
FROM blog_nearest(%s, %s, %s, %s, %s, %s, %s, %s, %s)
"""


class Candidate(NamedTuple):
    """What has to be known of a comment to compare it."""

    pk: int | None
    author_key: bytes
    post_id: int
    parent_id: int | None
    created_at: datetime
    text: str
    is_staff: bool
    state: str
    number: int

    @classmethod
    def of(cls, comment):
        return cls(
            comment.pk,
            bytes(comment.author_key),
            comment.post_id,
            comment.parent_id,
            comment.created_at,
            comment.text,
            bool(comment.user and comment.user.is_staff),
            comment.state,
            comment.number,
        )


def store(comment, words):
    """Keep the keys of a comment's present text, whose Wording is given."""
    found = keys.keys_of(words)
    with connection.prepared_cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute(KEEP, {
            "comment": comment.pk,
            "version": wording.VERSION,
            "full": found.full,
            "core": found.core,
            "characters": len(words.core),
            "domains": sorted(words.domains | wording.domains(comment.website)),
            "keys": list(found.bands),
            "most": MAX_ROWS_PER_BAND,
        })  # fmt: skip


def candidates(words, said):
    """Return the Candidates that may say the same as one (without a key yet, or with), whose Wording is given.

    Oldest first: the likest of those with the same words, with the same but for links, or with a band in common; and
    the last of the same person in the same place and on the same day. Not those that a moderator called different. One
    query, by indexes alone; DatabaseError if it failed, which leaves the transaction as it was.
    """
    if not words.full:
        return []
    found, size = keys.keys_of(words), len(words.core)
    place = [said.author_key, said.post_id, said.parent_id, said.created_at, said.pk]
    with connection.prepared_cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute(FIND, [found.full, found.core, size, list(found.bands), *place])
        rows = cursor.fetchall()
    if not rows:
        return []
    last, different = rows[-1], rows[-1][-1]
    if last[0] is None:
        raise DatabaseError(last[5])
    near = [Candidate._make((row[0], bytes(row[1]), *row[2:4], hour(row[4]), *row[5:-1])) for row in rows]
    if different:
        near = [each for each in near if keys.full_key(wording.read(each.text)) not in different]
    return _affordable(near, size)


def hour(microseconds):
    """Return the hour that is so long after the beginning of 1970."""
    return EPOCH + timedelta(microseconds=microseconds)


def _affordable(near, size):
    """Leave out those whose length is furthest from `size`, if all are too much to compare while a discussion waits."""
    nearest = sorted(near, key=lambda each: abs(len(each.text) - size))
    total = accumulate(len(each.text) for each in nearest)
    kept = {each.pk for each, so_far in zip(nearest, total, strict=True) if so_far <= MOST_CHARACTERS}
    return [each for each in near if each.pk in kept]


def forget_text(comment):
    """Drop the keys of the text that a comment has had until now, before another takes its place."""
    found = keys.keys_of(wording.read(comment.text))
    Band.objects.filter(comment_id=comment.pk, key__in=found.bands).delete()


def forget_old(now=None):
    """Drop the bands of comments older than BANDS_KEPT, but not of a group's oldest, and of those that are gone."""
    before = (now or timezone.now()) - BANDS_KEPT
    with connection.cursor() as cursor:
        cursor.execute(
            """
            DELETE FROM blog_band b WHERE NOT EXISTS (
                SELECT FROM blog_comment c LEFT JOIN blog_member m ON m.comment_id = c.id
                WHERE c.id = b.comment_id AND (c.created_at >= %s OR m.tier = '')
            )
            """,
            [before],
        )


def pending():
    """The Fingerprints that are still to be made, or that an older normalisation has made."""
    return Fingerprint.objects.filter(version__lt=wording.VERSION)
