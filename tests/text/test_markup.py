"""The light mark-up of comments."""

import json

import html5lib
import pytest

from blog.text.markup import TAGS, clean_source, comment_html, is_seen

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
        ("se https://a.example/ö", f'<p>se <a href="https://a.example/%C3%B6" {REL}>https://a.example/ö</a></p>\n'),
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
