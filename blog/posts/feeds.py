"""RSS and Atom of the site, a tag and an author."""

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from blog.posts.bylines import Byline
from blog.posts.models import Post
from blog.tags.models import Tag
from blog.text.links import absolute

FEED_POSTS = 20


class SiteRss(Feed):
    title = settings.SITE_NAME

    def link(self):
        return reverse("front")

    def description(self):
        return _("New posts on %(site)s") % {"site": settings.SITE_NAME}

    def posts(self, thing):
        return Post.objects.published()

    def items(self, thing):
        return self.posts(thing).for_lists().newest_first()[:FEED_POSTS]

    def item_title(self, post):
        return post.title

    def item_description(self, post):
        return absolute(post.body_html, settings.SITE_URL)

    def item_pubdate(self, post):
        return post.publish_at

    def item_updateddate(self, post):
        return max(post.updated_at, post.publish_at)

    def item_author_name(self, post):
        return ", ".join(each.byline.name for each in post.authorships.all())

    def item_categories(self, post):
        return [tag.name for tag in post.tags.all()]


class SiteAtom(SiteRss):
    feed_type = Atom1Feed

    def subtitle(self, thing):
        return self.description() if thing is None else None


class TagFeed(SiteAtom):
    def get_object(self, request, slug):
        return get_object_or_404(Tag.objects.called(slug))

    def title(self, tag):
        return f"{tag.name} – {settings.SITE_NAME}"

    def link(self, tag):
        return tag.get_absolute_url()

    def posts(self, tag):
        return Post.objects.published().filter(tags=tag)


class AuthorFeed(SiteAtom):
    def get_object(self, request, slug):
        return get_object_or_404(Byline, slug=slug)

    def title(self, byline):
        return f"{byline.name} – {settings.SITE_NAME}"

    def link(self, byline):
        return byline.get_absolute_url()

    def posts(self, byline):
        return Post.objects.published().filter(authorships__byline=byline)
