"""RSS and Atom of the site, a tag and an author."""

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import override

from blog.posts.bylines import Byline
from blog.posts.models import Post
from blog.tags.models import Tag
from blog.text.links import absolute, for_xml
from blog.web.addresses import on_site
from blog.web.shared import shows

FEED_POSTS = 20


class SiteRss(Feed):
    def title(self, thing):
        return settings.SITE_NAME

    def link(self, thing):
        return on_site(reverse("front"))

    def feed_url(self, thing):
        return on_site(reverse("rss"))

    def description(self, thing):
        return _("New posts on %(site)s") % {"site": settings.SITE_NAME}

    def posts(self, thing):
        return Post.objects.published()

    def items(self, thing):
        return self.posts(thing).for_lists().prefetch_related("tags", "corrections").newest_first()[:FEED_POSTS]

    def item_title(self, post):
        return for_xml(post.title)

    def item_link(self, post):
        return on_site(post.get_absolute_url())

    def item_description(self, post):
        return for_xml(_corrections(post) + absolute(post.body_html, settings.SITE_URL))

    def item_pubdate(self, post):
        return post.publish_at

    def item_updateddate(self, post):
        return max(post.updated_at, post.publish_at)

    def item_author_name(self, post):
        return for_xml(", ".join(each.byline.name for each in post.authorships.all()))

    def item_categories(self, post):
        return [for_xml(tag.name) for tag in post.tags.all()]


def _corrections(post):
    """The post's corrections as HTML, in its own language: they stand before the text also for a feed's readers."""
    with override(post.language):
        lines = [
            (_("Correction"), date_format(timezone.localtime(each.at), "j F Y"), each.text)
            for each in post.corrections.all()
        ]
    return format_html_join("", "<p><strong>{} {}:</strong> {}</p>", lines)


class SiteAtom(SiteRss):
    feed_type = Atom1Feed

    def feed_url(self, thing):
        return on_site(reverse("atom"))

    def subtitle(self, thing):
        return self.description(thing)


class ThingFeed(SiteRss):
    """The Atom feed of the posts of one thing, which has a name and a page."""

    feed_type = Atom1Feed

    def title(self, thing):
        return for_xml(f"{thing.name} – {settings.SITE_NAME}")

    def link(self, thing):
        return on_site(thing.get_absolute_url())

    def feed_url(self, thing):
        return f"{self.link(thing)}feed/"

    def items(self, thing):
        posts = super().items(thing)
        if not posts:
            raise Http404  # like its page: what stands only on drafts does not exist yet
        return posts


class TagFeed(ThingFeed):
    def get_object(self, request, slug):
        if tag := Tag.objects.called(slug):
            shows(request, f"tag:{tag.pk}")
            return tag
        raise Http404

    def posts(self, tag):
        return Post.objects.published().filter(tags=tag)


class AuthorFeed(ThingFeed):
    def get_object(self, request, slug):
        return get_object_or_404(Byline, slug=slug)

    def posts(self, byline):
        return Post.objects.published().filter(authorships__byline=byline)
