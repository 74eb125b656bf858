"""People see what changed in a text, and the marked text is safe, balanced and whole."""

import json
import os
import re
from html import unescape

import html5lib
import pytest
from django.utils import translation
from django.utils.safestring import SafeString
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from blog.text.blocks import TAG
from blog.text.difference import Row, inline, side_by_side, words
from blog.text.outline import Line, outline
from blog.text.sanitise import clean_post_html

SKIPPED = "".join(map(chr, range(33)))  # what browsers skip before an address
examples = settings(
    max_examples=int(os.environ.get("TEXT_EXAMPLES", 70)), deadline=None, phases=[Phase.explicit, Phase.generate]
)

CASES = {
    "nothing": ("", "", ""),
    "no change": ('<p class="x">a <em>b</em></p>\n<hr>', "<p>a <em>b</em></p><hr>", "<p>a <em>b</em></p><hr>"),
    "words": (
        "<p>Den gula bilen stannar.</p>",
        "<p>Den röda stora bilen stannar nu.</p>",
        "<p>Den <del>gula</del><ins>röda stora</ins> bilen stannar <ins>nu</ins>.</p>",
    ),
    "the first word": ("<p>Så en sak</p>", "<p>en sak</p>", "<p><del>Så</del> en sak</p>"),
    "a sign": ("<p>Ja.</p>", "<p>Ja!</p>", "<p>Ja<del>.</del><ins>!</ins></p>"),
    "rewritten": (
        "<p>En helt annan mening som var, förr</p>",
        "<p>Nya ord i varje led, alltså</p>",
        "<p><del>En helt annan mening som var, förr</del><ins>Nya ord i varje led, alltså</ins></p>",
    ),
    "a block came": ("<p>a</p>", "<p>a</p><h2>b</h2>", "<p>a</p><h2><ins>b</ins></h2>"),
    "a block went": ("<h2>b</h2><p>a</p>", "<p>a</p>", "<h2><del>b</del></h2><p>a</p>"),
    "a rule and an empty paragraph went": (
        "<p>a</p><hr><p></p>",
        "<p>a</p>",
        "<p>a</p><del><hr></del><p><del><small>¶</small></del></p>",
    ),
    "another kind of block": ("<p>a</p>", "<h2>a</h2>", "<p><del>a</del></p><h2><ins>a</ins></h2>"),
    "words without a block became a paragraph": ("a", "<p>a</p>", "<del>a</del><p><ins>a</ins></p>"),
    "an item in a list": (
        "<ul><li><p>a</p></li><li><p>b c</p></li></ul>",
        "<ul><li><p>a</p></li><li><p>x</p></li><li><p>b d</p></li></ul>",
        "<ul><li><p>a</p></li><li><p><ins>x</ins></p></li><li><p>b <del>c</del><ins>d</ins></p></li></ul>",
    ),
    "a number of a list": (
        '<ol start="1"><li>a</li></ol>',
        '<ol start="3"><li>a</li></ol>',
        '<ol start="1"><li><del>a</del></li></ol><ol start="3"><li><ins>a</ins></li></ol>',
    ),
    "a row of a table": (
        "<table><tbody><tr><td>a</td></tr></tbody></table>",
        "<table><tbody><tr><td>a</td></tr><tr><td>b</td></tr></tbody></table>",
        "<table><tbody><tr><td>a</td></tr><tr><td><ins>b</ins></td></tr></tbody></table>",
    ),
    "a quote in a quote": (
        "<blockquote><p>a b</p><blockquote><p>c d</p></blockquote></blockquote>",
        "<blockquote><p>a b</p><blockquote><p>c e</p></blockquote></blockquote>",
        "<blockquote><p>a b</p><blockquote><p>c <del>d</del><ins>e</ins></p></blockquote></blockquote>",
    ),
    "bold": ("<p>se hela nu</p>", "<p>se <strong>hela</strong> nu</p>",
             "<p>se <del>hela</del><ins><strong>hela</strong></ins> nu</p>"),
    "another address": (
        '<p>se <a href="https://a.example/?x=1&amp;y=2">hit</a> nu</p>',
        '<p>se <a href="https://b.example/" title="B">hit</a> nu</p>',
        '<p>se <del><a href="https://a.example/?x=1&amp;y=2">hit</a> <small>(link: https://a.example/?x=1&amp;y=2)'
        '</small></del><ins><a href="https://b.example/" title="B">hit</a> <small>(link: https://b.example/ B)</small>'
        "</ins> nu</p>",
    ),
    "a word in a link says no address": (
        '<p>se <a href="/a">hela listan</a></p>',
        '<p>se <a href="/a">hela nya listan</a></p>',
        '<p>se <a href="/a">hela</a> <ins><a href="/a">nya</a></ins> <a href="/a">listan</a></p>',
    ),
    "nor does one that went": (
        '<p>se <a href="/a">hela nya listan</a></p>',
        '<p>se <a href="/a">hela listan</a></p>',
        '<p>se <a href="/a">hela</a> <del><a href="/a">nya</a></del> <a href="/a">listan</a></p>',
    ),
    "two links change places": (
        '<p><a href="/a">x</a> och så <a href="/b">y</a></p>',
        '<p><a href="/b">x</a> och så <a href="/a">y</a></p>',
        '<p><del><a href="/a">x</a> <small>(link: /a)</small></del><ins><a href="/b">x</a> <small>(link: /b)</small>'
        '</ins> och så <del><a href="/b">y</a> <small>(link: /b)</small></del><ins><a href="/a">y</a> '
        "<small>(link: /a)</small></ins></p>",
    ),
    "a space before a link": (
        '<p>ord<a href="/x">länk</a></p>',
        '<p>ord <a href="/x">länk</a></p>',
        '<p>ord <del><a href="/x">länk</a></del><ins><a href="/x">länk</a></ins></p>',
    ),
    "the description of a picture": (
        '<figure><img src="/a.jpg" alt=""><figcaption>x</figcaption></figure>',
        '<figure><img src="/a.jpg" alt="&lt;En&gt; bil"><figcaption>x</figcaption></figure>',
        '<figure><del><img src="/a.jpg" alt=""> <small>(picture without a description)</small></del>'
        '<ins><img src="/a.jpg" alt="&lt;En&gt; bil"> <small>(picture: &lt;En&gt; bil)</small></ins>'
        "<figcaption>x</figcaption></figure>",
    ),
    "a line break": ("<p>a<br>b</p>", "<p>a b</p>", "<p>a<del><small>↵</small><br></del> b</p>"),
    "code": (
        "<pre><code>\n a\n  b</code></pre>",
        "<pre><code>\n a\n    b</code></pre>",
        "<pre>\n<code>\n a\n</code><del><code>  </code></del><ins><code>    </code></ins><code>b</code></pre>",
    ),
    "what looks like HTML": ("<p>a &lt;b&gt;</p>", "<p>a &lt;ins&gt; &amp;amp;</p>",
                             "<p>a <del>&lt;b&gt;</del><ins>&lt;ins&gt; &amp;amp;</ins></p>"),
    "joined emoji and marks above letters": (
        "<p>en 👩‍👧 åäö</p>",
        "<p>en 👩‍👦 åäö</p>",
        "<p>en <del>👩‍👧</del><ins>👩‍👦</ins> åäö</p>",
    ),
    "right to left": ("<p>שלום עולם</p>", "<p>שלום לך</p>", "<p>שלום <del>עולם</del><ins>לך</ins></p>"),
    "unsanitised": ("<p>a</p>", "<script>1</script><p onclick=x>a <b>c</b></p>", "<p>a <ins>c</ins></p>"),
}  # fmt: skip


@pytest.mark.parametrize(("before", "after", "expected"), CASES.values(), ids=CASES)
def test_inline(before, after, expected):
    with translation.override("en"):
        assert inline(before, after) == expected


def test_side_by_side_has_a_row_for_each_block():
    before = "<p>en gul bil</p><p>kvar</p><hr><p>bort</p>"
    after = "<p>en röd bil</p><p>kvar</p><h2>ny</h2><hr>"

    assert side_by_side(before, after) == [
        Row("<p>en <del>gul</del> bil</p>", "<p>en <ins>röd</ins> bil</p>", True),
        Row("<p>kvar</p>", "<p>kvar</p>", False),
        Row("", "<h2><ins>ny</ins></h2>", True),
        Row("<hr>", "<hr>", False),
        Row("<p><del>bort</del></p>", "", True),
    ]


def test_words_of_plain_texts():
    assert words("Ja <b> & nej", "Ja <i> & nej\nkanske") == (
        "Ja <del>&lt;b&gt;</del> &amp; nej",
        "Ja <ins>&lt;i&gt;</ins> &amp; nej<ins><small>↵</small>\nkanske</ins>",
    )


def test_all_that_comes_back_is_safe_to_a_template():
    row = side_by_side("<p>a</p>", "<p>b</p>")[0]

    assert {type(each) for each in (inline("a", "b"), *words("a", "b"), row.before, row.after)} == {SafeString}


# --- whatever comes

WORDS = [
    "ett ",
    "två",
    " tre",
    ".",
    " ",
    "&lt;b&gt;",
    "&amp;",
    "&quot;",
    "👩‍👧",
    "e\u0301",
    "שלום ",
    "\n",
    "å\u030a",
    "<br>",
]
INLINES = [
    "<em>{}</em>",
    "<strong>{}</strong>",
    '<a href="/a?b&amp;c">{}</a>',
    '<a href="/x" title="&lt;">{}</a>',
    "<s>{}</s>",
]
LINES = st.recursive(
    st.sampled_from([*WORDS, '<img src="/a.jpg" alt="&lt;p&gt; &quot;">']),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=4).map("".join),
        st.builds(lambda form, text: form.format(text), st.sampled_from(INLINES), inner),
    ),
    max_leaves=8,
)
PARAGRAPHS = st.builds(
    lambda tag, text: f"<{tag}>{text}</{tag}>", st.sampled_from(["p", "h2", "h3", "h4", "pre"]), LINES
)
CONTAINERS = [
    "<ul><li>{}</li></ul>",
    '<ol start="2"><li>{}</li><li><p>x</p></li></ol>',
    "<blockquote>{}</blockquote>",
    "<table><tbody><tr><td>{}</td><th><p>y</p></th></tr></tbody></table>",
    '<figure><img src="/b.jpg" alt=""><figcaption>z</figcaption></figure>{}',
]
BLOCKS = st.recursive(
    st.one_of(PARAGRAPHS, PARAGRAPHS, st.just("<hr>"), LINES),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4).map("".join),
        st.builds(lambda form, html: form.format(html), st.sampled_from(CONTAINERS), inner),
    ),
    max_leaves=6,
)
POSTS = BLOCKS.map(clean_post_html)
TAGS = """<p> </p> <h2> </h2> <ul> <li> </li> </ul> <b> <em> </em> <br> <hr> <pre> </pre> <table><tr><td> </table>
    <code> <a/href="/x"> </a> <img/src="/a.jpg"/alt="<p>"> <blockquote> </blockquote> <figure> <figcaption> <script>
    <svg> < > & " ' ett två <button> </button> <ins> </del> <small>"""
SOUP = st.lists(st.sampled_from([" ", "\n", *re.findall(r"\S+", TAGS)]), max_size=20).map("".join)


def outlined(html):
    # An empty paragraph alone is an empty post to the sanitiser.
    return [node.html for node in outline(f"{html}<hr>")]


def squeezed(html):
    """The outline without what is no change: how much white space there is, and at the ends of lines."""
    return [re.sub(r"\s+", " ", each) for each in outlined(html)]


def without_marks(html):
    return re.sub(r"</?(?:ins|del)>", "", re.sub(r" <small>\(.*?</small>|<small>[↵¶]</small>", "", html))


def text_of(html):
    return "".join("".join(html5lib.parseFragment(html, namespaceHTMLElements=False).itertext()).split())


def assert_balanced(html):
    open_tags = []
    for is_end, tag, _ in TAG.findall(html):
        if is_end:
            assert open_tags.pop() == tag
        elif tag not in ("br", "hr", "img"):
            open_tags.append(tag)
    assert open_tags == []


@examples
@given(POSTS, POSTS)
def test_each_side_is_the_whole_text_with_marks_of_one_kind(before, after):
    rows = side_by_side(before, after)

    assert squeezed(without_marks("".join(row.before for row in rows))) == squeezed(before)
    assert squeezed(without_marks("".join(row.after for row in rows))) == squeezed(after)
    for row in rows:
        assert "<ins>" not in row.before
        assert "<del>" not in row.after
        assert row.changed == ("<del>" in row.before or "<ins>" in row.after)


@examples
@given(POSTS, POSTS)
def test_a_difference_is_seen_where_there_is_one(before, after):
    is_marked = "<ins>" in inline(before, after) or "<del>" in inline(before, after)

    assert is_marked == (squeezed(before) != squeezed(after))


@examples
@given(POSTS, POSTS)
def test_a_browsers_parser_finds_every_word_of_the_difference(before, after):
    html = inline(before, after)

    assert text_of(html) == "".join(unescape(re.sub(r"<[^<>]*>", "", html)).split())
    for tag in ("ins", "del"):
        tree = html5lib.parseFragment(html, namespaceHTMLElements=False)
        assert len(list(tree.iter(tag))) == html.count(f"<{tag}>")


@examples
@given(SOUP, SOUP)
def test_whatever_comes_the_difference_is_balanced(before, after):
    for html in (inline(before, after), *(side for row in side_by_side(before, after) for side in row[:2])):
        assert_balanced(html)


@examples
@given(st.text("ab <>&\n.\"'\u0301👩", max_size=30), st.text(max_size=30))
def test_plain_words_are_escaped_and_whole(before, after):
    for marked, text in zip(words(before, after), (before, after), strict=True):
        assert_balanced(marked)
        assert set(re.findall(r"<[^>]*>", marked)) <= {"<ins>", "</ins>", "<del>", "</del>", "<small>", "</small>"}
        assert unescape(without_marks(marked)).split() == text.split()


def test_hostile_texts_stay_harmless(shared_data):
    corpus = [each["input"] for each in json.loads((shared_data / "xss" / "corpus_2757.json").read_text())]

    for before, after in zip(corpus, corpus[1:] + corpus[:1], strict=True):
        html = inline(before, after)
        assert_balanced(html)
        for element in html5lib.parseFragment(html, namespaceHTMLElements=False).iter():
            assert element.tag not in {"script", "style", "iframe", "object", "embed", "form", "svg", "math"}, before
            assert not {name for name in element.attrib if name.startswith("on") or name in ("style", "id")}, before
            for address in (element.get("href", ""), element.get("src", "")):
                assert not address.lstrip(SKIPPED).lower().startswith(("javascript:", "data:", "vbscript:")), before


def test_deep_nesting_loses_no_words():
    before, after = ("<blockquote>" * 2000 + f"<p>ett {word}</p>" + "</blockquote>" * 2000 for word in ("två", "tre"))

    html = inline(before, after)

    assert "ett <del>två</del><ins>tre</ins>" in html
    assert_balanced(html)


LONG_TEXTS = {
    "one paragraph": ("<p>" + "en gul bil, " * 5_000 + "</p>", "<p>" + "en röd bil, " * 5_000 + "</p>"),
    "many paragraphs": ("<p>en gul bil</p>" * 4_000, "<p>en <em>röd</em> bil</p>" * 3_999),
    "many different paragraphs": (
        "".join(f"<p>{n} {n + 1} gul {n * n}</p>" for n in range(2_400)),
        "".join(f"<p>{n} {n + 2} röd {n * n}</p>" for n in range(2_400)),
    ),
    "one list": ("<ul>" + "<li>a b</li>" * 5_000 + "</ul>", "<ul>" + "<li>a c</li>" * 5_000 + "</ul>"),
    "many marks": ("<p>" + "<em>a</em>b" * 6_000 + "</p>", "<p>" + "<em>b</em>a" * 6_000 + "</p>"),
    "nothing but depth": ("<blockquote>" * 5_000 + "a", "<blockquote>" * 5_000 + "b"),
}


@pytest.mark.parametrize(("before", "after"), LONG_TEXTS.values(), ids=LONG_TEXTS)
def test_a_long_text_is_compared_without_trying_every_pair(before, after):
    html = inline(before, after)  # each pair tried would hold the suite up

    assert_balanced(html)


def test_a_changed_word_of_a_long_post_is_found_by_itself():
    post = [f"<p>Stycke {number} med {number * number} ord och {number % 7} till.</p>" for number in range(4_000)]
    changed = [*post[:1800], post[1800].replace("med", "utan"), *post[1801:]]

    changes = [row for row in side_by_side("".join(post), "".join(changed)) if row.changed]

    assert [row.after for row in changes] == ["<p>Stycke 1800 <ins>utan</ins> 3240000 ord och 1 till.</p>"]


def test_outline_parts_blocks_from_lines():
    quote, line = outline("<blockquote>a <em>b</em><p>c</p></blockquote>d")

    assert [type(child) for child in quote.children] == [Line, type(quote)]
    assert [node.html for node in (*quote.children, line)] == ["a <em>b</em>", "<p>c</p>", "d"]
