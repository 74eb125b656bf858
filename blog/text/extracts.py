"""Extracts of search results: the database marks the words, this finds where and makes it safe HTML."""

import re
from html import escape, unescape
from itertools import islice

from django.utils.safestring import mark_safe

# Private-use characters: they occur in no text, and survive the database's own HTML parsing.
START, STOP = "\ue000", "\ue001"
TAG = re.compile("<[^>]*>")
LEXEME = re.compile(r"(!?)'((?:[^']|'')*)'")
MOST_LEXEMES, MOST_PLACES = 4, 3  # of a query, and of each of its lexemes: an extract shows two places
BEFORE_CHARACTERS, AFTER_CHARACTERS = 80, 170


def piece(html, query):
    """Return, as one text, places of `html` where words of `query` (PostgreSQL's tsquery as text) seem to stand.

    The database, which knows for sure, marks the words in this piece at a fraction of what the whole text costs.
    Without a hit it is the beginning.
    """
    text = TAG.sub(" ", html)
    lexemes = [lexeme.replace("''", "'") for negated, lexeme in LEXEME.findall(query) if not negated]
    places = sorted({place for lexeme in lexemes[:MOST_LEXEMES] for place in _places(lexeme, text)}) or [0]
    pieces, end = [], 0
    for place in places:
        start = max(end, text.rfind(" ", 0, max(0, place - BEFORE_CHARACTERS)) + 1)
        end = max(end, text.find(" ", place + AFTER_CHARACTERS) % (len(text) + 1))  # -1, not found: the text's end
        pieces.append(text[start:end])
    return " ".join(pieces)


def _places(lexeme, text):
    # A stem is how its words begin, or all but its last letter is (happi, happy); endings are short.
    for beginning in (lexeme, lexeme[:-1]):
        words = re.finditer(rf"\b{re.escape(beginning)}\w{{0,5}}\b", text, re.IGNORECASE)
        if beginning and (places := [word.start() for word in islice(words, MOST_PLACES)]):
            return places
    return []


def highlighted(extract):
    """Return `extract` as safe HTML with `<mark>` around what stood between START and STOP."""
    return mark_safe(escape(unescape(extract)).replace(START, "<mark>").replace(STOP, "</mark>"))
