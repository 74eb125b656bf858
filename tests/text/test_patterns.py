"""Patterns: where words go, what of them is escaped, and that nobody's words are taken for a mark or a pattern."""

import pytest
from django.utils.html import escape
from django.utils.safestring import mark_safe

from blog.text import patterns


def made(html, **words):
    return patterns.filled(patterns.pattern(html), words)


def test_words_stand_where_their_marks_were():
    html = f'<a href="/{patterns.mark("pk")}/">{patterns.mark("name")}{patterns.mark("pk")}</a>'

    assert made(html, pk=7, name="Åsa") == '<a href="/7/">Åsa7</a>'


def test_words_are_escaped_unless_they_are_safe():
    html = f"{patterns.mark('name')} {patterns.mark('text')}"

    assert made(html, name="<b>'\"&", text=mark_safe("<b>ja</b>")) == "&lt;b&gt;&#x27;&quot;&amp; <b>ja</b>"


def test_mark_is_not_changed_by_escaping():
    assert escape(patterns.mark("name")) == patterns.mark("name")


@pytest.mark.parametrize("typed", ["100 %", "%(pk)s", "%s", "{pk}", "\\1", "\ue000pk\ue001"])
def test_signs_of_patterns_are_nothing_special(typed):
    html = f"{typed}: {patterns.mark('name')}"

    assert made(html, name=typed, pk=1) == f"{typed}: {typed}"


def test_indentation_goes_and_that_of_words_stays():
    html = f"<p>\n    {patterns.mark('text')}\n\n  </p>"

    assert made(html, text="a\n    b") == "<p>\na\n    b\n</p>"


def test_breaks_are_seen_and_the_rest_is_escaped():
    assert patterns.with_breaks("a\n<b>") == "a<br>&lt;b&gt;"
