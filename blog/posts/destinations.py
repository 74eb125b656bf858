"""Where a post's links to this site lead: to a page that readers can open, or to none."""

from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import unquote

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.core.files.storage import default_storage
from django.db.models import Exists, OuterRef, Q
from django.urls import Resolver404, resolve
from django.utils import timezone

from blog.posts import archive
from blog.posts.bylines import Byline
from blog.posts.models import Authorship, Post
from blog.posts.workflow import Status
from blog.tags.models import Tag, TaggedPost

ALWAYS_THERE = {"front", "search", "archive", "rss", "atom", "sitemap", "robots"}
OF_A_POST = {"post", "write-comment", "comment", "comments-feed"}
OF_A_TAG = {"tag", "tag-feed"}
OF_A_BYLINE = {"author", "author-feed"}


@dataclass
class Destinations:
    """What the pages at some paths of this site will be at an hour, to the readers of a post with this content.

    The post's own tags, bylines and month count: they have a page as soon as it is public. At most four queries.
    """

    paths: set[str]
    content: dict
    at: datetime
    own: int | None  # the post's key, once it has one
    unpublished: set[str] = field(default_factory=set)  # of posts that are not public then
    missing: set[str] = field(default_factory=set)

    def __post_init__(self):
        pages = {path: _page(path) for path in self.paths if not _is_file(path)}
        self.missing = {path for path in self.paths - set(pages) if not _file_exists(path)}
        posts = self._posts(_named(pages, OF_A_POST))
        tags, bylines = self._tags(_named(pages, OF_A_TAG)), self._bylines(_named(pages, OF_A_BYLINE))
        months = self._months(any(name in ("archive-year", "archive-month") for name, _values in pages.values()))
        for path, (name, values) in pages.items():
            slug = values.get("slug")
            if name in OF_A_POST and slug in posts and not posts[slug]:
                self.unpublished.add(path)
            elif not (
                name in ALWAYS_THERE
                or (name in OF_A_POST and slug in posts)
                or (name in OF_A_TAG and slug in tags)
                or (name in OF_A_BYLINE and slug in bylines)
                or (name == "archive-year" and values["year"] in {year for year, _month in months})
                or (name == "archive-month" and (values["year"], values["month"]) in months)
            ):
                self.missing.add(path)

    def _posts(self, slugs):
        """Of each slug that a post has or had, whether it is public at the hour."""
        rows = Post.objects.filter(Q(slug__in=slugs) | Q(former_slugs__slug__in=slugs))
        columns = rows.values_list("pk", "slug", "former_slugs__slug", "status", "publish_at") if slugs else ()
        found: dict[str, bool] = {}
        for key, slug, former, status, hour in columns:
            is_public = key == self.own or (status == Status.APPROVED and hour is not None and hour <= self.at)
            found |= dict.fromkeys({slug, former}, is_public)
        return found

    def _tags(self, slugs):
        public = TaggedPost.objects.filter(tag=OuterRef("pk"), content_object__in=Post.objects.published(self.at))
        shown = Tag.objects.filter(Q(Exists(public)) | Q(name__in=self.content["tags"]))
        rows = shown.filter(Q(slug__in=slugs) | Q(former_slugs__slug__in=slugs)) if slugs else Tag.objects.none()
        return {slug for pair in rows.values_list("slug", "former_slugs__slug") for slug in pair}

    def _bylines(self, slugs):
        public = Authorship.objects.filter(byline=OuterRef("pk"), post__in=Post.objects.published(self.at))
        shown = Byline.objects.filter(Q(Exists(public)) | Q(pk__in=self.content["bylines"]))
        return set(shown.filter(slug__in=slugs).values_list("slug", flat=True)) if slugs else set()

    def _months(self, are_asked_for):
        if not are_asked_for:
            return set()
        own = timezone.localtime(self.at)
        years = archive.years(Post.objects.published(self.at))
        return {(own.year, own.month)} | {(month.year, month.month) for _year, its in years for month, _number in its}


def _page(path):
    """The name of the page at a path, and the values in its address; "" for none."""
    path = unquote(path)
    is_possible = path and "\0" not in path  # which the database refuses
    for written in (path, f"{path}/") if is_possible else ():  # a forgotten slash is redirected
        try:
            found = resolve(written)
            return found.url_name or "", found.kwargs
        except Resolver404:
            continue
    return "", {}


def _named(pages, names):
    return {values["slug"] for name, values in pages.values() if name in names}


def _is_file(path):
    return path.startswith((settings.MEDIA_PATH, settings.STATIC_URL))


def _file_exists(path):
    if path.startswith(settings.STATIC_URL):
        return True  # nobody writes these by hand
    try:
        return default_storage.exists(unquote(path.removeprefix(settings.MEDIA_PATH)))
    except SuspiciousOperation:
        return False
