"""Versions of a post's text: every save adds one, and none is ever changed.

A post's content is a dict: title, standfirst, body (sanitised HTML), sign_off, language; tags (names, sorted),
bylines (keys of Byline, in order), cover (key of an Image or None), sources ([text, address] in order).
`Post.head` is the number of the newest version, `Post.shown` that of the one in the post's own row, which readers
see once the post is public; 0 stands for a text that was never saved here, such as an imported one.
"""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from blog.posts.bylines import Byline
from blog.posts.images import Image
from blog.posts.models import Authorship, Post, Source
from blog.tags.models import Tag
from blog.text.sanitise import clean_post_html

WORDS = ["title", "standfirst", "body", "sign_off", "language"]


class Revision(models.Model):
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="revisions", verbose_name=_("post"))
    number = models.PositiveIntegerField(_("version"))
    content = models.JSONField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("person")
    )
    at = models.DateTimeField(_("time"), default=timezone.now)
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["post", "number"], name="revision_number_once")]

    def __str__(self):
        return f"{self.content['title']} ({self.number})"


def content_of(post):
    """Return the content in the post's own row. Three queries, fewer where they are prefetched."""
    words = {name: getattr(post, name) for name in WORDS}
    return words | {
        "tags": sorted(tag.name for tag in post.tags.all()),
        "bylines": [authorship.byline_id for authorship in post.authorships.all()],
        "cover": post.cover_id,
        "sources": [[source.text, source.url] for source in post.sources.all()],
    }


def newest_content(post):
    """Return the content of the newest version: the pending update's where there is one."""
    if post.shown == post.head:
        return content_of(post)
    return post.revisions.get(number=post.head).content


def content_at(post, number):
    """Return the content of one version; Revision.DoesNotExist. Number 0 is the text before the first save."""
    return content_of(post) if post.head == number == 0 else post.revisions.get(number=max(number, 1)).content


def record(post, content, *, by=None, note=""):
    """Add a version after the newest, and return its number. The caller holds the post's row lock."""
    post.head += 1
    post.revisions.create(number=post.head, content=content, by=by, note=note)
    Post.objects.filter(pk=post.pk, head=post.head - 1).update(head=post.head)
    return post.head


def keep_found(post):
    """Keep a text that was never saved here as version 1, so that a comparison has a beginning."""
    if post.head == 0:
        record_found(post, note=_("before the first save here"))


def record_found(post, *, note):
    """Keep what was written into the post's own row past the form as its newest version."""
    post.shown = record(post, content_of(post), note=note)
    Post.objects.filter(pk=post.pk).update(shown=post.shown)


def put(post, number):
    """Write a version into the post's own row, from where readers get it.

    A byline or picture that was deleted since is left out; a tag that is gone is made again.
    """
    content = post.revisions.get(number=number).content
    for name in WORDS:
        setattr(post, name, content[name])
    post.body = clean_post_html(post.body)
    post.cover = Image.objects.filter(pk=content["cover"]).first()
    post.shown, post.updated_at = number, timezone.now()
    post.save(update_fields=[*WORDS, "cover", "shown", "updated_at"])
    post.tags.set(Tag.objects.present_names(content["tags"]))
    _sign(post, content["bylines"])
    if [[source.text, source.url] for source in post.sources.all()] != content["sources"]:
        post.sources.all().delete()
        Source.objects.bulk_create(Source(post=post, text=text, url=url) for text, url in content["sources"])


def _sign(post, bylines):
    if list(post.authorships.values_list("byline", flat=True)) == bylines:
        return
    post.authorships.all().delete()
    there = set(Byline.objects.filter(pk__in=bylines).values_list("pk", flat=True))
    Authorship.objects.bulk_create(
        Authorship(post=post, byline_id=pk, position=position) for position, pk in enumerate(bylines) if pk in there
    )


def as_post(post, content):
    """Return an unsaved copy of `post` that shows `content` with the templates of a post's page."""
    copy = Post(**{field.attname: getattr(post, field.attname) for field in post._meta.concrete_fields
                   if field.attname in post.__dict__ and field.attname != "search"})  # fmt: skip
    for name in WORDS:
        setattr(copy, name, content[name])
    copy.body = clean_post_html(copy.body)
    copy.cover = Image.objects.filter(pk=content["cover"]).first()
    bylines = Byline.objects.select_related("picture").prefetch_related("links").in_bulk(content["bylines"])
    signed = [Authorship(post=copy, byline=bylines[pk]) for pk in content["bylines"] if pk in bylines]
    tag = post.tags.through.tag_model()
    tags = [tag(name=name, slug=tag().slugify(name)) for name in content["tags"]]  # one may not be there yet
    sources = [Source(post=copy, text=text, url=url) for text, url in content["sources"]]
    copy._prefetched_objects_cache = {  # type: ignore[attr-defined]
        "authorships": signed,
        "tags": tags,
        "sources": sources,
    }
    return copy
