"""Which posts are related: by shared tags and by words of the title, at a cost that does not grow with the archive."""

from datetime import datetime
from typing import NamedTuple

from blog.posts.lists import PUBLISHED, rows
from blog.posts.models import SEARCH_CONFIGURATIONS, Post

SHOWN = 4
# Candidates: the newest rows of each of the post's tags, and the newest posts in its language. Each branch reads
# a fixed number of rows from an index. The words of the title decide among those that share the most tags, since each
# look into a text costs as much as all the rest. OFFSET keeps the planner from reading a small archive whole.
CANDIDATES, WEIGHED = 12, 16
QUERY = f"""
    WITH candidate AS (
        (SELECT item.content_object_id AS id, 1 AS shared
         FROM blog_taggedpost own
         CROSS JOIN LATERAL (
            SELECT content_object_id FROM blog_taggedpost
            WHERE tag_id = own.tag_id AND content_object_id <> %(post)s
            ORDER BY content_object_id DESC LIMIT {CANDIDATES}
         ) item
         WHERE own.content_object_id = %(post)s)
        UNION ALL
        (SELECT id, 0 FROM blog_post post
         WHERE {PUBLISHED} AND id <> %(post)s AND language = %(language)s
         ORDER BY publish_at DESC, id DESC LIMIT {CANDIDATES})
    ), scored AS (
        SELECT id, sum(shared) AS shared FROM candidate GROUP BY id
        ORDER BY shared DESC, id DESC LIMIT {WEIGHED}
    ), words AS (
        -- The title's words, any of them: 'a' | 'b' | 'c'.
        SELECT replace(plainto_tsquery(%(configuration)s, %(title)s)::text, '&', '|')::tsquery AS query
    )
    SELECT p.id, p.title, p.slug, p.language, p.publish_at
    FROM scored CROSS JOIN words CROSS JOIN LATERAL (
        SELECT * FROM blog_post post
        WHERE post.id = scored.id AND {PUBLISHED} AND (scored.shared > 0 OR post.search @@ words.query) OFFSET 0
    ) p
    ORDER BY scored.shared + ts_rank(p.search, words.query) DESC, p.publish_at DESC, p.id DESC
    LIMIT {SHOWN}
"""  # noqa: S608


class Line(NamedTuple):
    """What a line about a post shows."""

    pk: int
    title: str
    slug: str
    language: str
    publish_at: datetime

    def get_absolute_url(self):
        return Post(slug=self.slug, publish_at=self.publish_at).get_absolute_url()


def related_to(post):
    """Return a tuple of up to 4 Lines on published posts, the most closely related first. One query."""
    words = {
        "post": post.pk,
        "language": post.language,
        "title": post.title,
        "configuration": SEARCH_CONFIGURATIONS.get(post.language, "simple"),
    }
    return tuple(Line(*row) for row in rows(QUERY, words))
