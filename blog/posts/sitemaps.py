"""The sitemap: what search engines may find."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap

from blog.posts.models import Post
from blog.tags.models import Tag


class SiteSitemap(Sitemap):
    """Addresses as the world sees them: behind a proxy the request does not know scheme and host."""

    def get_protocol(self, protocol=None):
        return urlsplit(settings.SITE_URL).scheme

    def get_domain(self, site=None):
        return urlsplit(settings.SITE_URL).netloc


class PostSitemap(SiteSitemap):
    def items(self):
        return Post.objects.published().only("slug", "publish_at", "created_at", "updated_at").newest_first()

    def lastmod(self, post):
        return max(post.updated_at, post.publish_at)


class TagSitemap(SiteSitemap):
    def items(self):
        return Tag.objects.filter(items__content_object__in=Post.objects.published()).distinct().order_by("slug")


SITEMAPS = {"posts": PostSitemap, "tags": TagSitemap}
