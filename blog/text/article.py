"""A post's HTML made ready for reading: headings with keys, numbered notes, tables and code that scroll alone."""

import re
from collections import Counter
from itertools import count
from typing import NamedTuple

from django.utils.safestring import mark_safe
from django.utils.translation import gettext, pgettext

from blog.text.blocks import TAG
from blog.text.figures import NO_LIBRARY, with_pictures
from blog.text.sanitise import plain_text
from blog.text.slugs import slugify
from blog.text.video import with_videos

WORDS_A_MINUTE = 220
LONG_MINUTES = 4  # from then on a post has a list of contents
FEWEST_PARTS = 3  # fewer need no list
HEADING = re.compile(r"<h2>(.*?)</h2>", re.DOTALL)
# "[^1]" in the text and a paragraph "[^1]: words", as in many dialects of Markdown.
MARK = re.compile(r"\[\^(\w{1,20})\]")
ANY_MARK = re.compile(rf"{MARK.pattern}:?")
NOTE = re.compile(r"<p>\[\^(\w{1,20})\]:\s*(.*?)</p>\s*", re.DOTALL)
NO_MARKS = {"a", "code", "pre"}  # no link stands in a link, and code is shown as it is
SCROLLING = re.compile(r"<(table|pre)>.*?</\1>", re.DOTALL)


class Part(NamedTuple):
    """What a list of contents names."""

    key: str
    heading: str


class Article(NamedTuple):
    html: str
    parts: list[Part]
    minutes: int

    @property
    def has_videos(self):
        return '<p class="video">' in self.html

    @property
    def contents(self):
        """The Parts of a text that is long enough to need a list of them."""
        return self.parts if self.minutes >= LONG_MINUTES and len(self.parts) >= FEWEST_PARTS else []


def article(html, prefix="", library=NO_LIBRARY, *, is_top=False):
    """Return the Article of a post's sanitised HTML; `prefix` keeps the ids of several on one page apart.

    `library` and `is_top` are those of figures.with_pictures. Its html is safe, and named in the active language.
    Cost: O(n).
    """
    minutes = max(1, round(len(plain_text(html).split()) / WORDS_A_MINUTE))
    html, parts = _with_keys(html, prefix)
    html = _with_notes(html, prefix)
    html = with_pictures(_scrolling(with_videos(html)), library, is_top=is_top)
    return Article(mark_safe(html), parts, minutes)


def without_marks(html):
    """Return a text for where its notes do not follow: in extracts and introductions."""
    return ANY_MARK.sub("", html)


def _with_keys(html, prefix):
    parts: list[Part] = []
    seen: Counter[str] = Counter()

    def keyed(match):
        heading = plain_text(MARK.sub("", match[1]))
        slug = slugify(heading)
        seen[slug] += 1
        # Kept apart from the page's own ids, such as "comments", and from each other: no slug has two dashes in a row.
        key = f"{prefix}part-{slug}" + (f"--{seen[slug]}" if seen[slug] > 1 else "")
        parts.append(Part(key, heading))
        return f'<h2 id="{key}">{match[1]}</h2>'

    return HEADING.sub(keyed, html), [part for part in parts if part.heading]


def _with_notes(html, prefix):
    """Number the notes in the order of their first marks. A note without a mark, or a mark without one, stays."""
    written = dict(reversed(NOTE.findall(html)))  # of two with one name the first is meant
    body = NOTE.sub("", html)
    marks: dict[str, tuple[int, list[str]]] = {}

    def marked(match):
        if match[1] not in written:
            return match[0]
        number, keys = marks.setdefault(match[1], (len(marks) + 1, []))
        keys.append(f"{prefix}mark-{number}" + (f"-{len(keys) + 1}" if keys else ""))
        label = gettext("Note %(number)s") % {"number": number}
        return (
            f'<sup class="note-mark"><a id="{keys[-1]}" href="#{prefix}note-{number}" '
            f'role="doc-noteref" aria-label="{label}">{number}</a></sup>'
        )

    body = _outside(NO_MARKS, body, lambda words: MARK.sub(marked, words))
    if not marks:
        return html
    body += "".join(match[0] for match in NOTE.finditer(html) if match[1] not in marks)
    return body + _list_of_notes([(written[name], keys) for name, (_, keys) in marks.items()], prefix)


def _list_of_notes(notes, prefix):
    back = gettext("Back to the text")
    items = "".join(
        f'<li id="{prefix}note-{number}">{words}'
        + "".join(f' <a class="back" href="#{key}" role="doc-backlink" aria-label="{back}">↑</a>' for key in keys)
        + "</li>"
        for number, (words, keys) in enumerate(notes, 1)
    )
    heading = pgettext("under a text", "Notes")
    return f'<section class="notes" role="doc-endnotes"><h2>{heading}</h2><ol>{items}</ol></section>'


def _outside(tags, html, change):
    """Return HTML with its words changed, but those in the tags named."""
    pieces, position, depth = [], 0, 0
    for tag in TAG.finditer(html):
        words = html[position : tag.start()]
        pieces += [words if depth else change(words), tag[0]]
        depth += (tag[2] in tags) * (-1 if tag[1] else 1)
        position = tag.end()
    return "".join([*pieces, html[position:] if depth else change(html[position:])])


def _scrolling(html):
    """Make what may be wider than its column a region that the keyboard reaches; each has a name of its own."""
    numbers = {"table": count(1), "pre": count(1)}

    def region(match):
        words = gettext("Table %(number)s") if match[1] == "table" else gettext("Code %(number)s")
        name = f'tabindex="0" role="region" aria-label="{words % {"number": next(numbers[match[1]])}}"'
        return f'<div class="table" {name}>{match[0]}</div>' if match[1] == "table" else f"<pre {name}>{match[0][5:]}"

    return SCROLLING.sub(region, html)
