"""The light markup of comments: emphasis, quotes, lists, code and links; no HTML, no images."""

from unicodedata import category

import nh3
from django.utils.safestring import mark_safe
from markdown_it import MarkdownIt

# Raise it when the same source would give other HTML: stored HTML of an older version is made anew at reading.
VERSION = 1

RULES = ["newline", "escape", "emphasis", "blockquote", "list", "backticks", "fence", "link", "autolink", "linkify"]
# Letters and signs in name only: Hangul fillers and the empty Braille pattern.
BLANKS = "\u115f\u1160\u3164\uffa0\u2800"
TAGS = {"p", "br", "em", "strong", "blockquote", "ul", "ol", "li", "code", "pre", "a"}

_parser = MarkdownIt("zero", {"html": False, "linkify": True, "breaks": True}).enable(RULES)
# An address in a comment is not made any easier to harvest.
_parser.linkify.set({"fuzzy_email": False})  # type: ignore[union-attr]


def _full_addresses_only(tag, attribute, value):
    if attribute == "href" and not value.lower().startswith(("http://", "https://", "mailto:")):
        return None
    return value


_cleaner = nh3.Cleaner(
    tags=TAGS,
    attribute_filter=_full_addresses_only,
    attributes={"a": {"href"}, "ol": {"start"}},
    url_schemes={"http", "https", "mailto"},
    link_rel="nofollow ugc noopener",
)


def comment_html(source):
    """Return the safe HTML of a comment's source text."""
    # nh3 is not idempotent: it gets the parser's output once and nothing is made from its result again.
    return mark_safe(_cleaner.clean(_parser.render(source)))


def stored(html):
    """Return HTML that `comment_html` made earlier, as safe."""
    return mark_safe(html)


def is_seen(text):
    """Whether a reader sees anything of `text`: a letter, a digit, a sign, an emoji."""
    return any(category(letter)[0] not in "CZM" and letter not in BLANKS for letter in text)


def clean_source(text):
    """Return what is stored of a typed comment: one kind of line end, no control characters, no outer blank lines."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = "".join(letter for letter in text if letter in "\n\t" or (ord(letter) >= 32 and ord(letter) != 127))
    return "\n".join(line.rstrip() for line in text.split("\n")).strip("\n")
