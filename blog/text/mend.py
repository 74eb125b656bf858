"""A post's HTML as other systems and years of plugins left it → HTML as our editor would have made it."""

import re
from typing import NamedTuple

import nh3
from django.utils.translation import gettext as _

from blog.text.mending import Mender
from blog.text.nesting import shallow
from blog.text.sanitise import clean_post_html
from blog.text.shortcodes import expand
from blog.text.vocabulary import CONTENT_DROPPED, IMPLIED, NEVER_TAGS

COMMENT = re.compile(r"<!--(.*?)(?:-->|\Z)", re.DOTALL)
PARTING = re.compile(r"\s*/?(?:wp:|more\b|nextpage\b)")
NOSCRIPT = re.compile(r"</?noscript\b[^<>]*>", re.IGNORECASE)
WHOLE_TAG = r"""</?[a-zA-Z](?:[^\s"'<>/=]*)(?:[\s/]+[^\s"'<>/=]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'<>]+))?)*[\s/]*>"""
# A tag that another one begins in, as in `<img src="http://www.<p>`: its open quote would swallow what follows.
CUT_TAG = re.compile(rf"""({WHOLE_TAG})|<[a-zA-Z][\w:-]*\s[^<>]*=[^<>]*(?=<|\Z)""")
TAG_NAME = re.compile(r"</?([a-zA-Z][\w:-]*)")
ATTRIBUTES = {"class", "id", "src", "data-src", "data-lazy-src", "data-orig-file", "href", "rel", "title", "alt"}
ATTRIBUTES |= {"width", "height", "start", "colspan", "rowspan", "data", "name", "value"}
MAX_DEPTH = 100
DROPPED = re.compile(rf"(?=<(?:{'|'.join(sorted(CONTENT_DROPPED))})\b)", re.IGNORECASE)


class Mended(NamedTuple):
    html: str
    notes: list[str]  # what could not be kept, as sentences


def mend(html, *, base="", gallery=lambda ids: []):
    """Return the Mended form of a post's body from WordPress or a system like it.

    `base` is the address against which relative ones are read; for `gallery` see shortcodes.expand. The HTML
    is a fixed point of clean_post_html and of this function; only words that look like a shortcode once their
    entities are resolved (`&#91;/caption]`) stay the first time and go the second. Nothing is fetched; pictures
    on other hosts stay `<img>` (figures.with_pictures makes them links for readers).
    """
    has_blocks = "<!-- wp:" in html
    html = html.replace("\r\n", "\n").replace("\r", "\n")
    html = html.replace("<![CDATA[", "&lt;![CDATA[")  # means nothing in HTML: a browser would hide what it holds
    html = COMMENT.sub(lambda match: "\n\n" if PARTING.match(match[1]) else "", html)
    html, notes = expand(html, gallery)
    html, cut = _cut_tags_shown(NOSCRIPT.sub("", html))
    notes += [_("a tag that was cut off stands in the text: %s") % tag for tag in cut]
    mender = Mender(base=base, lines_break=not has_blocks)
    mender.feed(_balanced(shallow(html, MAX_DEPTH)))
    mender.close()
    return Mended(clean_post_html(mender.page.finished()), notes)


def _cut_tags_shown(html):
    """Return `html` with what is left of cut tags as words, for a person to look at, and a list of these words."""
    cut = []

    def shown(match):
        if match[1]:
            return match[1]
        cut.append(match[0].strip())
        return f"&lt;{match[0][1:]}"

    return CUT_TAG.sub(shown, html), cut


def _balanced(html):
    """Return `html` with every tag closed and nested as a browser would, all tags kept: nh3 parses as browsers do."""
    tags = {name.lower() for name in TAG_NAME.findall(html)} | IMPLIED
    tags -= CONTENT_DROPPED | NEVER_TAGS
    return nh3.clean(
        DROPPED.sub(" ", html),
        tags=tags,
        clean_content_tags=CONTENT_DROPPED,
        attributes={"*": ATTRIBUTES},
        link_rel=None,
        url_schemes={"http", "https", "mailto"},
    )
