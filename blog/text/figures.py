"""What a post's pictures become on the page: ours responsive, other people's a link that is asked for first."""

import re
from html import escape, unescape
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.safestring import mark_safe
from django.utils.translation import gettext

IMAGE = re.compile(r'<img((?:\s+[\w-]+="[^"]*")*)\s*/?>')
ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')
# /media/images/3f9c0d…-1600x1067/960.jpg : key, width and height of the original, width of this rendition
RENDITION = re.compile(
    rf"{re.escape(settings.MEDIA_PATH)}(?P<folder>images/[0-9a-f]{{16}}-"
    r"(?P<width>[1-9][0-9]{0,4})x(?P<height>[1-9][0-9]{0,4}))/[0-9]{1,5}\.(?:avif|webp|jpg)"
)
WIDTHS = (480, 960, 1600)  # CSS pixels; an original is never scaled up
SIZES = "(max-width: 44rem) 100vw, 44rem"


def widths_of(width):
    """Return the widths in which an original `width` pixels wide is stored, ascending."""
    widest = min(width, WIDTHS[-1])
    return [each for each in WIDTHS if each < widest] + [widest]


def picture(folder, width, height, alt, *, eager=False):
    """Return the `<picture>` of a stored image; `folder` is its address, `width` and `height` the original's pixels."""
    widths = widths_of(width)
    shown = widths[-1]
    shown_height = max(1, round(height * shown / width))

    def candidates(ending):
        return ", ".join(f"{folder}/{each}.{ending} {each}w" for each in widths)

    loading = "" if eager else ' loading="lazy"'
    return mark_safe(
        f'<picture><source type="image/avif" srcset="{candidates("avif")}" sizes="{SIZES}">'
        f'<source type="image/webp" srcset="{candidates("webp")}" sizes="{SIZES}">'
        f'<img src="{folder}/{widths[len(widths) // 2]}.jpg" srcset="{candidates("jpg")}" sizes="{SIZES}" '
        f'alt="{escape(alt)}" width="{shown}" height="{shown_height}"{loading} decoding="async">'
        "</picture>"
    )


def with_pictures(html):
    """Return a post's sanitised HTML as readers get it.

    A stored image becomes a `<picture>`; an image on another host becomes a link with the host's name, so
    that no reader's browser asks a third party for anything before the reader does.
    """
    return mark_safe(IMAGE.sub(_replacement, html))


def _replacement(match):
    attributes = {name: unescape(value) for name, value in ATTRIBUTE.findall(match[1])}
    source, alt = attributes.get("src", ""), attributes.get("alt", "")
    if ours := RENDITION.fullmatch(source):
        return picture(escape(settings.MEDIA_URL + ours["folder"]), int(ours["width"]), int(ours["height"]), alt)
    try:
        parts = urlsplit(source)
    except ValueError:
        return escape(alt)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return escape(alt)
    text = gettext("Picture at %(host)s") % {"host": parts.hostname}
    label = f"{text}: {alt}" if alt else text
    return f'<a class="remote-image" href="{escape(source)}" rel="noopener noreferrer">{escape(label)}</a>'
