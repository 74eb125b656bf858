"""What a long discussion costs: rows read, and by which index. `make bench` has the figures at full size."""

import re

import pytest
from django.db import connection
from django.test import Client

from bench import growth
from blog.comments import threads
from blog.comments.forms import token_for
from blog.comments.models import Comment, Discussion
from tests.comments.sending import send
from tests.factories import make_comment, make_published

pytestmark = pytest.mark.django_db

FEW, MANY = 600, 1_500  # more than the 500 newest, whose writers a reply may mention
ROWS = {"post": 30, "discussion": 2 * threads.PAGE_ROWS + 10}  # of a page: its own, and its comments with their parents


def fill(shape, size, spam=()):
    """A published post with `size` comments: "flat" threads, a "chain" of replies, or one parent with "children"."""
    post = make_published(f"{shape} {size}", language="en", slug=f"{shape}-{size}")
    first = make_comment(post, "Ett svar bland många.")
    Discussion.objects.filter(post=post).update(last_number=size)
    kept = {field.attname: getattr(first, field.attname) for field in Comment._meta.concrete_fields}
    for name in ("id", "number", "path", "parent_id", "thread", "state"):
        kept.pop(name)
    path = {
        "flat": lambda number: [number],
        "children": lambda number: [1, number],
        "chain": lambda number: [*range(1, min(number, threads.MAX_DEPTH + 1)), number],
    }[shape]
    parent = {"flat": lambda pk: None, "children": lambda pk: first.pk, "chain": lambda pk: pk - 1}[shape]
    Comment.objects.bulk_create(
        Comment(
            pk=first.pk + number - 1,
            number=number,
            path=path(number),
            parent_id=parent(first.pk + number - 1),
            state="spam" if number in spam else "visible",
            **kept,
        )
        for number in range(2, size + 1)
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT setval(pg_get_serial_sequence('blog_comment', 'id'), {first.pk + size})")
        cursor.execute("ANALYZE blog_comment")
        # In tables of this size it is as cheap to read everything; what is tested is that it need not be.
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
    return post


def pages(post, size):
    address = post.get_absolute_url()
    return [
        address,
        f"{address}?order=newest",
        f"{address}?from={size // 2}",
        f"{address}?order=newest&from={size // 2}",
        f"{address}comments/{size}/",
        f"{address}comments/feed/",
        f"{address}comments/write/?reply_to={size}",
    ]


@pytest.mark.parametrize("shape", ["flat", "chain", "children"])
def test_no_page_of_a_discussion_reads_more_because_there_is_more(shape):
    few, many = fill(shape, FEW), fill(shape, MANY)

    costs = [
        (growth.cost(short, short), growth.cost(long, long))
        for short, long in zip(pages(few, FEW), pages(many, MANY), strict=True)
    ]

    grown = [(long.name, short.rows, long.rows) for short, long in costs if long.rows > 1.3 * short.rows + 10]
    assert grown == []
    assert [short.queries for short, _ in costs] == [long.queries for _, long in costs]
    assert [long.name for short, long in costs if long.bytes > 1.1 * short.bytes] == []


@pytest.mark.parametrize(
    ("newest_first", "indexes"),
    [(False, "comment_oldest_threads|comment_thread_order"), (True, "comment_newest_threads")],  # equals without spam
)
@pytest.mark.parametrize("start", [None, MANY // 2])
def test_a_page_is_a_range_of_the_index_made_for_it(newest_first, indexes, start):
    post = fill("flat", MANY)
    order, beginning = threads._range(start, newest_first)
    query = threads.PLACES.format(beginning=beginning, order=order)
    with connection.cursor() as cursor:
        words = {"post": post.pk, "most": threads.PAGE_ROWS + 1, "thread": start, "path": [start]}
        cursor.execute(f"EXPLAIN {query}", words)
        plan = str(cursor.fetchall())

    assert re.search(indexes, plan)
    assert "Sort" not in plan


def test_spam_between_costs_nothing():
    post = fill("flat", MANY, spam=range(50, MANY - 50))

    costs = {path: growth.cost(path, path).rows for path in pages(post, MANY) if "from" not in path}

    assert {path: rows for path, rows in costs.items() if rows > 3 * threads.PAGE_ROWS + 300} == {}


def test_sending_costs_the_same_in_a_long_discussion(django_assert_num_queries):
    few, many = fill("flat", 3), fill("flat", MANY)

    for post in (few, many):
        fields = {"token": token_for(post, began=0), "email": "", "text": f"Ny under {post.title}"}
        with django_assert_num_queries(14):  # four are the savepoints of a test; one asks for updates that are due
            response = send(Client(), post, **fields)
        assert response.status_code == 302
