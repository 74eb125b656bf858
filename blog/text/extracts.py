"""Extracts of search results: the database marks the words, this makes it safe HTML."""

from html import escape, unescape

from django.utils.safestring import mark_safe

# Private-use characters: they occur in no text, and survive the database's own HTML parsing.
START, STOP = "\ue000", "\ue001"


def highlighted(extract):
    """Return `extract` as safe HTML with `<mark>` around what stood between START and STOP."""
    return mark_safe(escape(unescape(extract)).replace(START, "<mark>").replace(STOP, "</mark>"))
