"""Links to videos that stand alone in a paragraph."""

import html5lib
import pytest
from django.utils.translation import override

from blog.text.video import origins, player_of, with_videos

YOUTUBE = "https://www.youtube-nocookie.com/embed/aB3-_xYz012?autoplay=1"
SHORT, LONG = "8x2kQ4vT9mJcRfLbW1pHzN", "9c9de5e8-0a1e-484a-b099-e80766180a6d"


@pytest.fixture(autouse=True)
def in_english():
    with override("en"):
        yield


@pytest.mark.parametrize(
    ("address", "player"),
    [
        ("https://www.youtube.com/watch?v=aB3-_xYz012&t=90", YOUTUBE),
        ("https://youtu.be/aB3-_xYz012?si=x", YOUTUBE),
        ("https://m.youtube.com/shorts/aB3-_xYz012", YOUTUBE),
        ("https://youtube.com/live/aB3-_xYz012/", YOUTUBE),
        ("https://vimeo.com/76979871", "https://player.vimeo.com/video/76979871?autoplay=1&dnt=1"),
        (
            "https://vimeo.com/76979871/8272103f6e",
            "https://player.vimeo.com/video/76979871?autoplay=1&dnt=1&h=8272103f6e",
        ),
        (f"https://tube.example/w/{SHORT}", f"https://tube.example/videos/embed/{SHORT}?autoplay=1"),
        (f"https://www.tube.example/videos/watch/{LONG}", f"https://www.tube.example/videos/embed/{LONG}?autoplay=1"),
    ],
)
def test_player_of_a_video_is_the_one_that_sets_no_cookie(address, player):
    assert player_of(address).address == player


@pytest.mark.parametrize(
    "address",
    [
        "https://www.youtube.com/@somebody",
        "https://www.youtube.com/watch?v=too-short",
        "https://youtube.com.evil.example/watch?v=aB3-_xYz012",
        "https://vimeo.com/channels/staffpicks",
        "https://tube.example/w/short",
        f"https://tube.example:8443/w/{SHORT}",
        f"https://tube.example;script-src */w/{SHORT}",
        f"https://tube.example'/w/{SHORT}",
        f"https://räksmörgås.example/w/{SHORT}",
        f"javascript://tube.example/w/{SHORT}",
        f"https://[::1/w/{SHORT}",
        f"https://tube.example:x/w/{SHORT}",
        "",
    ],
)
def test_no_player_for_what_is_no_video_or_cannot_stand_in_a_header(address):
    assert player_of(address) is None


def test_link_alone_in_its_paragraph_becomes_a_card_that_is_still_a_link():
    html = with_videos('<p>a</p><p> <a href="https://youtu.be/aB3-_xYz012?si=1&amp;t=2">En <em>film</em></a></p>')

    (link,) = html5lib.parseFragment(html, namespaceHTMLElements=False).iter("a")
    assert link.attrib == {
        "href": "https://youtu.be/aB3-_xYz012?si=1&t=2",
        "data-player": YOUTUBE,
        "rel": "noopener noreferrer",
    }
    assert "".join(link.itertext()) == (
        "En film From www.youtube-nocookie.com, which is asked for nothing before you choose to watch."
    )


def test_card_lets_nothing_out_of_an_address():
    html = with_videos('<p><a href="https://youtu.be/aB3-_xYz012?&quot; onclick=&quot;x">film</a></p>')

    (link,) = html5lib.parseFragment(html, namespaceHTMLElements=False).iter("a")
    assert link.get("href") == 'https://youtu.be/aB3-_xYz012?" onclick="x'
    assert sorted(link.attrib) == ["data-player", "href", "rel"]


def test_card_of_a_bare_address_is_called_a_video():
    assert "<b>Video</b>" in with_videos(
        '<p><a href="https://youtu.be/aB3-_xYz012">https://youtu.be/aB3-_xYz012</a></p>'
    )


@pytest.mark.parametrize(
    "html",
    [
        '<p>Se <a href="https://youtu.be/aB3-_xYz012">filmen</a></p>',
        '<p><a href="https://youtu.be/aB3-_xYz012">a</a> <a href="https://youtu.be/aB3-_xYz012">b</a></p>',
        '<p><a href="https://blog.example/film">En film</a></p>',
        "<p>https://youtu.be/aB3-_xYz012</p>",
    ],
)
def test_other_links_stay_as_they_are(html):
    assert (with_videos(html), origins(html)) == (html, [])


def test_origins_names_each_host_once():
    links = ["https://youtu.be/aB3-_xYz012", f"https://tube.example/w/{SHORT}", "https://youtube.com/live/aB3-_xYz012"]

    found = origins("".join(f'<p><a href="{link}">film</a></p>' for link in links))

    assert found == ["https://tube.example", "https://www.youtube-nocookie.com"]
