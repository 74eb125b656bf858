"""The stored keys of comments' wordings, and the comments that may say the same as another (docs/duplicates.md)."""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import connection
from django.utils import timezone

from blog.comments.models_duplicates import Band, Fingerprint
from blog.text import keys, wording

MAX_ROWS_PER_BAND = 32  # of a campaign sent a thousand times, these are enough to find it by
OF_THE_AUTHOR = 50
SAME = 100  # of the same words, or the same but for links: of these, and of those with a band in common,
LIKEST = 64  # are compared, and of the author's last
NEAREST = 16  # in length
LONGER = 4  # times: what is so much longer is no copy of a short text by the same person
BANDS_KEPT = timedelta(days=180)

STORE = """
INSERT INTO blog_fingerprint (comment_id, version, "full", core, characters, domains)
VALUES (%(comment)s, %(version)s, %(full)s, %(core)s, %(characters)s, %(domains)s)
ON CONFLICT (comment_id) DO UPDATE SET version = excluded.version, "full" = excluded."full", core = excluded.core,
    characters = excluded.characters, domains = excluded.domains
"""
STORE_BANDS = """
INSERT INTO blog_band (key, comment_id)
SELECT new.key, %(comment)s FROM unnest(%(keys)s::bigint[]) AS new (key)
WHERE (SELECT count(*) FROM (SELECT FROM blog_band b WHERE b.key = new.key LIMIT %(most)s) few) < %(most)s
ON CONFLICT DO NOTHING
"""
FIND = """
WITH alike AS (
    (SELECT comment_id AS id, 2 * %(weight)s AS weight FROM blog_fingerprint
     WHERE "full" = %(full)s AND version > 0 LIMIT %(same)s)
    UNION ALL
    (SELECT comment_id, %(weight)s FROM blog_fingerprint
     WHERE %(is_long)s AND core = %(core)s AND version > 0 AND characters >= 40 LIMIT %(same)s)
    UNION ALL
    (SELECT b.comment_id, 1 FROM unnest(%(bands)s::bigint[]) AS wanted (key) JOIN blog_band b USING (key)
     LIMIT %(rows)s)
), found AS (
    (SELECT id FROM alike WHERE id IS DISTINCT FROM %(but)s GROUP BY id ORDER BY sum(weight) DESC, id LIMIT %(likest)s)
    UNION
    (SELECT late.id
     FROM (SELECT id FROM blog_comment WHERE author_key = %(author)s ORDER BY id DESC LIMIT %(last)s) late
     JOIN blog_fingerprint f ON f.comment_id = late.id
     WHERE late.id IS DISTINCT FROM %(but)s
       AND f.characters BETWEEN %(characters)s / %(longer)s AND %(characters)s * %(longer)s
     ORDER BY abs(f.characters - %(characters)s), late.id LIMIT %(nearest)s)
)
SELECT c.id, c.author_key, c.post_id, c.parent_id, c.created_at, c.text, coalesce(u.is_staff, false), c.state, c.number
FROM found JOIN blog_comment c USING (id) LEFT JOIN auth_user u ON u.id = c.user_id
WHERE c.state <> 'erased' ORDER BY c.created_at, c.id
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
    with connection.cursor() as cursor:
        cursor.execute(STORE, {
            "comment": comment.pk,
            "version": wording.VERSION,
            "full": found.full,
            "core": found.core,
            "characters": len(words.core),
            "domains": sorted(words.domains | wording.domains(comment.website)),
        })  # fmt: skip
        if found.bands:
            cursor.execute(STORE_BANDS, {"comment": comment.pk, "keys": list(found.bands), "most": MAX_ROWS_PER_BAND})


def candidates(words, author, but=None):
    """Return the Candidates that may say the same as a Wording, oldest first; at most LIKEST + NEAREST.

    Those with the same words, with the same but for links, with a band in common, and the last of the author, whose
    key is `author`; without the comment with the id `but`. One query, by indexes alone.
    """
    if not words.full:
        return []
    found = keys.keys_of(words)
    with connection.cursor() as cursor:
        cursor.execute(FIND, {
            "full": found.full,
            "core": found.core,
            "is_long": len(words.core) >= keys.MIN_CHARACTERS,
            "characters": len(words.core),
            "longer": LONGER,
            "bands": list(found.bands),
            "author": bytes(author),
            "last": OF_THE_AUTHOR,
            "rows": MAX_ROWS_PER_BAND * len(found.bands),
            "same": SAME,
            "likest": LIKEST,
            "nearest": NEAREST,
            "weight": keys.BANDS,
            "but": but,
        })  # fmt: skip
        return [Candidate._make((pk, bytes(key), *rest)) for pk, key, *rest in cursor.fetchall()]


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
