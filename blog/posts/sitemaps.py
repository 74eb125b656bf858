"""The sitemap: what search engines may find."""

from django.contrib.sitemaps import Sitemap

from blog.posts.models import Post
from blog.tags.models import Tag


class PostSitemap(Sitemap):
    protocol = "https"

    def items(self):
        return Post.objects.published().only("slug", "publish_at", "created_at", "updated_at").newest_first()

    def lastmod(self, post):
        return max(post.updated_at, post.publish_at)


class TagSitemap(Sitemap):
    def items(self):
        return Tag.objects.filter(items__content_object__in=Post.objects.published()).distinct().order_by("slug")


SITEMAPS = {"posts": PostSitemap, "tags": TagSitemap}
