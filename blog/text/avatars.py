"""Pictures for people, drawn from what everybody sees of them: the name as it is typed."""

import unicodedata
from hashlib import blake2b

from django.utils.html import format_html

HUES = 8  # classes in static/blog/css/site.css


def avatar(name):
    """Return a disc with the initials of a name, in one of HUES colours that is always the same for that name."""
    hue = blake2b(_plain(name).encode(), digest_size=1).digest()[0] % HUES
    return format_html('<span class="avatar hue-{}" aria-hidden="true">{}</span>', hue, initials(name))


def initials(name):
    """Return the first letters of a name's first and last word, "·" where there is no letter or digit."""
    letters = [next(filter(str.isalnum, word), "") for word in _plain(name).split()]
    letters = [letter.upper()[:1] for letter in letters if letter]
    return "".join(letters[:1] + letters[1:][-1:]) or "·"


def _plain(name):
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())
