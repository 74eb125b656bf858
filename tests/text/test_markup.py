"""The light mark-up of comments."""

import json

import html5lib
import pytest

from blog.text import markup
from blog.text.markup import TAGS, clean_source, comment_html, is_seen, number_of_links

REL = 'rel="nofollow ugc noopener"'


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("Hej\ndå", "<p>Hej<br>\ndå</p>\n"),
        ("*viktigt* och **viktigare**", "<p><em>viktigt</em> och <strong>viktigare</strong></p>\n"),
        ("> citat", "<blockquote>\n<p>citat</p>\n</blockquote>\n"),
        ("- ett\n- två", "<ul>\n<li>ett</li>\n<li>två</li>\n</ul>\n"),
        ("`<b>`", "<p><code>&lt;b&gt;</code></p>\n"),
        ("<b>fet</b>", "<p>&lt;b&gt;fet&lt;/b&gt;</p>\n"),
        ("se https://a.example/ö", f'<p>se <a href="https://a.example/%C3%B6" {REL}>a.example/ö</a></p>\n'),
        ("www.blogg.se", f'<p><a href="http://www.blogg.se" {REL}>www.blogg.se</a></p>\n'),
        ("[text](https://a.example)", f'<p><a href="https://a.example" {REL}>text</a></p>\n'),
        ("[text](javascript:alert(1))", "<p>[text](javascript:alert(1))</p>\n"),
        ("![bild](https://a.example/b.png)", f'<p>!<a href="https://a.example/b.png" {REL}>bild</a></p>\n'),
        ("anna@blog.example", "<p>anna@blog.example</p>\n"),
        ("# inte en rubrik", "<p># inte en rubrik</p>\n"),
        ("7 < 8 & 9 > 2 :-)", "<p>7 &lt; 8 &amp; 9 &gt; 2 :-)</p>\n"),
    ],
)
def test_comment_html_knows_the_light_markup_only(source, html):
    assert comment_html(source) == html


def test_clean_source_keeps_the_text_and_drops_what_cannot_be_seen():
    assert clean_source("\r\n\r\nHej  du \r\n\tindrag\x07\x7f\r\n\r\n") == "Hej  du\n\tindrag"


def test_comment_html_of_hostile_texts_has_allowed_elements_only(shared_data):
    corpus = json.loads((shared_data / "xss" / "corpus_2757.json").read_text())

    for each in corpus:
        elements = html5lib.parseFragment(comment_html(each["input"]), namespaceHTMLElements=False).iter()
        for element in list(elements)[1:]:
            assert element.tag in TAGS, each
            assert set(element.attrib) <= {"href", "rel", "start"}, each
            assert element.get("href", "http:").lower().startswith(("http:", "https:", "mailto:")), each


@pytest.mark.parametrize("text", ["a", "7", "!", "*", "👍", "é", "ا", "字"])
def test_is_seen_of_what_a_reader_sees(text):
    assert is_seen(text)


@pytest.mark.parametrize("text", ["", " \n", "\u3164", "\u2800", "\u2063\u034f", "\U000e0041", "\u00a0\u200b"])
def test_is_seen_of_nothing(text):
    assert not is_seen(text)


# --- Links


LONG = "https://www.a.example/" + "lång-" * 12


@pytest.mark.parametrize(
    ("source", "address", "text"),
    [
        ("https://www.a.example/", "https://www.a.example/", "a.example"),
        (LONG, LONG.replace("å", "%C3%A5"), "a.example/lång-lång-lång-lång-lång-lång…"),
        ("https://a.example/?utm_source=x&id=7", "https://a.example/?id=7", "a.example/?id=7"),
        ("[sidan](https://a.example/?id=7&fbclid=x)", "https://a.example/?id=7", "sidan"),
        (f"[{LONG}](https://a.example)", "https://a.example", LONG),  # written so by a person
    ],
)
def test_links_are_short_and_follow_nobody(source, address, text):
    assert comment_html(source) == f'<p><a href="{address}" {REL}>{text}</a></p>\n'


def test_number_of_links_counts_those_that_lead_away():
    html = comment_html("https://a.example [b](https://b.example) @Anna", {"Anna": "/2026/01/post/comments/1/"})

    assert (html.count("<a "), number_of_links(html)) == (3, 2)


# --- Mentions

ANNA = "/2026/01/om-komma/comments/7/"


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("@Anna Ek: ja", f'<p><a href="{ANNA}" {REL}>@Anna Ek</a>: ja</p>\n'),
        ("*@Anna Ek*", f'<p><em><a href="{ANNA}" {REL}>@Anna Ek</a></em></p>\n'),
        ("> @Anna Ek", f'<blockquote>\n<p><a href="{ANNA}" {REL}>@Anna Ek</a></p>\n</blockquote>\n'),
        ("`@Anna Ek`", "<p><code>@Anna Ek</code></p>\n"),
        ("x@Anna Ek", "<p>x@Anna Ek</p>\n"),
        ("@Anna Ekman", "<p>@Anna Ekman</p>\n"),
        ("[@Anna Ek](https://a.example)", f'<p><a href="https://a.example" {REL}>@Anna Ek</a></p>\n'),
    ],
)
def test_mention_becomes_a_link_where_it_is_text(source, html):
    assert comment_html(source, {"Anna Ek": ANNA}) == html


def test_longest_name_counts_and_each_is_linked():
    mentions = {"Anna": "/2026/01/x/comments/1/", "Anna Ek": ANNA}

    html = comment_html("@Anna Ek och @Anna", mentions)

    assert [part.partition('"')[0] for part in html.split('href="')[1:]] == [ANNA, mentions["Anna"]]


@pytest.mark.parametrize("name", ["<b>", '"><img src=x onerror=hit()>', "a.*", "(", "[x](javascript:hit())", "&lt;"])
def test_mention_of_a_hostile_name_is_text(name):
    html = comment_html(f"@{name}", {name: ANNA})

    tree = html5lib.parseFragment(html, namespaceHTMLElements=False)
    assert {element.tag for element in list(tree.iter())[1:]} <= {"p", "a"}
    assert {element.get("href") for element in tree.iter("a")} <= {ANNA}


@pytest.mark.parametrize("address", ["//evil.example/", "/admin/", "javascript:hit()", "/2026/01/x/comments/1/?a", "x"])
def test_link_within_the_site_leads_to_a_comment_or_nowhere(address):
    assert "href" not in comment_html("@Anna", {"Anna": address}) + comment_html(f"[x]({address})")


# --- Floods


@pytest.mark.parametrize(
    "source",
    [
        "\n".join("> " * depth + "x" for depth in range(1, 100)),
        "> " * 1_000 + "x",
        "\n".join("  " * depth + "- x" for depth in range(90)),
        "- " * 1_000 + "x",
        "> - " * 1_000 + "x",
    ],
)
def test_nesting_ends_at_a_depth_that_a_page_can_show(source):
    tree = html5lib.parseFragment(comment_html(source), namespaceHTMLElements=False)

    assert depth(tree) < 50


def depth(element):
    return 1 + max(map(depth, element), default=0)


def test_addresses_are_looked_for_in_a_text_with_not_too_many():
    """The search takes time by the square of their number; a comment may hold ten links."""
    few, many = ("https://a.example " * number for number in (markup.MAX_ADDRESSES, markup.MAX_ADDRESSES + 1))

    assert number_of_links(comment_html(few)) == markup.MAX_ADDRESSES
    assert number_of_links(comment_html(many)) == 0
    assert number_of_links(comment_html(many + " [a](https://a.example)")) == 1


def test_mentions_are_looked_for_once_in_each_piece_of_text(monkeypatch):
    split = []
    with_mentions = markup._with_mentions
    monkeypatch.setattr(markup, "_with_mentions", lambda *given: split.append(len(given[0])) or with_mentions(*given))

    html = comment_html("@a " * 3_000, {"a": ANNA})

    assert (split, html.count(ANNA)) == ([1], 3_000)
