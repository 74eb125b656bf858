"""The look-ups of duplicates read indexes alone, also where the planner does not know the values."""

import re
from importlib import import_module

import pytest
from django.db import connection

from blog.comments import fingerprints, groups
from blog.comments.fingerprints import Candidate
from blog.text import wording
from tests.factories import make_comment

migration = import_module("blog.migrations.0011_nearest")
pytestmark = pytest.mark.django_db
ROWS = 20_000
TABLES = ["blog_band", "blog_fingerprint"]
LONG = "Så många ord behöver en text, för att andra nästan lika texter ska letas upp."
PARAMETERS = ["full", "core", "characters", "bands", "author", "post", "parent", "at", "but"]
# The look-ups of blog_nearest by words, each by itself.
LOOKUPS = {
    "fingerprint_full": 'SELECT comment_id FROM blog_fingerprint WHERE "full" = {} AND version > 0 LIMIT 100',
    "fingerprint_core": (
        "SELECT comment_id FROM blog_fingerprint WHERE core = {} AND version > 0 AND characters >= 40 LIMIT 100"
    ),
    "blog_band_pkey": (
        "SELECT b.comment_id FROM unnest({}) AS wanted (key),"
        " LATERAL (SELECT comment_id FROM blog_band kept WHERE kept.key = wanted.key OFFSET 0) b LIMIT 512"
    ),
}


@pytest.fixture
def filled(post):
    """Rows as of so many comments; only one of them is there."""
    make_comment(post)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # no comments belong to them
        cursor.execute(
            'INSERT INTO blog_fingerprint (comment_id, version, "full", core, characters, domains)'
            " SELECT -n, 1, hashint8(n), hashint8(n), 60, '{}' FROM generate_series(1, %s) n",
            [ROWS],
        )
        cursor.execute(
            "INSERT INTO blog_band (key, comment_id) SELECT hashint8(n * 16 + b), n FROM generate_series(1, %s) n,"
            " generate_series(0, 15) b ON CONFLICT DO NOTHING",
            [ROWS],
        )
        cursor.execute("SET LOCAL session_replication_role = origin")
        cursor.execute("ANALYZE blog_comment, blog_fingerprint, blog_band")
        yield cursor


def plan(cursor, query):
    cursor.execute(f"EXPLAIN (COSTS OFF) {query}")
    return "\n".join(line for (line,) in cursor.fetchall())


@pytest.mark.parametrize("index", LOOKUPS)
@pytest.mark.parametrize("mode", ["literal", "generic"])
def test_look_up_is_an_index_only_scan(filled, index, mode):
    value, kind = ("'{1,2,3}'::bigint[]", "bigint[]") if index == "blog_band_pkey" else ("4711", "bigint")
    query = LOOKUPS[index].format(value if mode == "literal" else "$1")
    if mode == "generic":
        filled.execute("SET LOCAL plan_cache_mode = force_generic_plan")
        filled.execute(f"PREPARE of_{index} ({kind}) AS {query}")
        query = f"EXECUTE of_{index} ({value})"

    shown = plan(filled, query)

    assert f"Index Only Scan using {index} on" in shown
    assert "Seq Scan" not in shown


def test_whole_check_reads_no_whole_table(filled):
    filled.execute(
        "PREPARE nearest (bigint, bigint, int, bigint[], bytea, bigint, bigint, timestamptz, bigint) AS "
        + re.sub(r"\bp_(\w+)", lambda match: f"${1 + PARAMETERS.index(match[1])}", migration.NEAREST)
    )
    filled.execute("SET LOCAL plan_cache_mode = force_generic_plan")

    shown = plan(filled, "EXECUTE nearest (1, 1, 60, '{1,2}', '1', 1, NULL, now(), NULL)")

    for index in LOOKUPS:
        assert f"Index Only Scan using {index} on" in shown
    assert not re.search("Seq Scan on blog_(fingerprint|band)", shown)


def test_what_a_person_wrote_is_looked_up_in_the_index_alone(post):
    mine = make_comment(post)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        shown = plan(
            cursor,
            "SELECT id, post_id, parent_id, created_at FROM blog_comment"
            f" WHERE author_key = '\\x{bytes(mine.author_key).hex()}'",
        )

    assert "Index Only Scan using comment_of_person" in shown


def test_failed_look_up_leaves_the_transaction_as_it_was(post, caplog):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE blog_band RENAME COLUMN key TO gone")
        try:
            found = groups.matches(Candidate.of(make_comment(post, LONG)), wording.read(LONG))
        finally:
            cursor.execute("ALTER TABLE blog_band RENAME COLUMN gone TO key")

    assert found == []
    assert "could not be compared" in caplog.text


def test_young_tables_are_not_read_whole_either(post):
    comment = make_comment(post, text=LONG)
    words = wording.read(LONG)
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO blog_band (key, comment_id) VALUES (1, %s)", [comment.pk])
        cursor.execute("ANALYZE blog_fingerprint, blog_band")
        cursor.execute("DISCARD PLANS")
        before = scanned_whole(cursor)

        fingerprints.store(comment, words)
        fingerprints.candidates(words, Candidate.of(comment))

        assert scanned_whole(cursor) == before


def scanned_whole(cursor):
    cursor.execute("SELECT relname, seq_scan FROM pg_stat_xact_user_tables WHERE relname = ANY(%s)", [TABLES])
    return dict(cursor.fetchall())
