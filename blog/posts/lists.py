"""Posts as lists show them: plain rows, read by one query at a cost that does not grow with the archive.

What hangs on a post comes as JSON text in its row. A row is hashable: what is made of it is remembered (web/memo.py).
"""

import json
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connections

from blog.posts.bylines import Byline
from blog.posts.images import Image
from blog.posts.models import Post
from blog.tags.models import Tag

# What PostQuerySet.published() says.
PUBLISHED = "post.status = 'approved' AND post.publish_at <= statement_timestamp()"
OF_TAG = "EXISTS (SELECT FROM blog_taggedpost WHERE tag_id = %(tag)s AND content_object_id = post.id)"
OF_BYLINE = "EXISTS (SELECT FROM blog_authorship WHERE byline_id = %(byline)s AND post_id = post.id)"
WITHIN = "post.publish_at >= %(first)s AND post.publish_at < %(after)s"
# The hour says it once more by itself: of two bounds PostgreSQL starts at the one that is a plain value, and would read
# all that is newer.
BEFORE = f"""(post.publish_at, post.id) <
    (SELECT post.publish_at, post.id FROM blog_post post WHERE post.id = %(before)s AND {PUBLISHED})
    AND post.publish_at <= (SELECT publish_at FROM blog_post WHERE id = %(before)s)"""  # noqa: S608

TAG_COLUMNS = ("id", "name", "slug", "description")
TAG = f"SELECT {', '.join(TAG_COLUMNS)} FROM blog_tag WHERE slug = %(slug)s"  # noqa: S608
CHOSEN = """
    SELECT post.id, row_number() OVER (ORDER BY post.publish_at DESC, post.id DESC) AS place
    FROM blog_post post WHERE {conditions}
    ORDER BY post.publish_at DESC, post.id DESC LIMIT {most}
"""
GIVEN = "SELECT id, place FROM unnest(%(posts)s::bigint[]) WITH ORDINALITY AS chosen (id, place)"
SIGNED_BY = """
    SELECT json_agg(json_build_array(byline.name, byline.slug) ORDER BY signed.position, signed.id)::text
    FROM blog_authorship signed JOIN blog_byline byline ON byline.id = signed.byline_id WHERE signed.post_id = post.id
"""
PICTURE_COLUMNS = "key, width, height, alt, caption, credit, hint, focus_x, focus_y"
WHERE_NO_STANDFIRST = "CASE WHEN post.standfirst = '' THEN post.body ELSE '' END"
TEASERS = """
    SELECT post.id, post.slug, post.language, post.title, post.standfirst,
        {body},
        post.publish_at, ({signed_by}), row_to_json(cover)::text, coalesce(discussion.visible_comments, 0)
    FROM ({chosen}) chosen JOIN blog_post post ON post.id = chosen.id
        LEFT JOIN blog_discussion discussion ON discussion.post_id = post.id
        LEFT JOIN LATERAL (
            SELECT {picture} FROM blog_image WHERE id = post.cover_id
        ) cover ON true
    ORDER BY chosen.place
"""
ENTRIES = """
    SELECT post.id, post.slug, post.language, post.title, post.body, post.publish_at, post.updated_at, ({signed_by}),
        (SELECT json_agg(tag.name ORDER BY tagged.id)::text
         FROM blog_taggedpost tagged JOIN blog_tag tag ON tag.id = tagged.tag_id
         WHERE tagged.content_object_id = post.id),
        (SELECT json_agg(json_build_array(at, text) ORDER BY at DESC, id DESC)::text
         FROM blog_correction WHERE post_id = post.id)
    FROM ({chosen}) chosen JOIN blog_post post ON post.id = chosen.id
    ORDER BY chosen.place
"""


class Teaser(NamedTuple):
    """A post on a list."""

    pk: int
    slug: str
    language: str
    title: str
    standfirst: str
    body: str  # "" where the list does not need it
    publish_at: datetime
    bylines_json: str | None
    cover_json: str | None
    comments: int
    pick: tuple | None = None  # the comment that the editors chose (comments/picks.py)
    extract: str = ""  # of a search result, safe HTML

    @property
    def post(self):
        words = {
            name: getattr(self, name) for name in ("slug", "language", "title", "standfirst", "body", "publish_at")
        }
        return Post(**words)

    @property
    def bylines(self):
        return [Byline(name=name, slug=slug) for name, slug in json.loads(self.bylines_json or "[]")]

    @property
    def cover(self):
        return Image(**json.loads(self.cover_json)) if self.cover_json else None


class Entry(NamedTuple):
    """A post in a feed."""

    pk: int
    slug: str
    language: str
    title: str
    body: str
    publish_at: datetime
    updated_at: datetime
    bylines_json: str | None
    tags_json: str | None
    corrections_json: str | None

    @property
    def address(self):
        return Post(slug=self.slug, publish_at=self.publish_at).get_absolute_url()

    @property
    def changed_at(self):
        return max(self.updated_at, self.publish_at)

    @property
    def authors(self):
        return [name for name, _slug in json.loads(self.bylines_json or "[]")]

    @property
    def tags(self):
        return json.loads(self.tags_json or "[]")

    @property
    def corrections(self):
        """Pairs of an aware datetime and a text, the newest first."""
        return [(datetime.fromisoformat(at), text) for at, text in json.loads(self.corrections_json or "[]")]


def tag_called(slug):
    """Return the tag at an address, or the one that had it before a rename or a merge, or None."""
    for row in rows(TAG, {"slug": slug}):
        return Tag(**dict(zip(TAG_COLUMNS, row, strict=True)))
    return Tag.objects.called(slug)


def teasers(*conditions, most, full_text=False, **words):
    """Return up to `most` Teasers of the published posts that meet the conditions (such as OF_TAG), newest first.

    One query, two with conditions: which way to those posts is the shortest depends on the tag, so that is planned each
    time, but for the short query that finds them alone.
    """
    chosen = newest(conditions, most)
    if conditions:
        chosen, words = GIVEN, {"posts": [key for key, _place in rows(chosen, words)]}
    return teasers_of(chosen, full_text=full_text, **words)


def teasers_of(chosen, *, full_text=False, **words):
    """Return the Teasers of the posts that the query `chosen` names by columns id and place, in order of place."""
    body = "post.body" if full_text else WHERE_NO_STANDFIRST
    return [
        Teaser(*row)
        for row in rows(TEASERS.format(chosen=chosen, body=body, signed_by=SIGNED_BY, picture=PICTURE_COLUMNS), words)
    ]


def entries(*conditions, most, **words):
    """Return up to `most` Entries of the published posts that meet the conditions, newest first."""
    query = ENTRIES.format(chosen=newest(conditions, most), signed_by=SIGNED_BY)
    return [Entry(*row) for row in rows(query, words)]


def newest(conditions, most):
    """Return the query of the `most` newest published posts that meet the conditions, for `teasers_of`."""
    # The number stands in the text: a plan for any number would be a worse one, so each time a new one would be made.
    return CHOSEN.format(conditions=" AND ".join([PUBLISHED, *conditions]), most=int(most))


def rows(query, words):
    """Return the rows of a query whose text is always the same, from the database that may be read just now."""
    connection: Any = connections[Post.objects.db]  # project/postgresql
    with connection.prepared_cursor() as cursor:
        cursor.execute(query, words)
        return cursor.fetchall()
