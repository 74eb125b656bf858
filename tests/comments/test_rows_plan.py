"""A page of a discussion, as readers get it, is read as a range of an index: no thread is sorted, no table read."""

import re

import pytest
from django.db import connection

from blog.comments import rows, threads
from blog.text import markup
from tests.comments.test_sizes import MANY, fill

pytestmark = pytest.mark.django_db
TYPES = {"version": "int", "post": "bigint", "most": "int", "thread": "bigint", "path": "bigint[]"}


def plan(mode, query, values):
    """How PostgreSQL carries out a prepared query, with a plan for the "custom" values or a "generic" one."""
    query = re.sub(r"%\((\w+)\)s", lambda match: f"${1 + list(TYPES).index(match[1])}", query)
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL plan_cache_mode = force_{mode}_plan")
        cursor.execute(f"PREPARE readers ({', '.join(TYPES.values())}) AS {query}")
        cursor.execute(f"EXPLAIN (COSTS OFF) EXECUTE readers ({', '.join(values)})")
        shown = "\n".join(line for (line,) in cursor.fetchall())
        cursor.execute("DEALLOCATE readers")
    return shown


@pytest.mark.parametrize("mode", ["custom", "generic"])
@pytest.mark.parametrize("start", [None, MANY // 2], ids=["from the top", "from the middle"])
@pytest.mark.parametrize(
    ("newest_first", "index"),
    [(False, "comment_oldest_threads|comment_thread_order"), (True, "comment_newest_threads")],
    ids=["oldest first", "newest first"],
)
def test_readers_page_is_a_range_of_an_index(newest_first, index, start, mode):
    post = fill("flat", MANY)
    order, beginning = threads._range(start, newest_first)
    query = rows.QUERY.format(conditions=f"{rows.VISIBLE} AND {beginning}", order=order)
    values = [str(markup.VERSION), str(post.pk), str(threads.PAGE_ROWS + 1), str(start or 1), f"'{{{start or 1}}}'"]

    shown = plan(mode, query, values)

    assert re.search(f"Index Scan using ({index}) on blog_comment c", shown)
    assert "Sort" not in shown
    assert "Seq Scan" not in shown
