"""The editors' choice among the comments, as the discussion and lists of posts show it."""

import json
from typing import NamedTuple

from blog.comments.models import Comment
from blog.posts import lists

SHOWN = 3  # above a discussion
COLUMNS = ("pk", "number", "name", "html", "text", "markup_version", "mentions")
LAST = """
    SELECT id, number, name, html, text, markup_version, mentions::text FROM blog_comment
    WHERE post_id = %s AND picked_at IS NOT NULL AND state = 'visible'
    ORDER BY picked_at DESC, id DESC LIMIT %s
"""
NEWEST = """
    SELECT DISTINCT ON (post_id) post_id, number, name, html, text, markup_version FROM blog_comment
    WHERE post_id = ANY(%s) AND picked_at IS NOT NULL AND state = 'visible'
    ORDER BY post_id, picked_at DESC, id DESC
"""


class Pick(NamedTuple):
    """A picked comment on a list of posts."""

    number: int
    name: str
    html: str
    text: str
    markup_version: int

    @property
    def extract(self):
        return Comment(**self._asdict(), mentions={}).extract  # whom it mentions leads nowhere from a list


def of_discussion(post):
    """Return the comments of `post` that editors picked last. One query."""
    found = [dict(zip(COLUMNS, row, strict=True)) for row in lists.rows(LAST, [post.pk, SHOWN])]
    return [Comment(**each | {"post": post, "mentions": json.loads(each["mentions"])}) for each in found]


def on_lists(posts):
    """Return a dict from the keys of posts to the newest Pick of each that has one. One query."""
    return {post: Pick(*pick) for post, *pick in lists.rows(NEWEST, [posts])}
