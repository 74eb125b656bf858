"""How the site looks, as pages ask for it: read when it has changed, and by no question of its own for each page."""

import time
from hashlib import blake2b
from typing import NamedTuple

from django.conf import settings
from django.db import DatabaseError
from django.db.models.expressions import RawSQL

from blog.appearance.models import DARK, LIGHT, Appearance
from blog.text import colours
from blog.web.memo import remembered

NAMES = ("paper", "raised", "ink", "soft", "line", "accent", "mark")
MARKED = {LIGHT: "#fbe7a1", DARK: "#5d4a12"}
LOGO_PIXELS = 40  # its height
FACES = {
    "serif": "Iowan Old Style, Palatino Linotype, Palatino, P052, Noto Serif, Georgia, serif",
    "sans": "system-ui, -apple-system, Segoe UI, Roboto, Noto Sans, Liberation Sans, sans-serif",
}
# The version of the row: the transaction that wrote it, and the place. It comes along with a question that each page
# asks anyway.
ROW = "blog_appearance.xmin::text || blog_appearance.ctid::text"
VERSION = f"(SELECT {ROW} FROM blog_appearance)"  # noqa: S608
ASK_AGAIN_SECONDS = 10  # for whoever makes no pages, as jobs


class Look(NamedTuple):
    name: str
    tagline: str = ""
    logo: tuple | None = None  # (address, width, height)
    typeface: str = "own"
    light: tuple = LIGHT  # paper, ink, accent
    dark: tuple = DARK

    @classmethod
    def of(cls, appearance):
        fields = {name: getattr(appearance, name) for name in cls._fields if name != "logo"}
        return cls(logo=_logo(appearance.logo), **fields)

    @property
    def css(self):
        """The style sheet by which it differs from site.css, or ""."""
        return _css(self)

    @property
    def digest(self):
        return blake2b(self.css.encode(), digest_size=8).hexdigest() if self.css else ""


class _Known:
    """What this process knows: the newest version it has heard of, when, and the look of the one that it has read."""

    version: str | None = None
    heard_at = float("-inf")
    read: str | None = None
    look: Look | None = None


def note(version):
    """Hear that this is the version of the row now; None: there is none."""
    _Known.version, _Known.heard_at = version, time.monotonic()


def last_known():
    """Return the Look as this process read it last, or the one that the settings give; nothing is asked."""
    return _Known.look or Look(settings.SITE_NAME)


def current():
    """Return the Look of the site. It is what it was while the database does not answer."""
    if time.monotonic() - _Known.heard_at < ASK_AGAIN_SECONDS:
        if _Known.version is None:
            return Look(settings.SITE_NAME)
        if _Known.version == _Known.read and _Known.look:
            return _Known.look
    try:
        return _read()
    except DatabaseError:
        return last_known()


def _read():
    rows = Appearance.objects.select_related("logo").annotate(version=RawSQL(ROW, []))  # noqa: S611
    appearance = rows.first()
    look, version = (Look.of(appearance), appearance.version) if appearance else (Look(settings.SITE_NAME), None)
    _Known.look, _Known.read = look, version
    note(version)
    return look


def palette(scheme):
    """Return (name, colour) of all colours of pages that follow from a scheme: paper, ink, accent."""
    paper, ink, accent = scheme
    raised, line = colours.between(paper, ink, 0.045), colours.between(paper, ink, 0.16)
    grey = (colours.between(paper, ink, share / 100) for share in range(62, 100, 4))
    soft = next((each for each in grey if colours.contrast(each, raised) > colours.READABLE), ink)
    mark = MARKED.get(scheme) or colours.between(paper, accent, 0.2)
    return tuple(zip(NAMES, (paper, raised, ink, soft, line, accent, mark), strict=True))


@remembered(most_bytes=2**16)
def _css(look):
    rules = []
    if look.light != LIGHT:
        rules.append(_rule(palette(look.light)))
    if look.light != LIGHT or look.dark != DARK:  # what is said of light paper would else stay in the dark
        rules.append(f"@media (prefers-color-scheme: dark) {{ {_rule(palette(look.dark))} }}")
    if look.typeface != "own":
        rules.append(_rule([("serif", FACES[look.typeface])]))
    return "\n".join(rules)


def _rule(words):
    return f":root {{ {' '.join(f'--{name}: {value};' for name, value in words)} }}"


def _logo(image):
    if image is None:
        return None
    return image.webp, max(1, round(image.width * LOGO_PIXELS / image.height)), LOGO_PIXELS
