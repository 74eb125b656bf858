"""The light markup of comments: emphasis, quotes, lists, code and links; no HTML, no images."""

import re
from itertools import pairwise
from unicodedata import category

import nh3
from django.utils.safestring import mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

from blog.text.links import without_tracking

# Raise it when the same source would give other HTML: stored HTML of an older version is made anew at reading.
VERSION = 2

RULES = ["newline", "escape", "emphasis", "blockquote", "list", "backticks", "fence", "link", "autolink", "linkify"]
# Letters and signs in name only: Hangul fillers and the empty Braille pattern.
BLANKS = "\u115f\u1160\u3164\uffa0\u2800"
TAGS = {"p", "br", "em", "strong", "blockquote", "ul", "ol", "li", "code", "pre", "a"}

MAX_ADDRESSES = 200  # beyond that none becomes a link: looking for them takes time by the square of their number
LINK_CHARACTERS = 40  # an address that stands as text is cut there
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")  # all control characters but for tabs and line ends
PERMALINK = re.compile(r'/\d{4}/\d\d/[^/\s"<>]+/comments/\d+/')


def _tidy_links(state):
    """Take what follows readers around out of links, and shorten the text of those that are only an address."""
    for block in state.tokens:
        children = block.children or []
        for token, text in pairwise(children):
            if token.type != "link_open":
                continue
            token.attrs["href"] = without_tracking(str(token.attrs["href"]))
            if token.info == "auto" and text.type == "text" and not state.env.get("in_full"):
                text.content = _short(without_tracking(text.content))


def _short(address):
    shown = re.sub(r"^https?://(?:www\.)?", "", address).removesuffix("/")
    return shown if len(shown) <= LINK_CHARACTERS else shown[: LINK_CHARACTERS - 1] + "…"


def _link_mentions(state):
    """Make a link of every "@name" for which the caller knows an address."""
    mentions = state.env.get("mentions")
    if not mentions:
        return
    names = "|".join(re.escape(name) for name in sorted(mentions, key=len, reverse=True))
    mention = re.compile(rf"(?<!\w)@({names})(?!\w)")
    for block in state.tokens:
        if block.children:
            block.children = _with_mentions(block.children, mention, mentions)


def _with_mentions(children, mention, mentions):
    linked, depth = [], 0
    for token in children:
        depth += {"link_open": 1, "link_close": -1}.get(token.type, 0)
        if token.type != "text" or depth:
            linked.append(token)
            continue
        for index, part in enumerate(mention.split(token.content)):
            text = Token("text", "", 0, content=f"@{part}" if index % 2 else part)
            if index % 2:
                opening = Token("link_open", "a", 1, attrs={"href": mentions[part]})
                linked += [opening, text, Token("link_close", "a", -1)]
            else:
                linked.append(text)
    return linked


def _make_parser(linkify):
    parser = MarkdownIt("zero", {"html": False, "linkify": linkify, "breaks": True}).enable(RULES)
    # An address in a comment is not made any easier to harvest.
    parser.linkify.set({"fuzzy_email": False})  # type: ignore[union-attr]
    parser.core.ruler.push("tidy_links", _tidy_links)
    parser.core.ruler.push("link_mentions", _link_mentions)
    return parser


_parser, _parser_without_addresses = _make_parser(linkify=True), _make_parser(linkify=False)


def _addresses_that_lead_somewhere(tag, attribute, value):
    if attribute != "href" or value.lower().startswith(("http://", "https://", "mailto:")):
        return value
    return value if PERMALINK.fullmatch(value) else None


_cleaner = nh3.Cleaner(
    tags=TAGS,
    attribute_filter=_addresses_that_lead_somewhere,
    attributes={"a": {"href"}, "ol": {"start"}},
    url_schemes={"http", "https", "mailto"},
    link_rel="nofollow ugc noopener",
)


def comment_html(source, mentions=None, in_full=False):
    """Return the safe HTML of a comment's source text.

    `mentions` is a dict from names, as they stand in the text behind an "@", to the permalinks that they lead to.
    Bare addresses are shortened, unless they are wanted `in_full`.
    """
    parser = _parser if source.count("://") <= MAX_ADDRESSES else _parser_without_addresses
    # nh3 is not idempotent: it gets the parser's output once and nothing is made from its result again.
    return mark_safe(_cleaner.clean(parser.render(source, {"mentions": mentions or {}, "in_full": in_full})))


def number_of_links(html):
    """Return how many links the HTML of `comment_html` holds that lead away from the site."""
    return html.count('<a href="') - html.count('<a href="/')


def stored(html):
    """Return HTML that `comment_html` made earlier, as safe."""
    return mark_safe(html)


def is_seen(text):
    """Whether a reader sees anything of `text`: a letter, a digit, a sign, an emoji."""
    return any(category(letter)[0] not in "CZM" and letter not in BLANKS for letter in text)


def quotation(source):
    """Return a comment's source as a quotation to be answered, with room for the answer below."""
    return "".join(f"> {line}\n" if line else ">\n" for line in source.split("\n")) + "\n"


def clean_source(text):
    """Return what is stored of a typed comment: one kind of line end, no control characters, no outer blank lines."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = CONTROL.sub("", text)
    return "\n".join(line.rstrip() for line in text.split("\n")).strip("\n")
