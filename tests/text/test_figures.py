"""What a post's pictures become on the page."""

import html5lib
import pytest

from blog.text.figures import widths_of, with_pictures

OURS = "/media/images/0123456789abcdef-2000x1000/1600.jpg"


def test_widths_of_never_scales_up():
    assert [widths_of(each) for each in (100, 480, 700, 1600, 5000)] == [
        [100],
        [480],
        [480, 700],
        [480, 960, 1600],
        [480, 960, 1600],
    ]


def test_with_pictures_gives_our_image_three_formats_and_its_size():
    html = with_pictures(f'<figure><img src="{OURS}" alt="Ett &quot;hus&quot;"><figcaption>Text</figcaption></figure>')

    tree = html5lib.parseFragment(html, namespaceHTMLElements=False)
    assert [each.get("type") for each in tree.iter("source")] == ["image/avif", "image/webp"]
    (image,) = tree.iter("img")
    assert (image.get("width"), image.get("height"), image.get("alt")) == ("1600", "800", 'Ett "hus"')
    assert image.get("src") == "/media/images/0123456789abcdef-2000x1000/960.jpg"
    assert "1600.jpg 1600w" in image.get("srcset")


def test_with_pictures_makes_a_strangers_image_a_link():
    html = with_pictures('<p><img src="https://cdn.example/a.png?x=1&amp;y=2" alt="En <skärm>bild"></p>')

    assert "<img" not in html
    assert 'href="https://cdn.example/a.png?x=1&amp;y=2"' in html
    assert "cdn.example: En &lt;skärm&gt;bild</a>" in html


def test_with_pictures_leaves_only_the_words_of_an_image_without_an_address():
    assert with_pictures('<p>a <img alt="b &amp; c"> d</p>') == "<p>a b &amp; c d</p>"


@pytest.mark.parametrize(
    "source",
    [
        "https://evil.example/images/0123456789abcdef-800x600/480.jpg",
        "https://evil.example/media/images/0123456789abcdef-800x600/480.jpg",
        "//evil.example/media/images/0123456789abcdef-800x600/480.jpg",
        "/media/images/0123456789abcdef-0x0/1.jpg",
        f"/media/images/0123456789abcdef-{'9' * 5000}x1/1.jpg",
        "/media/images/0123456789abcdef-٣x٣/1.jpg",
    ],
)
def test_with_pictures_takes_no_other_address_for_one_of_ours(source):
    assert "<picture" not in with_pictures(f'<img src="{source}" alt="x">')


def test_picture_has_a_height_however_flat_it_is():
    assert 'height="1"' in with_pictures('<img src="/media/images/0123456789abcdef-10000x1/1600.jpg" alt="x">')
