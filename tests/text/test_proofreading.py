"""What each look at a block names; tests/posts/test_gate.py shows what it leaves alone."""

import time

import pytest

from blog.text import proofreading


def test_glued_words_are_named_at_each_end():
    assert proofreading.glued_words('<p>se<a href="x">här</a>nu, <a href="x">mer.</a>Och</p>') == [
        "sehär", "härnu", "mer.Och",
    ]  # fmt: skip


def test_cut_markup_names_each_remnant_in_order():
    text = proofreading.visible('<p>[gallery ids="1"] ord &lt;a href="x<br>&lt;/p</p><p>slut&lt;/b&gt;</p>')

    assert proofreading.cut_markup(text) == ['[gallery ids="1"]', '<a href="x', "</p", "</b>"]


def test_whole_tags_and_entities_are_named():
    assert proofreading.shown_markup("<b>ord</b> och &nbsp;") == ["<b>", "</b>", "&nbsp;"]


@pytest.mark.parametrize(
    ("html", "tags"),
    [("<p>a<br>b</p>", []), ("<p>a", ["<p>"]), ("a</p>", ["</p>"]), ("<p><em>a</p></em>", ["</p>", "<p>"])],
)
def test_unbalanced_tags_are_named(html, tags):
    assert proofreading.unbalanced(html) == tags


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        "ab ",
        "a.",
        "1a",
        "a_",
        "&lt;a ",
        "&lt;a href=",
        "[a b=",
        '<a href="x">',
        '<a href="x">a</a>',
        "<h2>",
        "<code>",
        "<strong>a</strong>",
        "<p><br>",
        "&nbsp;",
    ],
)
def test_looking_takes_time_in_proportion_to_the_text(piece):
    html = "<p>" + piece * 20_000 + "</p>"
    begun = time.monotonic()

    proofreading.links(html)
    proofreading.headings(html)
    proofreading.is_empty(html)
    proofreading.bold_line(html)
    proofreading.glued_words(html)
    proofreading.cut_markup(proofreading.visible(html))
    proofreading.shown_markup(proofreading.visible(html))

    assert time.monotonic() - begun < 5
