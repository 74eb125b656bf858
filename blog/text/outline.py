"""A post's HTML as a tree: blocks, in them lines of words, each word with the inline tags around it."""

import re
from dataclasses import dataclass, field
from functools import cached_property
from html import escape, unescape
from itertools import takewhile
from typing import NamedTuple

from blog.text.blocks import INLINE, TAG
from blog.text.figures import ATTRIBUTE
from blog.text.nesting import shallow
from blog.text.sanitise import clean_post_html

MAX_DEPTH = 40  # far more than the editor makes; a tree is walked by functions that call themselves
# A word is whatever stands between white space and signs: marks above letters and joined emoji stay whole.
SIGNS = r".,;:!?()\[\]{}\"“”„«»…–—/"
WORD = re.compile(rf"([^\S\n]*)(\n|[{SIGNS}]|[^\s{SIGNS}]+|\Z)")


class Token(NamedTuple):
    """A word, sign, picture or line break; `gap` is the white space before it, `marks` the tags around it."""

    gap: str
    html: str
    marks: tuple = ()


@dataclass
class Line:
    tokens: list[Token] = field(default_factory=list)
    opening = ""

    @cached_property
    def html(self):
        return written(self.tokens)


@dataclass
class Block:
    tag: str = ""
    opening: str = ""
    children: list = field(default_factory=list)

    @property
    def closing(self):
        return "" if self.tag == "hr" else f"</{self.tag}>"

    @cached_property
    def html(self):
        return "".join([self.opening, *(child.html for child in self.children), self.closing])


def outline(html):
    """Return the Blocks and Lines of a post's HTML, which is sanitised once more before: all that is in them is safe.

    White space between blocks is left out, and what nests deeper than MAX_DEPTH loses its tags, not its words.
    """
    # The first line break in <pre> is not part of it.
    return _Reader().read(clean_post_html(shallow(html, MAX_DEPTH)).replace("<pre>\n", "<pre>"))


def line_of(text):
    """Return plain text as a Line, in which line ends are tokens."""
    return Line([Token(gap, escape(word)) for gap, word in WORD.findall(text) if word])


def written(tokens, after=lambda mark: ""):
    """Return the HTML of tokens, balanced; `after(mark)` is what follows the end of an inline tag."""
    out: list[str] = []
    marks: tuple = ()
    for gap, html, wanted in [*tokens, Token("", "")]:
        if wanted != marks:
            kept = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(marks, wanted, strict=False)))
            out += [f"</{tag_of(mark)}>{after(mark)}" for mark in reversed(marks[kept:])]
            out += [gap, *wanted[kept:], html]
            marks = wanted
        else:
            out += [gap, html]
    return "".join(out)


def tag_of(mark):
    return mark[1:-1].partition(" ")[0]


def attributes_of(html):
    """Return the attributes of one tag, as characters."""
    return {name: unescape(value) for name, value in ATTRIBUTE.findall(html)}


class _Reader:
    def __init__(self):
        self.blocks = [Block()]
        self.marks = []
        self.gap = ""

    def read(self, html):
        position = 0
        for tag in TAG.finditer(html):
            self._words(html[position : tag.start()])
            self._tag(*tag.groups())
            position = tag.end()
        self._words(html[position:])
        return self.blocks[0].children

    def _words(self, html):
        is_verbatim = any(block.tag == "pre" for block in self.blocks)
        text = unescape(html) if is_verbatim else unescape(html).replace("\n", " ")
        for gap, word in WORD.findall(text):
            if gap and is_verbatim:
                self._add(gap)
            elif gap:
                self.gap = gap
            if word:
                self._add(escape(word, quote=False))

    def _tag(self, is_end, name, attributes):
        pairs = "".join(f' {key}="{escape(value)}"' for key, value in attributes_of(attributes).items())
        opening = f"<{name}{pairs}>"
        if name in ("br", "img"):
            self._add(opening)
        elif name in INLINE:
            self._mark(is_end, name, opening)
        elif is_end:
            self._end(name)
        else:
            self._start(name, opening)

    def _add(self, html):
        children = self.blocks[-1].children
        if not children or isinstance(children[-1], Block):
            children.append(Line())
        children[-1].tokens.append(Token(self.gap, html, tuple(self.marks)))
        self.gap = ""

    def _mark(self, is_end, name, opening):
        if not is_end:
            self.marks.append(opening)
        elif self.marks:  # sanitised HTML is balanced: it is the last one that ends
            self.marks.pop()

    def _start(self, name, opening):
        block = Block(name, "<pre>\n" if name == "pre" else opening)
        self.blocks[-1].children.append(block)
        self.gap = ""
        if name != "hr":
            self.blocks.append(block)

    def _end(self, name):
        self.gap = ""
        if self.blocks[-1].tag == name:
            self.blocks.pop()
