"""The one list of what a post's HTML may hold: the editor's extensions, and the sanitiser made from them."""

import re
from html import unescape

import nh3
from django.utils.translation import gettext_lazy as _
from django_prose_editor.config import allowlist_from_extensions, expand_extensions

PULL_QUOTE = {"className": "pull", "title": _("Pull quote")}
# What the editor can make is what is stored, and nothing else: an import is cleaned against the same list,
# so that opening an imported post in the editor and saving it loses nothing.
EXTENSIONS = {
    "Bold": True,
    "Italic": True,
    "Strike": True,
    "Subscript": True,
    "Superscript": True,
    "Code": True,
    "CodeBlock": True,
    "Heading": {"levels": [2, 3, 4]},
    "HardBreak": True,
    "BulletList": True,
    "OrderedList": True,
    "ListItem": True,
    "Blockquote": True,
    "HorizontalRule": True,
    "Link": {"enableTarget": False, "protocols": ["http", "https", "mailto"]},
    "Image": True,
    "Figure": True,
    "Caption": True,
    "Table": True,
    "TableRow": True,
    "TableHeader": True,
    "TableCell": True,
    "NodeClass": {"cssClasses": {"blockquote": {"title": _("Quote"), "cssClasses": [PULL_QUOTE]}}},
    "HTML": True,
}

_rules = allowlist_from_extensions(expand_extensions(EXTENSIONS))
_rules["attributes"]["figure"] = _rules["attributes"]["blockquote"] = set()
_rules["allowed_classes"] = {"blockquote": {"pull"}}
_rules["attributes"]["img"] = {"src", "alt", "width", "height"}
_rules["attributes"]["a"] = {"href", "title"}
_rules["link_rel"] = None  # an editor's own links are followed
_cleaner = nh3.Cleaner(**_rules)
BLOCK_END = re.compile(r"<br\b|</(?:p|h\d|li|blockquote|pre|figure|figcaption|t[dhr])>")
TAG = re.compile(r"<[^>]*(?:>|$)")
_text_only = nh3.Cleaner(tags=set())


def clean_post_html(html):
    """Return `html` with only the tags, attributes and link schemes that the editor knows; "" for an empty document."""
    cleaned = _cleaner.clean(html)
    return "" if cleaned in ("<p></p>", "<p><br></p>") else cleaned


def plain_text(html):
    """Return the words of `html` without any mark-up; blocks and line breaks become spaces, entities characters."""
    return " ".join(unescape(_text_only.clean(BLOCK_END.sub(r" \g<0>", html))).split())


def first_words(html):
    """Return the words of HTML that was sanitised here, wherever its end was cut off. Cheaper than `plain_text`."""
    return " ".join(unescape(TAG.sub("", BLOCK_END.sub(r" \g<0>", html))).split())
