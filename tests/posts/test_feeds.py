"""Feeds, sitemap and robots.txt: well-formed, complete, with the site's own address."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from xml.etree.ElementTree import fromstring

import pytest

from tests.factories import make_byline, make_comment, make_post, make_published

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
# Characters that no XML document may hold; a database holds them without complaint.
BROKEN = "a\x01\x0b\x1f\ufffe\uffffz"


@pytest.fixture(autouse=True)
def _address(settings):
    settings.SITE_URL = "https://blogg.example"


def read(client, address):
    response = client.get(address)
    assert response.status_code == 200, address
    return fromstring(response.content)


def links(feed):
    return [entry.find(f"{ATOM}link").get("href") for entry in feed.iter(f"{ATOM}entry")]


def test_rss_holds_the_whole_text_with_full_addresses(client):
    byline = make_byline("Åsa & Bo")
    body = '<p><a href="/om/">om</a> &amp; <img src="/media/images/0123456789abcdef-800x600/480.jpg" alt="x"></p>'
    post = make_published("Ett < två & tre", bylines=[byline], tags=["å & ä"], body=body)

    channel = read(client, "/feed/").find("channel")

    item = channel.find("item")
    assert channel.findtext("link") == "https://blogg.example/"
    assert item.findtext("title") == "Ett < två & tre"
    assert item.findtext("link") == f"https://blogg.example{post.get_absolute_url()}"
    assert item.findtext("category") == "å & ä"
    assert item.findtext("{http://purl.org/dc/elements/1.1/}creator") == "Åsa & Bo"
    assert abs(parsedate_to_datetime(item.findtext("pubDate")) - post.publish_at) < timedelta(seconds=1)
    text = item.findtext("description")
    assert '<a href="https://blogg.example/om/">' in text
    assert 'src="/media' not in text
    assert 'srcset="/media' not in text


@pytest.mark.parametrize("address", ["/feed/atom/", "/tag/sprak/feed/", "/author/karin-ek/feed/"])
def test_atom_feeds_name_themselves_and_list_the_newest_twenty(client, address):
    byline = make_byline()
    posts = [
        make_published(f"Nummer {n}", tags=["Språk"], bylines=[byline], ago=timedelta(hours=n + 1)) for n in range(22)
    ]
    make_published("Någon annans", ago=timedelta(days=9))

    feed = read(client, address)

    assert [each.get("href") for each in feed.findall(f"{ATOM}link") if each.get("rel") == "self"] == [
        f"https://blogg.example{address}"
    ]
    assert links(feed) == [f"https://blogg.example{post.get_absolute_url()}" for post in posts[:20]]
    updated = feed.find(f"{ATOM}entry/{ATOM}updated").text
    assert datetime.fromisoformat(updated).tzinfo is not None


def test_comments_feed_lists_the_newest_first_in_the_language_of_the_post(client):
    post = make_published("Notes", language="en")
    make_comment(post, "First", name="Anna & Bo")
    make_comment(post, "Held", state="held")
    make_comment(post, "*Third*", name="<b>Carl</b>")

    feed = read(client, f"{post.get_absolute_url()}comments/feed/")

    assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == "en"
    assert [entry.findtext(f"{ATOM}title") for entry in feed.iter(f"{ATOM}entry")] == [
        "<b>Carl</b>, comment 3",
        "Anna & Bo, comment 1",
    ]
    assert links(feed) == [f"https://blogg.example{post.get_absolute_url()}comments/{n}/" for n in (3, 1)]
    assert feed.findtext(f"{ATOM}entry/{ATOM}summary").strip() == "<p><em>Third</em></p>"


def test_comments_feed_costs_two_queries(client, post, django_assert_num_queries):
    for number in range(60):
        make_comment(post, f"Nr {number}")

    with django_assert_num_queries(3):
        feed = read(client, f"{post.get_absolute_url()}comments/feed/")

    assert len(links(feed)) == 50


def test_feeds_survive_characters_that_xml_cannot_hold(client):
    byline = make_byline(f"Karin {BROKEN}", slug="karin")
    post = make_published(BROKEN, slug="trasig", body=f"<p>{BROKEN}</p>", tags=[BROKEN], bylines=[byline])
    make_comment(post, BROKEN, name=BROKEN)
    tag = post.tags.get()

    feeds = ["/feed/", "/feed/atom/", f"{tag.get_absolute_url()}feed/", "/author/karin/feed/", "/sitemap-tags.xml"]

    for address in [*feeds, f"{post.get_absolute_url()}comments/feed/"]:
        read(client, address)


def test_sitemap_leads_to_posts_and_tags_under_the_site_address(client):
    post = make_published(
        tags=["Språk"], publish_at=datetime(2026, 10, 31, 23, 30, tzinfo=UTC)
    )  # November in Stockholm
    older = make_published(publish_at=datetime(2024, 2, 1, 12, tzinfo=UTC))
    make_post("Utkast", tags=["Hemligt"])
    site = "https://blogg.example"

    parts = addresses_in(read(client, "/sitemap.xml"))
    lists = [addresses_in(read(client, part.removeprefix(site))) for part in parts]

    assert parts == [f"{site}/sitemap-{name}.xml" for name in ("2026-11", "2024-02", "tags")]
    paths = [post.get_absolute_url(), older.get_absolute_url(), "/tag/sprak/"]
    assert lists == [[f"{site}{path}"] for path in paths]
    assert client.get("/sitemap-2026-10.xml").status_code == 404


def addresses_in(sitemap):
    return [each.text for each in sitemap.iter(f"{SITEMAP}loc")]


def test_robots_names_the_sitemap_and_keeps_the_admin_out(client):
    lines = client.get("/robots.txt").content.decode().splitlines()

    assert lines == ["User-agent: *", "Disallow: /admin/", "Sitemap: https://blogg.example/sitemap.xml"]
