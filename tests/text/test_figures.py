"""What a post's pictures become on the page."""

import html5lib
import pytest
from django.utils.translation import override

from blog.text.figures import GALLERY_SIZES, SIZES, Known, widths_of, with_pictures

OURS = "/media/images/0123456789abcdef-2000x1000/1600.jpg"


@pytest.fixture(autouse=True)
def in_english():
    with override("en"):
        yield


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


def figure(key="0123456789abcdef", alt="x", caption=""):
    words = f"<figcaption>{caption}</figcaption>" if caption else ""
    return f'<figure><img src="/media/images/{key}-2000x1000/1600.jpg" alt="{alt}">{words}</figure>'


def parsed(html):
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parseFragment(html)


def test_picture_has_its_hint_under_it_and_its_crop_around_its_focus():
    known = Known("data:image/webp;base64,UklGRg==", focus_x=90, focus_y=30)

    tree = parsed(with_pictures(figure(), {"0123456789abcdef": known}))

    (shown,) = tree.iter("span")
    hint, image = tree.iter("img")
    assert shown.get("class") == "picture across-100 down-25"
    assert hint.attrib == {
        "class": "hint",
        "src": known.hint,
        "alt": "",
        "aria-hidden": "true",
        "width": "1600",
        "height": "800",
    }
    assert (image.get("loading"), image.get("fetchpriority")) == ("lazy", None)


def test_picture_of_which_nothing_is_known_has_no_hint_and_its_crop_in_the_middle():
    html = with_pictures(figure())

    assert 'class="picture"' in html
    assert "hint" not in html


@pytest.mark.parametrize(
    ("html", "is_top", "loading"),
    [
        (f"<p>Först.</p>{figure()}<p>Sedan.</p>{figure()}", True, ["high", None]),
        (f"<p>Först.</p>{figure()}", False, [None]),
        (f"<p>{'ord ' * 400}</p>{figure()}", True, [None]),
    ],
    ids=["at the top", "under a cover", "far down"],
)
def test_only_a_picture_at_the_top_is_not_loaded_lazily(html, is_top, loading):
    images = list(parsed(with_pictures(html, is_top=is_top)).iter("img"))

    assert [image.get("fetchpriority") for image in images] == loading
    assert [image.get("loading") for image in images] == [None if each else "lazy" for each in loading]


def test_figures_that_follow_each_other_are_a_gallery_whose_pictures_lead_to_the_whole_ones():
    html = with_pictures(
        f"<p>a</p>{figure(caption='Ett')}\n{figure(alt='')}{figure()}<p>b</p>{figure(caption='Ensam')}"
    )

    tree = parsed(html)
    (gallery,) = tree.iter("div")
    links = list(tree.iter("a"))
    assert gallery.attrib == {"class": "gallery", "role": "group", "aria-label": "Gallery: 3 pictures"}
    assert [child.tag for child in tree] == ["p", "div", "p", "figure"]
    assert [child.tag for child in gallery] == ["figure"] * 3
    assert [link.get("href") for link in links] == [OURS] * 3
    assert [link.get("aria-label") for link in links] == [None, "The whole picture", None]
    assert [image.get("sizes") for image in gallery.iter("img")] == [SIZES, GALLERY_SIZES, GALLERY_SIZES]


def test_gallery_asks_no_other_host_for_a_picture():
    theirs = '<figure><img src="https://cdn.example/a.png" alt="y"></figure>'

    html = with_pictures(figure() + theirs)

    assert html.count("<picture>") == 1
    assert html.count("<a ") == 2
    assert '<a class="remote-image" href="https://cdn.example/a.png"' in html
    assert '<img src="https' not in html
