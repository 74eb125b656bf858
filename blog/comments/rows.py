"""Comments as readers see them: plain rows, read by one query, whose markup is made once for what it is made of."""

import json
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any

from django.template import Context, Engine
from django.utils.translation import get_language

from blog.comments.models import Comment
from blog.posts import lists
from blog.text import markup
from blog.web.memo import remembered

MOST_BYTES = 8 * 2**20  # of markup in each process, about 2,500 comments
QUERY = """
    SELECT c.number, c.state, c.origin, c.shown, c.name, c.website, c.html,
        CASE WHEN c.markup_version = %(version)s THEN '' ELSE c.text END, c.markup_version, c.mentions::text,
        c.created_at::text, c.edited_at IS NOT NULL, c.picked_at IS NOT NULL, CASE
            WHEN c.user_id IS NULL THEN ''
            WHEN EXISTS (SELECT FROM blog_authorship signed JOIN blog_byline byline ON byline.id = signed.byline_id
                         WHERE signed.post_id = c.post_id AND byline.user_id = c.user_id) THEN 'author'
            WHEN (SELECT is_staff FROM auth_user WHERE id = c.user_id) THEN 'staff'
            ELSE '' END,
        parent.number, parent.state, parent.name,
        c.id, c.path, c.parent_id, parent.path, parent.origin, parent.shown
    FROM blog_comment c LEFT JOIN blog_comment parent ON parent.id = c.parent_id
    WHERE c.post_id = %(post)s AND {conditions} ORDER BY {order} LIMIT %(most)s
"""
VISIBLE = "c.state = 'visible'"


@dataclass(slots=True)
class Row:
    """A comment, and its place on a page as threads.nest finds it. Only `is_tombstone`: its place without its words."""

    number: int
    state: str
    origin: str
    shown: int | None = None
    name: str = ""
    website: str = ""
    html: str = ""
    text: str = ""  # "" where the stored HTML is good
    markup_version: int = markup.VERSION
    mentions: str = "{}"  # JSON
    created: str = ""  # the hour, as PostgreSQL writes it: a datetime is made of it only where it is shown anew
    is_edited: bool = False
    is_picked: bool = False
    role: str = ""  # what its writer is to the post: "author", "staff", or "" for everyone else
    parent_number: Any = None  # these are None where it begins a thread
    parent_state: Any = None
    parent_name: Any = None
    # From here on what its markup does not depend on, and its place.
    pk: int = 0
    path: list | tuple = ()
    parent_id: Any = None
    parent_path: list | tuple = ()
    parent_origin: Any = None
    parent_shown: int | None = None
    is_tombstone: bool = False
    is_parent_here: bool = False  # on the same page
    level: int = 0
    replies_below: int = 0
    lists_closed: range = range(0)

    is_mention, is_visible, is_held = Comment.is_mention, Comment.is_visible, Comment.is_held
    anchor, website_link, depth = Comment.anchor, Comment.website_link, Comment.depth
    Origin, State = Comment.Origin, Comment.State

    @property
    def created_at(self):
        return datetime.fromisoformat(self.created)

    @property
    def is_parent_visible(self):
        return self.parent_state == Comment.State.VISIBLE

    def body_html(self, address):
        if self.markup_version == markup.VERSION:
            return markup.stored(self.html)
        mentions = {name: f"{address}comments/{number}/" for name, number in json.loads(self.mentions).items()}
        return markup.comment_html(self.text, mentions)

    def parent_place(self):
        """The place of its parent, without words."""
        place = Row(self.parent_number, self.parent_state, self.parent_origin, shown=self.parent_shown)
        place.pk, place.path, place.is_tombstone = self.parent_id, self.parent_path, True
        return place


WORDS = tuple(Row.__dataclass_fields__)[:17]
PLACE = ("is_tombstone", "is_parent_here", "level", "replies_below", "lists_closed")
_words, _place = attrgetter(*WORDS), attrgetter(*PLACE)


def read(post_id, most, *conditions, order="c.path", **words):
    """Return up to `most` Rows of a post's comments that meet the conditions (SQL about `c`, its %(words)s given)."""
    query = QUERY.format(conditions=" AND ".join(conditions), order=order)
    return [Row(*row) for row in lists.rows(query, {"post": post_id, "most": most, "version": markup.VERSION, **words})]


def items(rows, address, write, is_open):
    """Yield each Row as safe HTML, an item of nested lists; `address` is the post's, `write` that of its form."""
    template, language = Engine.get_default().get_template("blog/comments/_item.html"), get_language()
    page = (template, language, address, write, is_open)
    return (_item(*page, _words(row), _place(row)) for row in rows)


@remembered(most_bytes=MOST_BYTES)
def _item(template, language, address, write, is_open, words, place):
    row = Row(*words, **dict(zip(PLACE, place, strict=True)))
    body = row.body_html(address)
    context = {"comment": row, "body": body, "address": address, "write": write, "is_open": is_open}
    return template.render(Context(context))
