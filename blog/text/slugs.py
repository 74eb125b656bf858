"""Addresses made from titles."""

from django.utils.text import slugify as ascii_slugify

MAX_CHARACTERS = 80
# Letters that Unicode does not take apart into a base letter and an accent.
LETTERS = str.maketrans(
    {"æ": "ae", "ø": "o", "ß": "ss", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "œ": "oe", "ı": "i"}
    | {"…": " ", "–": " ", "—": " ", "/": " ", "’": "", "'": ""}
)


def slugify(title, fallback="post"):
    """Return an address part: å ä ö é become a a o e, quotes vanish, dashes and an ellipsis separate.

    A title in another script keeps its own letters; one without any letter or digit gives `fallback`.
    At most 80 characters, cut between words where that is possible.
    """
    text = title.lower().translate(LETTERS)
    slug = ascii_slugify(text) or ascii_slugify(text, allow_unicode=True) or fallback
    if len(slug) <= MAX_CHARACTERS:
        return slug
    cut = slug[: MAX_CHARACTERS + 1].rpartition("-")[0]
    return cut or slug[:MAX_CHARACTERS]


def stem(wanted):
    """Return the beginning that all answers of `unique_slug` share: what is taken is looked for among these."""
    return wanted[: MAX_CHARACTERS - 5].rstrip("-")


def unique_slug(wanted, taken):
    """Return `wanted`, or `wanted-2`, `wanted-3`, … : the first that is not in the set `taken`."""
    slug, number = wanted, 1
    while slug in taken:
        number += 1
        slug = f"{stem(wanted)}-{number}"
    return slug
