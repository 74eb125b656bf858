"""What is talked about, for the front page: where most is said, the newest comments, those that editors picked, tags.

One query, which looks at no more of the archive however large it is.
"""

import json
from datetime import datetime
from typing import NamedTuple

from blog.comments.models import Comment
from blog.posts import lists
from blog.posts.models import Post
from blog.tags.models import Tag

RECENT_POSTS = 30  # among which the most discussed, and the tags, are looked for
LOOKED_AT = 40  # comments: some stand under posts that are no longer public
MOST_DISCUSSED, MOST_COMMENTS, MOST_PICKS, MOST_TAGS = 5, 4, 3, 14
POST = "json_build_array(post.title, post.slug, post.language, post.publish_at)"
COMMENTS = f"""
    SELECT json_agg(json_build_array(number, name, html, text, markup_version, {POST}) ORDER BY place)::text FROM (
        SELECT shown.*, row_number() OVER (ORDER BY shown.{{hour}} DESC, shown.id DESC) AS place
        FROM (
            SELECT * FROM blog_comment WHERE state = 'visible' AND {{condition}}
            ORDER BY {{hour}} DESC, id DESC LIMIT {LOOKED_AT}
        ) shown JOIN blog_post post ON post.id = shown.post_id WHERE {lists.PUBLISHED}
        ORDER BY shown.{{hour}} DESC, shown.id DESC LIMIT {{most}}
    ) chosen JOIN blog_post post ON post.id = chosen.post_id
"""  # noqa: S608
# OFFSET keeps the planner from reading all discussions, and all tags of all posts, for these few.
QUERY = f"""
    WITH recent AS MATERIALIZED ({lists.newest([], RECENT_POSTS)})
    SELECT
        (SELECT json_agg(json_build_array(visible_comments, {POST}) ORDER BY visible_comments DESC, place)::text FROM (
            SELECT id, place, visible_comments FROM recent CROSS JOIN LATERAL (
                SELECT visible_comments FROM blog_discussion WHERE post_id = recent.id OFFSET 0
            ) counts WHERE visible_comments > 0 ORDER BY visible_comments DESC, place LIMIT {MOST_DISCUSSED}
        ) talk JOIN blog_post post USING (id)),
        ({COMMENTS.format(hour="created_at", condition="origin <> 'mention'", most=MOST_COMMENTS)}),
        ({COMMENTS.format(hour="picked_at", condition="picked_at IS NOT NULL", most=MOST_PICKS)}),
        (SELECT json_agg(json_build_array(name, slug) ORDER BY name)::text FROM (
            SELECT tag.name, tag.slug FROM recent CROSS JOIN LATERAL (
                SELECT tag_id FROM blog_taggedpost WHERE content_object_id = recent.id OFFSET 0
            ) tagged JOIN blog_tag tag ON tag.id = tag_id
            GROUP BY tag.id ORDER BY count(*) DESC, min(place) LIMIT {MOST_TAGS}
        ) used)
"""  # noqa: S608


class Remark(NamedTuple):
    """A comment, and the post that it stands under."""

    number: int
    name: str
    html: str
    text: str
    markup_version: int
    about: list

    @property
    def extract(self):
        stored = {name: getattr(self, name) for name in ("number", "name", "html", "text", "markup_version")}
        return Comment(**stored, mentions={}).extract

    @property
    def post(self):
        return _post(self.about)

    @property
    def address(self):
        return f"{self.post.get_absolute_url()}comments/{self.number}/"


class Lately(NamedTuple):
    """What the front page tells of the conversation; hashable, as it is remembered by (web/partials.py)."""

    discussed_json: str | None
    newest_json: str | None
    picked_json: str | None
    tags_json: str | None

    @property
    def discussed(self):
        """Pairs of a number of comments and a Post, the greatest first."""
        return [(count, _post(about)) for count, about in _all(self.discussed_json)]

    @property
    def newest(self):
        return [Remark(*each) for each in _all(self.newest_json)]

    @property
    def picked(self):
        return [Remark(*each) for each in _all(self.picked_json)]

    @property
    def tags(self):
        return [Tag(name=name, slug=slug) for name, slug in _all(self.tags_json)]


def lately():
    [row] = lists.rows(QUERY, {})
    return Lately(*row)


def _all(text):
    return json.loads(text or "[]")


def _post(about):
    title, slug, language, publish_at = about
    return Post(title=title, slug=slug, language=language, publish_at=datetime.fromisoformat(publish_at))
