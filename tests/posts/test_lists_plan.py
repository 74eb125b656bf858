"""What a page reads does not depend on how old its posts are."""

import json

import pytest
from django.db import connection
from django.utils import timezone

from blog.posts import lists, reading
from blog.posts.models import Post

pytestmark = pytest.mark.django_db
POSTS = 20_000
MOST_BLOCKS = 40  # 200 of the index hold all of them


@pytest.fixture
def oldest():
    """The oldest but ten of many published posts."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # nobody counts their comments
        cursor.execute(
            "INSERT INTO blog_post (title, slug, language, standfirst, body, sign_off, status, publish_at,"
            " comment_policy, comments_close_after_days, comments_pause_minutes, priority, head, shown,"
            " created_at, updated_at)"
            " SELECT n, n, 'sv', '', '', '', 'approved', now() - n * interval '1 hour', 'open', 30, 0, 0, 0, 0,"
            " now(), now() FROM generate_series(1, %s) n",
            [POSTS],
        )
        cursor.execute("SET LOCAL session_replication_role = origin")
        cursor.execute("ANALYZE blog_post")
    return Post.objects.get(slug=str(POSTS - 10))


def blocks_read(query, words):
    with connection.prepared_cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {query}", words)
        plan = cursor.fetchone()[0]
    [plan] = plan if isinstance(plan, list) else json.loads(plan)
    return plan["Plan"]["Shared Hit Blocks"] + plan["Plan"]["Shared Read Blocks"]


def test_old_page_of_a_list_reads_no_newer_posts(oldest):
    query = lists.CHOSEN.format(conditions=f"{lists.PUBLISHED} AND {lists.BEFORE}", most=10)

    assert blocks_read(query, {"before": oldest.pk}) < MOST_BLOCKS


def test_old_post_reads_no_newer_posts(oldest):
    assert oldest.publish_at < timezone.now()

    assert blocks_read(reading.QUERY, {"slug": oldest.slug}) < MOST_BLOCKS
