"""What a post's pictures become on the page: ours responsive, other people's a link that is asked for first."""

import re
from collections.abc import Mapping
from html import escape, unescape
from types import MappingProxyType
from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.safestring import mark_safe
from django.utils.translation import gettext

ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')
IMAGE = r'<img(?:\s+[\w-]+="[^"]*")*\s*/?>'
FIGURE = rf"<figure>\s*{IMAGE}(?:(?!</figure>).)*</figure>\s*"
PIECE = re.compile(rf"(?P<gallery>(?:{FIGURE}){{2,}})|{IMAGE}", re.DOTALL)
# /media/images/3f9c0d…-1600x1067/960.jpg : key, width and height of the original, width of this rendition
RENDITION = re.compile(
    rf"{re.escape(settings.MEDIA_PATH)}(?P<folder>images/(?P<key>[0-9a-f]{{16}})-"
    r"(?P<width>[1-9][0-9]{0,4})x(?P<height>[1-9][0-9]{0,4}))/[0-9]{1,5}\.(?:avif|webp|jpg)"
)
WIDTHS = (480, 960, 1600)  # CSS pixels; an original is never scaled up
SIZES = "(max-width: 44rem) 100vw, 44rem"
GALLERY_SIZES = "(max-width: 44rem) 50vw, 22rem"
THUMBNAIL_SIZES = "(max-width: 40rem) 100vw, 12rem"
FOLD_CHARACTERS = 1_000  # a picture further down a text is on no first screen


class Known(NamedTuple):
    """What the library knows of a picture that its address does not say."""

    hint: str = ""  # a tiny picture as a data: address
    focus_x: int = 50  # per cent from the left
    focus_y: int = 50  # per cent from the top

    @property
    def classes(self):
        """Where a crop is laid, to a quarter of the picture: a style sheet knows the classes. "" for the middle."""
        return _crop("across", self.focus_x) + _crop("down", self.focus_y)


NOTHING_KNOWN = Known()
NO_LIBRARY: Mapping[str, Known] = MappingProxyType({})


def widths_of(width):
    """Return the widths in which an original `width` pixels wide is stored, ascending."""
    widest = min(width, WIDTHS[-1])
    return [each for each in WIDTHS if each < widest] + [widest]


def picture(folder, width, height, alt, *, known=NOTHING_KNOWN, sizes=SIZES, eager=False):
    """Return a stored image as HTML; `folder` is its address, `width` and `height` the original's pixels.

    `eager` is for the one picture at the top of a page. The hint lies under it until it is there.
    """
    widths = widths_of(width)
    shown = widths[-1]
    size = f'width="{shown}" height="{max(1, round(height * shown / width))}"'

    def candidates(ending):
        return ", ".join(f"{folder}/{each}.{ending} {each}w" for each in widths)

    loading = 'fetchpriority="high"' if eager else 'loading="lazy"'
    hint = f'<img class="hint" src="{known.hint}" alt="" aria-hidden="true" {size}>' if known.hint else ""
    return mark_safe(
        f'<span class="picture{known.classes}">{hint}<picture>'
        f'<source type="image/avif" srcset="{candidates("avif")}" sizes="{sizes}">'
        f'<source type="image/webp" srcset="{candidates("webp")}" sizes="{sizes}">'
        f'<img src="{folder}/{widths[len(widths) // 2]}.jpg" srcset="{candidates("jpg")}" sizes="{sizes}" '
        f'alt="{escape(alt)}" {size} {loading} decoding="async"></picture></span>'
    )


def with_pictures(html, library=NO_LIBRARY, *, is_top=False):
    """Return a post's sanitised HTML as readers get it; `library` has what is Known of pictures, by key.

    A stored image becomes responsive, and figures that follow each other a gallery; an image on another host becomes
    a link with the host's name, so that no reader's browser asks a third party for anything before the reader does.
    `is_top` is for a text with nothing but words above it: a picture at its beginning is not loaded lazily.
    """
    first = html.find("<img", 0, FOLD_CHARACTERS) if is_top else -1

    def piece(match):
        if match["gallery"]:
            return _gallery(re.findall(FIGURE, match[0], re.DOTALL), library)
        return _image(match[0], library, eager=match.start() == first)

    return mark_safe(PIECE.sub(piece, html))


def _gallery(figures, library):
    """Figures side by side, each a link to its whole picture; the first of an odd number takes the whole width."""
    shown = [_enlargeable(figure, library, sizes) for figure, sizes in zip(figures, _sizes(len(figures)), strict=True)]
    label = gettext("Gallery: %(count)s pictures") % {"count": len(figures)}
    return f'<div class="gallery" role="group" aria-label="{label}">{"".join(shown)}</div>'


def _sizes(count):
    return [SIZES if each == 0 and count % 2 else GALLERY_SIZES for each in range(count)]


def _enlargeable(figure, library, sizes):
    tag = re.findall(IMAGE, figure)[0]
    source, alt = _source_and_alt(tag)
    shown = _image(tag, library, sizes=sizes)
    if RENDITION.fullmatch(source):
        name = "" if alt else f' aria-label="{gettext("The whole picture")}"'
        shown = f'<a href="{_address(source)}"{name}>{shown}</a>'
    return figure.replace(tag, shown, 1)


def _image(tag, library, *, sizes=SIZES, eager=False):
    source, alt = _source_and_alt(tag)
    ours = RENDITION.fullmatch(source)
    if not ours:
        return _link(source, alt)
    known = library.get(ours["key"], NOTHING_KNOWN)
    width, height = int(ours["width"]), int(ours["height"])
    return picture(
        _address(settings.MEDIA_PATH + ours["folder"]), width, height, alt, known=known, sizes=sizes, eager=eager
    )


def _source_and_alt(tag):
    attributes = {name: unescape(value) for name, value in ATTRIBUTE.findall(tag)}
    return attributes.get("src", ""), attributes.get("alt", "")


def _address(path):
    return escape(settings.MEDIA_URL + path.removeprefix(settings.MEDIA_PATH))


def _link(source, alt):
    try:
        parts = urlsplit(source)
    except ValueError:
        return escape(alt)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return escape(alt)
    text = gettext("Picture at %(host)s") % {"host": parts.hostname}
    label = f"{text}: {alt}" if alt else text
    return f'<a class="remote-image" href="{escape(source)}" rel="noopener noreferrer">{escape(label)}</a>'


def _crop(direction, percent):
    quarter = round(percent / 25) * 25
    return "" if quarter == 50 else f" {direction}-{quarter}"
