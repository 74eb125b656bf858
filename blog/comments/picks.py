"""The editors' choice among the comments, as the discussion and lists of posts show it."""

from typing import NamedTuple

from blog.comments.models import Comment
from blog.posts import lists

SHOWN = 3  # above a discussion
LAST = f"""
    SELECT number, name, html, text, markup_version FROM blog_comment
    WHERE post_id = %s AND picked_at IS NOT NULL AND state = 'visible'
    ORDER BY picked_at DESC, id DESC LIMIT {SHOWN}
"""  # noqa: S608
NEWEST = """
    SELECT DISTINCT ON (post_id) post_id, number, name, html, text, markup_version FROM blog_comment
    WHERE post_id = ANY(%s) AND picked_at IS NOT NULL AND state = 'visible'
    ORDER BY post_id, picked_at DESC, id DESC
"""


class Pick(NamedTuple):
    """A picked comment above a discussion, or on a list of posts."""

    number: int
    name: str
    html: str
    text: str
    markup_version: int
    is_here: bool = False  # on the same page

    @property
    def extract(self):
        stored = dict(zip(self._fields[1:5], self[1:5], strict=True))
        return Comment(**stored, mentions={}).extract  # whom it mentions leads nowhere from here


def of_discussion(post, numbers):
    """Return a tuple of the Picks of `post` that came last; `numbers` are those of the page's comments. One query."""
    found = [Pick(*row) for row in lists.rows(LAST, [post.pk])]
    return tuple(pick._replace(is_here=pick.number in numbers) for pick in found)


def on_lists(posts):
    """Return a dict from the keys of posts to the newest Pick of each that has one. One query."""
    return {post: Pick(*pick) for post, *pick in lists.rows(NEWEST, [posts])}
