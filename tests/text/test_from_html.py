"""A comment's HTML becomes our light mark-up, and says the same."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blog.text.from_html import light_markup
from blog.text.markup import comment_html

CASES = {
    "plain": ("Bra skrivet.", "Bra skrivet."),
    "entities": ("Ost &amp; vin &lt;3", "Ost & vin <3"),
    "lines and paragraphs": ("Ett\ntvå\n\n\ntre", "Ett\ntvå\n\ntre"),
    "paragraph tags": ("<p>Ett<br />två</p><p>tre</p>", "Ett\ntvå\n\ntre"),
    "emphasis": ("<em>Ett</em> och <strong>två </strong>ord", "*Ett* och **två** ord"),
    "link": ('Se <a href="https://x.se/a_(b)" rel="nofollow">den här</a>.', "Se [den här](https://x.se/a_%28b%29)."),
    "bare link": ('<a href="https://x.se/a">https://x.se/a</a>', "https://x.se/a"),
    "dangerous link": ('<a href="javascript:x">Ord</a>', "Ord"),
    "quote": ("<blockquote>Ett\n\ntvå</blockquote>\nSvar", "> Ett\n>\n> två\n\nSvar"),
    "lists": ("<ul><li>Ett</li><li>två</li></ul><ol><li>tre</li></ol>", "- Ett\n- två\n\n1. tre"),
    "code": ("Skriv <code>a `b` *c*</code>", "Skriv ``a `b` *c*``"),
    "code block": ("<pre>a\n  b</pre>efter", "```\na\n  b\n```\n\nefter"),
    "signs that would be mark-up": (
        "2 * 3 * 4 och snake_case _här_ [1]",
        "2 \\* 3 \\* 4 och snake_case \\_här\\_ \\[1\\]",
    ),
    "line that would be a list": ("- Ett\n1. två\n> tre", "\\- Ett\n1\\. två\n\\> tre"),
    "address with signs": ("https://x.se/a_b_c*d*", "https://x.se/a_b_c*d*"),
    "backslashes": ("\\o/ ¯\\_(ツ)_/¯", "\\o/ ¯\\\\\\_(ツ)\\_/¯"),
    "scripts": ("Ett<script>alert(1)</script>", "Ett"),
    "nothing": ("", ""),
}


@pytest.mark.parametrize(("html", "source"), CASES.values(), ids=CASES)
def test_light_markup(html, source):
    assert light_markup(html) == source


def test_emphasis_that_cannot_be_said_here_is_left_out():
    source = light_markup('<em>"Citat"</em>et')

    assert comment_html(source) == '<p>"Citat"et</p>\n'


@pytest.mark.parametrize(
    ("html", "rendered"),
    [
        ("<em>Ett</em> &lt;b&gt; två", "<p><em>Ett</em> &lt;b&gt; två</p>\n"),
        (
            "<blockquote><p>Ett</p><ul><li>a<li>b</ul></blockquote>",
            "<blockquote>\n<p>Ett</p>\n<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n</blockquote>\n",
        ),
        ("<pre>a\n\n<b>b</b></pre>", "<pre><code>a\n\nb\n</code></pre>\n"),
    ],
)
def test_light_markup_renders_as_what_it_came_from(html, rendered):
    assert comment_html(light_markup(html)) == rendered


TEXTS = st.text(st.sampled_from("ab *_`[]()\\<>&!#-+.1~\"'|\n"), max_size=40)


@settings(max_examples=400, deadline=None)
@given(TEXTS)
def test_plain_text_keeps_every_letter(text):
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

    rendered = comment_html(light_markup(escaped))

    letters = re.sub("<[^>]*>", "", rendered)  # of a text such as "1.ba" a link is made
    assert "".join(letters.split()) == "".join(escaped.split())


def test_link_of_nothing_but_quote_signs_stays_a_link():
    assert light_markup('hej <a href="http://a.se">&gt;&gt;</a>') == "hej [>>](http://a.se)"
