"""Discussions that are too large to write comment by comment."""

from django.db import connection

from blog.comments import threads
from blog.comments.models import Comment
from blog.comments.submission import text_columns

KEY = b"\0" * 16
CHAIN, ONE_PARENT, FLAT = "number - 1", "CASE WHEN number > 1 THEN 1 END", "NULL::int"


def make_crowd(post, size, parents=FLAT):
    """Write `size` visible comments; `parents` is SQL for the number of the comment that number n answers."""
    numbers = threads.next_numbers(post.pk, size)
    Comment.objects.bulk_create(
        Comment(post=post, number=number, path=[number], name="Anna", origin="import", state="visible", author_key=KEY,
                submission_key=KEY, **text_columns(f"Text {number}"))
        for number in numbers
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE blog_comment c SET parent_id = p.id FROM (SELECT number AS n, {parents} AS parent"
            " FROM blog_comment WHERE post_id = %(post)s) answered JOIN blog_comment p"
            " ON p.post_id = %(post)s AND p.number = answered.parent WHERE c.post_id = %(post)s AND c.number = n",
            {"post": post.pk},
        )
    threads.repath([post.pk])
