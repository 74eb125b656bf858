"""A post's HTML is cut into its blocks, and each can be linked to."""

import re
import time

import html5lib
import pytest
from django.utils.safestring import SafeString
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from blog.text.blocks import blocks, with_anchors
from blog.text.sanitise import clean_post_html

CASES = {
    "nothing": ("", []),
    "white space only": (" \n", [" \n"]),
    "each kind": (
        "<p>a</p><h2>b</h2><h3>c</h3><h4>d</h4><hr><pre><code>e</code></pre>",
        ["<p>a</p>", "<h2>b</h2>", "<h3>c</h3>", "<h4>d</h4>", "<hr>", "<pre><code>e</code></pre>"],
    ),
    "what stands in a block is not cut": (
        "<ul><li><p>a</p><ul><li>b</li></ul></li></ul><blockquote><p>c</p><p>d</p></blockquote>",
        ["<ul><li><p>a</p><ul><li>b</li></ul></li></ul>", "<blockquote><p>c</p><p>d</p></blockquote>"],
    ),
    "figure and table": (
        '<figure><img src="/a.jpg" alt="x"><figcaption>y</figcaption></figure>'
        "<table><tbody><tr><td><p>z</p></td></tr></tbody></table>",
        [
            '<figure><img src="/a.jpg" alt="x"><figcaption>y</figcaption></figure>',
            "<table><tbody><tr><td><p>z</p></td></tr></tbody></table>",
        ],
    ),
    "white space goes with the block before": (
        " \n<p>a</p>\n\n<p>b</p> <hr>\n",
        [" \n<p>a</p>\n\n", "<p>b</p> ", "<hr>\n"],
    ),
    "stray words": (
        "ett <em>två</em><p>a</p> tre<br>fyra <p>b</p>fem",
        ["ett <em>två</em>", "<p>a</p> ", "tre<br>fyra ", "<p>b</p>", "fem"],
    ),
    "a link around paragraphs": (
        '<a href="/x"><p>a</p><p>b</p></a><p>c</p>',
        ['<a href="/x"><p>a</p><p>b</p></a>', "<p>c</p>"],
    ),
    "a block that is left open": ("<p>a<p>b</p>c", ["<p>a<p>b</p>c"]),
    "an end tag without a beginning": ("a</p>b<p>c</p>", ["a</p>", "b", "<p>c</p>"]),
    "a less-than sign": ("<p>1 &lt; 2</p>a < b<p>c</p>", ["<p>1 &lt; 2</p>", "a < b", "<p>c</p>"]),
}


@pytest.mark.parametrize(("html", "expected"), CASES.values(), ids=CASES)
def test_blocks(html, expected):
    assert blocks(html) == expected


def test_anchors_stand_on_the_blocks_themselves():
    html = '<p>a</p>\n<ul><li>b</li></ul><hr><ol start="3"><li>c</li></ol>'

    anchored = with_anchors(html)

    assert anchored == (
        '<p id="b1">a</p>\n<ul id="b2"><li>b</li></ul><hr id="b3"><ol id="b4" start="3"><li>c</li></ol>'
    )
    assert isinstance(anchored, SafeString)


def test_anchors_wrap_what_stands_in_no_block():
    html = '<em>a</em> b<h2>c</h2><a href="/x"><p>d</p></a>'

    assert with_anchors(html, "note-") == (
        '<p id="note-1"><em>a</em> b</p><h2 id="note-2">c</h2><div id="note-3"><a href="/x"><p>d</p></a></div>'
    )


TAGS = """<p> </p> <h2> </h2> <ul> <li> </li> </ul> <b> </em> <em> <br> <hr> <pre> </pre> <table><tr><td> </table>
    <button> </button> <a/href="/x"> </a> <img/src="/a.jpg"/alt="<p>"> < > & å 👩‍👧"""
PIECES = st.sampled_from([" ", "\n", *re.findall(r"\S+", TAGS)])


@settings(max_examples=200, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(st.lists(PIECES, max_size=20).map("".join))
def test_blocks_joined_are_the_html(html):
    for each in (html, clean_post_html(html)):
        assert "".join(blocks(each)) == each


@settings(max_examples=200, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(st.lists(PIECES, max_size=20).map("".join))
def test_every_block_of_sanitised_html_is_found_by_its_anchor_once(html):
    html = clean_post_html(html)

    elements = html5lib.parseFragment(with_anchors(html), namespaceHTMLElements=False).iter()

    names = [element.get("id") for element in elements if element.get("id")]
    assert sorted(names) == sorted(f"b{number}" for number in range(1, len(blocks(html)) + 1))


@pytest.mark.parametrize("piece", ["<p>a</p>", "<p>", "<p ", "<", "</p>", "a ", "<em>", " "])
def test_a_megabyte_is_cut_at_once(piece):
    html = piece * (1_000_000 // len(piece))
    begun = time.monotonic()

    blocks(html)

    assert time.monotonic() - begun < 5
