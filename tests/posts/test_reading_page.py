"""What a post's page offers for reading it: contents, notes, the time it takes, its typeface."""

from html import unescape

import pytest

from tests.factories import make_comment, make_published

pytestmark = pytest.mark.django_db

LONG = "".join(f"<h2>Del {number}</h2><p>{'ord ' * 400}</p>" for number in (1, 2, 3))


def page_of(client, body, **fields):
    post = make_published("Om noter", body=body, **fields)
    return client.get(post.get_absolute_url()).content.decode()


def test_page_of_a_long_post_lists_its_parts(client):
    html = page_of(client, LONG)

    assert [f'<a href="#part-del-{number}">Del {number}</a>' in html for number in (1, 2, 3)] == [True] * 3
    assert [f'<h2 id="part-del-{number}">' in html for number in (1, 2, 3)] == [True] * 3
    assert "5 minuters läsning" in html


def test_page_of_a_short_post_has_no_contents(client):
    html = page_of(client, "<h2>a</h2><h2>b</h2><h2>c</h2>", language="en")

    assert 'class="contents"' not in html
    assert "1 minute’s reading" in html


def test_page_shows_notes_under_the_text(client):
    html = page_of(client, "<p>Ord[^1].</p><p>[^1]: En not.</p>")

    assert '<li id="note-1">En not. <a class="back" href="#mark-1"' in html
    assert "[^1]" not in html.partition("</article>")[0].partition("<article")[2]


def test_feed_has_the_notes_too(client):
    post = make_published("Om noter", body="<p>Ord[^1].</p><p>[^1]: En not.</p>")

    feed = unescape(client.get("/feed/").content.decode())

    assert f'<li id="{post.pk}-note-1">En not.' in feed
    assert "[^1]" not in feed


def test_introductions_have_no_marks_of_notes(client):
    make_published("Om noter", body="<p>Ord[^1] här.</p><p>[^1]: En not.</p>")

    [front, found] = [client.get(address).content.decode() for address in ("/", "/search/?q=ord")]

    assert ("Ord här." in front, "[^1]" in front) == (True, False)
    assert ("<mark>Ord</mark> här" in found, "[^1]" in found) == (True, False)


def test_page_with_emphasis_fetches_its_letters_early(client):
    italic = "newsreader-italic"

    assert (italic in page_of(client, "<p><em>a</em></p>"), italic in page_of(client, "<p>a</p>")) == (True, False)


def test_byline_says_nothing_of_the_number_of_comments(client):
    """It is remembered without them."""
    post = make_published("Om noter")
    make_comment(post, "Bra.")

    html = client.get(post.get_absolute_url()).content.decode()

    assert '<a href="#comments">' in html
    assert ("No comments yet" in html, "Inga kommentarer" in html) == (False, False)


def test_page_offers_the_weekly_letter_between_text_and_discussion(client):
    html = page_of(client, "<p>a</p>")

    places = [html.index(part) for part in ('class="prose"', 'class="newsletter"', 'id="comments"')]
    assert places == sorted(places)
