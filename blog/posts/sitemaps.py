"""The sitemap: what search engines may find. An index, and a part for each month and for the tags.

No part grows with the archive, and the index only by a line for each month.
"""

from django.conf import settings
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from blog.posts import archive, lists
from blog.posts.models import Post
from blog.tags.models import Tag
from blog.web.partials import partial

# OFFSET keeps the planner from reading all posts: each tag's first published one will do.
SHOWN_TAGS = f"""
    SELECT slug FROM blog_tag tag WHERE EXISTS (
        SELECT FROM blog_taggedpost tagged JOIN blog_post post ON post.id = tagged.content_object_id
        WHERE tagged.tag_id = tag.id AND {lists.PUBLISHED} OFFSET 0
    ) ORDER BY slug
"""  # noqa: S608


@require_safe
def index(request):
    """Name the parts."""
    parts = [reverse("sitemap-of-month", args=[day.year, day.month]) for day in archive.months()]
    return _xml("sitemap_index", addresses=(*parts, reverse("sitemap-of-tags")))


@require_safe
def month(request, year, month):
    """Name the posts of a month, newest first."""
    posts = Post.objects.published().filter(archive.within(year, month)).newest_first()
    rows = posts.values_list("slug", "publish_at", "updated_at")
    if not rows:
        raise Http404
    addresses = [
        (Post(slug=slug, publish_at=at).get_absolute_url(), max(changed, at).date()) for slug, at, changed in rows
    ]
    return _xml("sitemap", addresses=tuple(addresses))


@require_safe
def tags(request):
    """Name the tags of published posts."""
    found = [Tag(slug=slug) for (slug,) in lists.rows(SHOWN_TAGS, {})]
    return _xml("sitemap", addresses=tuple((tag.get_absolute_url(), None) for tag in found))


def _xml(name, **words):
    response = HttpResponse(partial(f"blog/posts/{name}.xml", site=settings.SITE_URL, **words))
    response["Content-Type"] = "application/xml"
    response["X-Robots-Tag"] = "noindex, noodp, noarchive"
    return response
