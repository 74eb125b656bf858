"""A published post with all that its page shows of it and of others, but its comments: one row, read by one query.

What hangs on the post comes as JSON text in the row. The row is hashable: what is made of it is remembered
(web/memo.py).
"""

import json
from datetime import datetime
from typing import NamedTuple

from blog.posts.bylines import Byline, BylineLink
from blog.posts.images import Image
from blog.posts.lists import PICTURE_COLUMNS, PUBLISHED, rows
from blog.posts.models import Authorship, Post, Source
from blog.posts.relations import Banners, Correction, Relation
from blog.tags.models import Tag
from blog.text.figures import Known

LINE = "other.id, other.title, other.slug, other.language, other.publish_at"
NEIGHBOUR = """
    SELECT json_build_array({line})::text FROM blog_post other
    WHERE other.status = 'approved' AND other.publish_at <= statement_timestamp()
        AND (other.publish_at, other.id) {side} (post.publish_at, post.id)
        AND other.publish_at {side}= post.publish_at -- without this all that is newer is read (lists.BEFORE)
    ORDER BY other.publish_at {order}, other.id {order} LIMIT 1
"""
# Whoever wrote both posts replies to nobody: a reply's names are those that the earlier post does not have.
BANNER = """
    SELECT json_agg(json_build_array(relation.kind, ARRAY(
            SELECT byline.name FROM blog_authorship signed JOIN blog_byline byline ON byline.id = signed.byline_id
            WHERE signed.post_id = relation.post_id AND signed.byline_id NOT IN (
                SELECT byline_id FROM blog_authorship WHERE post_id = relation.to_id)
            ORDER BY signed.position, signed.id
        ), {line}) ORDER BY {order}relation.id)::text
    FROM blog_relation relation JOIN blog_post other ON other.id = relation.{other}
    WHERE relation.{own} = post.id AND other.status = 'approved' AND other.publish_at <= statement_timestamp()
"""
PICTURE = """
    (SELECT row_to_json(picture)::text FROM (SELECT {columns} FROM blog_image WHERE id = {key}) picture)
"""
# What the library knows of the pictures in the text; most texts name none.
KNOWN = """
    CASE WHEN strpos(post.body, '/images/') > 0 THEN (
        SELECT json_object_agg(key, json_build_array(hint, focus_x, focus_y) ORDER BY key)::text FROM blog_image
        WHERE key IN (SELECT found[1] FROM regexp_matches(post.body, '/images/([0-9a-f]{16})-', 'g') found)
    ) END
"""
SHAPE = """
    SELECT post.id, post.slug, post.language, post.title, post.standfirst, post.body, post.sign_off, post.publish_at,
        post.comment_policy, post.comments_close_after_days, post.comments_pause_minutes,
        {cover},
        (SELECT json_agg(json_build_array(
            byline.id, byline.name, byline.slug, byline.user_id, byline.bio, byline.call_to_action,
            byline.call_to_action_label, byline.call_to_action_url, {portrait},
            (SELECT json_agg(json_build_array(label, url) ORDER BY id) FROM blog_bylinelink WHERE byline_id = byline.id)
         ) ORDER BY signed.position, signed.id)::text
         FROM blog_authorship signed JOIN blog_byline byline ON byline.id = signed.byline_id
         WHERE signed.post_id = post.id),
        (SELECT json_agg(json_build_array(tag.id, tag.slug, tag.name) ORDER BY tag.id)::text
         FROM blog_taggedpost tagged JOIN blog_tag tag ON tag.id = tagged.tag_id
         WHERE tagged.content_object_id = post.id),
        (SELECT json_agg(json_build_array(text, url) ORDER BY id)::text FROM blog_source WHERE post_id = post.id),
        (SELECT json_agg(json_build_array(text, at) ORDER BY at DESC, id DESC)::text
         FROM blog_correction WHERE post_id = post.id),
        (SELECT row_to_json(counts)::text FROM blog_discussion counts WHERE counts.post_id = post.id),
        ({earlier}),
        ({later}),
        ({follows}),
        ({answers}),
        {known}
    FROM blog_post post WHERE post.slug = %(slug)s AND {published}
"""
QUERY = SHAPE.format(
    published=PUBLISHED,
    cover=PICTURE.format(columns=PICTURE_COLUMNS, key="post.cover_id"),
    portrait=PICTURE.format(columns=PICTURE_COLUMNS, key="byline.picture_id"),
    earlier=NEIGHBOUR.format(line=LINE, side="<", order="DESC"),
    later=NEIGHBOUR.format(line=LINE, side=">", order="ASC"),
    follows=BANNER.format(line=LINE, own="post_id", other="to_id", order=""),
    answers=BANNER.format(line=LINE, own="to_id", other="post_id", order="other.publish_at, "),
    known=KNOWN,
)


# What has to be known of a post by who writes about it, in the order of the model.
WRITTEN_ABOUT = (
    "id", "publish_at", "title", "slug", "language",
    "comment_policy", "comments_close_after_days", "comments_pause_minutes",
)  # fmt: skip
WRITERS_QUERY = f"SELECT {', '.join(WRITTEN_ABOUT)} FROM blog_post post WHERE slug = %(slug)s AND {PUBLISHED}"  # noqa: S608


class Reading(NamedTuple):
    """A published post as its page shows it."""

    pk: int
    slug: str
    language: str
    title: str
    standfirst: str
    body: str
    sign_off: str
    publish_at: datetime
    comment_policy: str
    comments_close_after_days: int
    comments_pause_minutes: int
    cover_json: str | None
    bylines_json: str | None
    tags_json: str | None
    sources_json: str | None
    corrections_json: str | None
    discussion_json: str | None
    earlier_json: str | None
    later_json: str | None
    follows_json: str | None  # what the post answers
    answers_json: str | None  # what answers it
    known_json: str | None  # of the pictures in the text

    @property
    def post(self):
        """The Post, with what hangs on it loaded."""
        post = Post(**{name: getattr(self, name) for name in self._fields[:11]}, cover=_image(self.cover_json))
        discussion = Post.discussion.related.related_model  # a higher capability's
        post.library = {key: Known(*known) for key, known in json.loads(self.known_json or "{}").items()}
        counts = json.loads(self.discussion_json) if self.discussion_json else None
        post._state.fields_cache["discussion"] = counts and discussion(**counts)
        corrections = [Correction(text=text, at=datetime.fromisoformat(at)) for text, at in _all(self.corrections_json)]
        post._prefetched_objects_cache = {  # type: ignore[attr-defined]
            "authorships": [_authorship(*each) for each in _all(self.bylines_json)],
            "tags": [Tag(pk=pk, slug=slug, name=name) for pk, slug, name in _all(self.tags_json)],
            "sources": [Source(text=text, url=url) for text, url in _all(self.sources_json)],
            "corrections": corrections,
        }
        return post

    @property
    def alone(self):
        """The Reading without its discussion: no comment changes it."""
        return self._replace(discussion_json=None)

    @property
    def without_text(self):
        return self._replace(standfirst="", body="", sign_off="")

    @property
    def earlier(self):
        return _line(*json.loads(self.earlier_json)) if self.earlier_json else None

    @property
    def later(self):
        return _line(*json.loads(self.later_json)) if self.later_json else None

    @property
    def banners(self):
        follows = [_relation(kind, names, "to", line) for kind, names, *line in _all(self.follows_json)]
        return Banners(
            follows, [_relation(kind, names, "post", line) for kind, names, *line in _all(self.answers_json)]
        )

    def shown_posts(self):
        """The keys of all posts of which the page shows something."""
        others = [json.loads(line)[0] for line in (self.earlier_json, self.later_json) if line]
        return [self.pk, *others, *(line[2] for line in [*_all(self.follows_json), *_all(self.answers_json)])]


def to_write_about(slug):
    """Return the published Post at an address, or None, without what only its readers see."""
    found = rows(WRITERS_QUERY, {"slug": slug})
    return Post.from_db(Post.objects.db, WRITTEN_ABOUT, found[0]) if found else None


def called(slug):
    """Return the Reading of the published post with this address, or None. One query."""
    found = rows(QUERY, {"slug": slug})
    return Reading(*found[0]) if found else None


def _all(text):
    return json.loads(text) if text else []


def _image(text):
    return Image(**json.loads(text)) if text else None


def _authorship(pk, name, slug, user, bio, call, label, url, picture, links):
    signer = Byline(pk=pk, name=name, slug=slug, user_id=user, bio=bio, picture=_image(picture))
    signer.call_to_action, signer.call_to_action_label, signer.call_to_action_url = call, label, url
    known = {"links": [BylineLink(label=each, url=to) for each, to in links or []]}
    signer._prefetched_objects_cache = known  # type: ignore[attr-defined]
    return Authorship(byline=signer)


def _line(pk, title, slug, language, publish_at):
    return Post(pk=pk, title=title, slug=slug, language=language, publish_at=datetime.fromisoformat(publish_at))


def _relation(kind, names, side, line):
    relation = Relation(kind=kind, **{side: _line(*line)})
    relation.names = names  # type: ignore[attr-defined]
    return relation
