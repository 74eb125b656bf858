"""The reader's pages: what they show, what they keep to themselves, and what they cost."""

import re
from datetime import UTC, datetime, timedelta

import html5lib
import pytest
from django.test import RequestFactory
from django.utils import timezone

from blog.posts.models import Source
from blog.posts.relations import Correction, Relation
from blog.tags.models import Tag
from blog.web.unavailable import failed
from tests.factories import make_byline, make_comment, make_post, make_published

pytestmark = pytest.mark.django_db

CANARY = "kanariefågel"
INLINE = re.compile(rb"<script(?! src=)|<style|\sstyle=|\son[a-z]+=", re.IGNORECASE)


def month_of(post):
    return f"{timezone.localtime(post.publish_at):/%Y/%m/}"


def sitemap_of(post):
    return f"/sitemap-{timezone.localtime(post.publish_at):%Y-%m}.xml"


def read(client, address):
    """The text of a page that must be there."""
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def make_full_post(title="Om kommatecken", **fields):
    """A published post with everything that a post can have, and a discussion."""
    byline = make_byline(f"Karin {title}", bio="Skriver.", call_to_action="Läs mer", call_to_action_url="https://e.se/")
    byline.links.create(label="Webb", url="https://karin.example/")
    post = make_published(title, tags=["Språk", "Tecken"], bylines=[byline], standfirst="Ingress.", **fields)
    Source.objects.create(post=post, text="Arkivet", url="https://arkiv.example/")
    first = make_comment(post, "Bra.")
    make_comment(post, "Håller med.", name="Bo", parent=first)
    return post


def make_hidden_posts():
    """A draft, one in review and a scheduled post, with the canary in every place that a reader could look."""
    byline = make_byline(CANARY, bio=CANARY)
    tags = ["Språk", f"{CANARY}tagg"]
    hour = timezone.now() + timedelta(hours=1)
    for fields in ({}, {"status": "in_review"}, {"status": "approved", "publish_at": hour, "first_published_at": hour}):
        body = f'<p>{CANARY} kommatecken</p><img src="https://bild.example/a.png" alt="{CANARY}">'
        words = {"standfirst": CANARY, "sign_off": CANARY, "body": body}
        post = make_post(f"{CANARY} om kommatecken", tags=tags, bylines=[byline], **words, **fields)
        make_comment(post, CANARY, name=CANARY)
        yield post


def public_addresses(post):
    byline = post.bylines.get()
    return [
        "/",
        "/archive/",
        f"/{post.publish_at.year}/",
        month_of(post),
        post.get_absolute_url(),
        f"{post.get_absolute_url()}comments/feed/",
        f"{post.get_absolute_url()}comments/write/?reply_to=1",
        "/tag/sprak/",
        "/tag/sprak/feed/",
        byline.get_absolute_url(),
        f"{byline.get_absolute_url()}feed/",
        "/feed/",
        "/feed/atom/",
        "/sitemap.xml",
        sitemap_of(post),
        "/sitemap-tags.xml",
        "/robots.txt",
        "/search/",
        "/search/?q=kommatecken",
    ]


def test_unpublished_posts_leave_no_trace(client):
    post = make_full_post()
    hidden = list(make_hidden_posts())

    pages = [read(client, address) for address in public_addresses(post)]

    assert [page for page in pages if CANARY in page or "kanariefagel" in page] == []
    for each in hidden:
        own = [each.get_absolute_url() + rest for rest in ("", "comments/feed/", "comments/1/", "comments/write/")]
        answers = [client.get(address) for address in own]
        assert [(answer.status_code, CANARY in answer.content.decode()) for answer in answers] == [(404, False)] * 4
    of_drafts = [
        "/tag/kanariefageltagg/",
        "/tag/kanariefageltagg/feed/",
        f"/author/{CANARY}/",
        f"/author/{CANARY}/feed/",
    ]
    assert [client.get(address).status_code for address in of_drafts] == [404] * 4
    assert read(client, f"/search/?q={CANARY}").replace(CANARY, "xyz") == read(client, "/search/?q=xyz")

    hidden[0].approve(publish_at=post.publish_at)  # now there is something that the same pages show

    shows = {address for address in public_addresses(post) if "kanariefagel" in read(client, address)}
    lists = {"/", month_of(post), "/tag/sprak/", "/tag/sprak/feed/", "/feed/", "/feed/atom/"} | {
        sitemap_of(post),
        "/sitemap-tags.xml",
    }
    assert shows == lists | {"/search/?q=kommatecken", post.get_absolute_url()}


def test_pages_are_valid_and_hold_nothing_inline(client):
    post = make_full_post(body="<h2>Mellan</h2><figure><img src='https://bild.example/a.png' alt='x'></figure>")
    make_published("En äldre", ago=timedelta(days=3), tags=["Språk"])
    addresses = [each for each in public_addresses(post) if "feed" not in each and "." not in each] + ["/nix/"]

    for address in addresses:
        page = client.get(address).content
        html5lib.HTMLParser(strict=True).parse(page.decode())
        assert not INLINE.search(page), address


def test_reading_sets_no_cookie_and_gives_everyone_the_same_bytes(client):
    post = make_full_post()

    for address in public_addresses(post):
        first, second = client.get(address), client.get(address, headers={"accept-language": "en"})
        assert (address, dict(first.cookies)) == (address, {})
        assert without_hour(first.content) == without_hour(second.content)


def without_hour(page):
    """A page without the token of its form, which holds the second."""
    return re.sub(rb'name="token" value="[^"]*"', b"", page)


def test_page_that_depends_on_a_cookie_tells_every_cache(client):
    post = make_full_post()

    assert client.get(post.get_absolute_url())["Vary"] == "Cookie"
    assert client.get(post.comments.first().get_absolute_url())["Vary"] == "Cookie"
    assert "no-store" in client.get(f"{post.get_absolute_url()}comments/write/")["Cache-Control"]


def test_server_error_page_needs_no_database(django_db_blocker):
    request = RequestFactory().get("/")

    with django_db_blocker.block():
        response = failed(request)

    assert response.status_code == 500
    html5lib.HTMLParser(strict=True).parse(response.content.decode())


# --- One post


def test_post_shows_what_belongs_to_it(client):
    post = make_full_post(sign_off="Lyssnar på regn.", body="<p>Brödtext.</p>")

    page = read(client, post.get_absolute_url())

    shown = [
        "Ingress.",
        "Brödtext.",
        "Lyssnar på regn.",
        'rel="author"',
        "https://arkiv.example/",
        "/tag/sprak/",
        "Skriver.",
    ]
    assert [each for each in shown if each not in page] == []
    assert "https://karin.example/" in page
    assert "Läs mer" in page
    assert f'<link rel="canonical" href="http://127.0.0.1:8000{post.get_absolute_url()}">' in page
    assert 'lang="sv"' in page
    assert 'rel="prev"' not in page
    assert 'rel="next"' not in page


def test_post_in_english_inside_a_swedish_frame(client):
    post = make_published("Notes", language="en", ago=timedelta(days=1))

    page = read(client, post.get_absolute_url())

    assert '<html lang="sv">' in page
    assert '<div class="reading" lang="en" ' in page
    assert f"{timezone.localtime(post.publish_at):%B}" in page


def test_post_links_to_the_published_neighbours_only(client):
    old = make_published("Äldst", ago=timedelta(days=5))
    make_post("Utkast")
    middle = make_published("Mitten", ago=timedelta(days=3))
    new = make_published("Nyast", ago=timedelta(days=1))

    page = read(client, middle.get_absolute_url())

    assert f'<a href="{old.get_absolute_url()}" rel="prev">' in page
    assert f'<a href="{new.get_absolute_url()}" rel="next">' in page


@pytest.mark.parametrize("title", ["Om kommatecken", "О запятых"])
def test_post_at_another_date_redirects_to_its_own(client, title):
    post = make_published(title)

    response = client.get(f"/1999/01/{post.slug}/")

    assert (response.status_code, response["Location"]) == (301, post.get_absolute_url())
    assert client.get(post.get_absolute_url()).status_code == 200


def test_preview_shows_a_draft_to_its_desk_alone(client, editor, moderator):
    draft = make_post("Hemligt")
    address = f"/preview/{draft.pk}/"

    stranger = client.get(address)
    client.force_login(editor)
    page = read(client, address)

    assert (stranger.status_code, b"Hemligt" in stranger.content) == (404, False)
    assert "Hemligt" in page
    assert 'class="banner"' in page
    assert "comment-form" not in page
    html5lib.HTMLParser(strict=True).parse(page)


# --- Lists


def test_front_page_shows_whole_texts_where_that_is_set(client, settings):
    make_published(standfirst="Ingress.", body="<p>Hela brödtexten.</p>")
    make_published("Den som leder", ago=timedelta(hours=1))

    short = read(client, "/")
    settings.FRONT_PAGE_FULL_TEXT = True
    long = read(client, "/")

    assert ("Hela brödtexten." in short, "Hela brödtexten." in long) == (False, True)
    assert ('class="more"' in short, 'class="more"' in long) == (True, False)


def test_lists_turn_over_without_losing_or_repeating_a_post(client):
    posts = [make_published(f"Nummer {number}", ago=timedelta(hours=number + 1)) for number in range(23)]

    address, seen = "/", []
    while address:
        page = read(client, address)
        seen += re.findall(r"<h[23]><a href=\"[^\"]*\">(Nummer \d+)</a>", page)
        older = re.search(r'href="(\?before=\d+)"', page)
        address = older and "/" + older[1]

    assert seen == [post.title for post in posts]


def test_renamed_tag_redirects_to_its_new_address(client):
    make_published(tags=["Sociala medier"])
    Tag.objects.get().rename("Sociala kanaler")

    response = client.get("/tag/sociala-medier/")

    assert (response.status_code, response["Location"]) == (301, "/tag/sociala-kanaler/")
    assert client.get("/tag/sociala-medier/feed/").status_code == 200


def test_archive_counts_the_months(client):
    post = make_published()
    make_published("Två", ago=timedelta(days=800))

    page = read(client, "/archive/")

    assert month_of(post) in page
    assert len(re.findall(r"<h2><a", page)) == 2
    assert re.findall(r'<a href="([^"]*)" aria-current', page) == ["/archive/"]


@pytest.mark.parametrize(
    "address",
    [
        *("/?before=0", "/?before=" + "9" * 18, "/1/", "/9999/", "/0/", "/99999/", "/2026/13/", "/2026/00/", "/1/01/"),
        *("/9999/12/", "/tag/x/", "/author/x/", "/" + "9" * 5000 + "/", "/preview/1/"),
    ],
)
def test_addresses_that_lead_nowhere_are_404(client, address):
    make_published()

    assert client.get(address).status_code == 404


@pytest.mark.parametrize("number", ["", "x", "-1", "²", "9" * 5000, "1e9"])
def test_parameters_that_are_no_number_are_ignored(client, number):
    post = make_published()

    answers = [
        client.get(address)
        for address in (f"/?before={number}", f"/search/?q=x&page={number}", f"{post.get_absolute_url()}?from={number}")
    ]

    assert [answer.status_code for answer in answers] == [200] * 3


# --- What a page costs. The numbers stand here so that a change of them is seen.


@pytest.mark.parametrize("posts", [1, 15])
@pytest.mark.parametrize(
    ("address", "queries"),
    [("/", 3), ("/tag/sprak/", 4), ("/feed/", 1), ("/tag/sprak/feed/", 2), ("/archive/", 1), ("/search/?q=komma", 4)],
)
def test_lists_cost_the_same_whatever_their_length(client, django_assert_num_queries, posts, address, queries):
    for number in range(posts):
        make_full_post(f"Komma {number}", ago=timedelta(days=number + 1))

    with django_assert_num_queries(1 + queries):  # one asks for updates that are due
        client.get(address)


@pytest.mark.parametrize("size", [1, 30])
def test_post_costs_the_same_whatever_hangs_on_it(client, django_assert_num_queries, size):
    post = make_full_post()
    for number in range(size):
        make_published(f"Annan {number}", tags=["Språk"], ago=timedelta(days=number + 2))
        make_published(f"Senare {number}", ago=timedelta(minutes=number + 2))
        make_comment(post, f"Kommentar {number}", parent=post.comments.first())
        Source.objects.create(post=post, text=f"Källa {number}")
        Correction.objects.create(post=post, text=f"Rättelse {number}")
        Relation.objects.create(post=post, to=make_published(f"Uppföljd {number}", ago=timedelta(days=90 + number)))

    # The post with what hangs on it and its neighbours; its related ones; the discussion, its picks.
    with django_assert_num_queries(1 + 4):
        client.get(post.get_absolute_url())


@pytest.mark.parametrize(
    "address", ["/2147483648/", "/99999999999/", "/2026/99999/", "/2026/0011/", "/02026/11/", "/0000/"]
)
def test_archive_has_one_address_for_each_month_and_none_for_nonsense(client, address):
    make_published(publish_at=datetime(2026, 11, 2, 12, tzinfo=UTC))

    assert client.get(address).status_code == 404
    assert client.get("/2026/11/").status_code == 200


def test_paging_shows_nothing_that_stands_only_on_drafts(client):
    public = make_published()
    byline = make_byline("Kanarie Fågel")
    make_post("Utkast", tags=["hemligt"], bylines=[byline])
    tag = Tag.objects.get(name="hemligt")
    tag.rename("hemligare")

    for address in ("/tag/hemligare/", "/tag/hemligt/", "/author/kanarie-fagel/"):
        assert client.get(address).status_code == 404
        assert client.get(f"{address}?before={public.pk}").status_code == 404


def test_page_before_the_first_post_is_not_there(client):
    assert client.get(f"/?before={make_published().pk}").status_code == 404


def test_summary_of_a_text_without_spaces_is_its_beginning():
    assert make_post(body=f"<p>{'日本語' * 200}</p>").summary == "日本語" * 99 + "…"
