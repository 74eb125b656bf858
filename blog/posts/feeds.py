"""RSS and Atom of the site, a tag and an author."""

from io import StringIO

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.utils.xmlutils import SimplerXMLGenerator

from blog.appearance import look
from blog.posts import lists
from blog.posts.bylines import Byline
from blog.tags.models import Tag
from blog.text.article import article
from blog.text.links import absolute, for_xml
from blog.web.addresses import on_site
from blog.web.memo import remembered
from blog.web.shared import shows

FEED_POSTS = 20
MOST_BYTES = 6 * 2**20


@remembered(most_bytes=MOST_BYTES)
def item_xml(form, site, language, entry):
    """Return an Entry as XML of a feed of the class `form`; `language` is that of the frame, `site` its address."""
    link = f"{site}{entry.address}"
    feed = form(title="", link="", description="")
    feed.add_item(
        title=for_xml(entry.title),
        link=link,
        description=for_xml(absolute(_text(entry), site)),
        author_name=for_xml(", ".join(entry.authors)),
        pubdate=entry.publish_at,
        updateddate=entry.changed_at,
        unique_id=link,
        categories=[for_xml(tag) for tag in entry.tags],
    )
    xml = StringIO()
    form.write_items(feed, SimplerXMLGenerator(xml, "utf-8", short_empty_elements=True))
    return xml.getvalue()


def _text(entry):
    """The post's corrections and text as HTML, in its own language."""
    with override(entry.language):
        return _corrections(entry) + article(entry.body, f"{entry.pk}-").html


def _corrections(entry):
    """They stand before the text also for a feed's readers."""
    lines = [(_("Correction"), date_format(timezone.localtime(at), "j F Y"), text) for at, text in entry.corrections]
    return format_html_join("", "<p><strong>{} {}:</strong> {}</p>", lines)


class MadeOfXml:
    """A feed whose items are XML already."""

    form: type

    def add_entry(self, entry):
        xml = item_xml(self.form, settings.SITE_URL, get_language(), entry)
        self.items.append({"xml": xml, "pubdate": entry.publish_at, "updateddate": entry.changed_at})

    def write_items(self, handler):
        for item in self.items:
            handler.ignorableWhitespace(item["xml"])  # what it writes it does not escape


class Rss(MadeOfXml, Rss201rev2Feed):
    form = Rss201rev2Feed


class Atom(MadeOfXml, Atom1Feed):
    form = Atom1Feed


class SiteRss(Feed):
    feed_type = Rss

    def get_feed(self, thing, request):
        feed = self.feed_type(
            title=self.title(thing),
            link=self.link(thing),
            description=self.description(thing),
            subtitle=self.subtitle(thing),
            language=get_language(),
            feed_url=self.feed_url(thing),
        )
        for entry in self.items(thing):
            feed.add_entry(entry)
        return feed

    def title(self, thing):
        return look.current().name

    def link(self, thing):
        return on_site(reverse("front"))

    def feed_url(self, thing):
        return on_site(reverse("rss"))

    def description(self, thing):
        return _("New posts on %(site)s") % {"site": look.current().name}

    def subtitle(self, thing):
        return None

    def items(self, thing):
        return lists.entries(most=FEED_POSTS)

    def item_pubdate(self, entry):
        """That there is one makes Django say when the feed was last changed."""
        return entry.publish_at


class SiteAtom(SiteRss):
    feed_type = Atom

    def feed_url(self, thing):
        return on_site(reverse("atom"))

    def subtitle(self, thing):
        return self.description(thing)


class ThingFeed(SiteRss):
    """The Atom feed of the posts of one thing, which has a name and a page."""

    feed_type = Atom

    def title(self, thing):
        return for_xml(f"{thing.name} – {look.current().name}")

    def link(self, thing):
        return on_site(thing.get_absolute_url())

    def feed_url(self, thing):
        return f"{self.link(thing)}feed/"

    def items(self, thing):
        entries = self.entries(thing)
        if not entries:
            raise Http404  # like its page: what stands only on drafts does not exist yet
        return entries


class TagFeed(ThingFeed):
    def get_object(self, request, slug):
        if tag := Tag.objects.called(slug):
            shows(request, f"tag:{tag.pk}")
            return tag
        raise Http404

    def entries(self, tag):
        return lists.entries(lists.OF_TAG, most=FEED_POSTS, tag=tag.pk)


class AuthorFeed(ThingFeed):
    def get_object(self, request, slug):
        return get_object_or_404(Byline, slug=slug)

    def entries(self, byline):
        return lists.entries(lists.OF_BYLINE, most=FEED_POSTS, byline=byline.pk)
