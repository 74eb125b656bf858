"""WordPress shortcodes, and what becomes of each: a figure, a code block, a plain link, or only its inner text."""

import re
from html import escape, unescape

from django.utils.translation import gettext as _

# What begins anew before it ends is taken from the later beginning: no end is looked for twice.
# Code samples show shortcodes instead of using them.
VERBATIM = re.compile(r"(<(pre|code|textarea)\b[^<]*+(?:<(?!/?\2\b)[^<]*+)*+</\2\s*>)", re.IGNORECASE)
SOURCE_CODE = re.compile(
    r"\[(sourcecode|code|source|php|css|html|javascript|python)(?:\s[^\]]{0,500})?\]"
    r"([^\[]*+(?:\[(?!/?\1[\s\]])[^\[]*+)*+)\[/\1\]",
    re.IGNORECASE,
)
CAPTION = re.compile(
    r"\[(caption|wp_caption)\b([^\]]{0,5000})\]([^\[]*+(?:\[(?!/?\1\b)[^\[]*+)*+)\[/\1\]", re.IGNORECASE
)
PICTURE = re.compile(r"\s*((?:<a\b[^>]*>\s*)?<img\b[^>]*>(?:\s*</a>)?)", re.DOTALL | re.IGNORECASE)
GALLERY = re.compile(r"(?<!\[)\[gallery\b([^\]]{0,5000})\](?!\])", re.IGNORECASE)
MEDIA = re.compile(
    r"(?<!\[)\[(embed|youtube|vimeo|audio|video|dailymotion|soundcloud|googlevideo)\b([^\]]{0,2000})\](?:([^\[<]*)\[/\1\])?",
    re.IGNORECASE,
)
ADDRESS = re.compile(r"https?://[^\s\"'<>\]|&]+(?:&[^\s\"'<>\]|]+)*")
NUMBERS_AT = {"youtube": "https://www.youtube.com/watch?v=%s", "vimeo": "https://vimeo.com/%s"}
VIDEO_NUMBER = re.compile(r"^[\s=]*(?:id=)?[\"']?([\w-]{6,20})")
TAG_OR_SHORTCODE = re.compile(r"<[^<>]*>|(?<!\[)\[(/?)([a-zA-Z][\w-]*)((?:[\s=][^\[\]]*)?)/?\](?!\])")
CLOSERS = re.compile(r"\[/([a-zA-Z][\w-]*)\]")
WITH_ATTRIBUTES = re.compile(r"\s[\w-]+\s*=")
# Where a shortcode stood: a private-use character that no text holds.
GONE = "\ue000"
GONE_RUN = re.compile(rf"(.?){GONE}+(.?)", re.DOTALL)
OPENING = "([{\"'“‘«"


def expand(html, gallery):
    """Return `html` without shortcodes, and a list of notes about what could not be kept.

    `gallery` gets a list of attachment ids, [] for "all of this post's", and returns pairs of address and
    caption. Words in square brackets that are not shortcodes, as [sic], stay. `[[name]]`, by which
    WordPress shows a shortcode, stays as it is.
    """
    notes: list[str] = []
    html = SOURCE_CODE.sub(_code_block, html.replace(GONE, ""))
    parts = VERBATIM.split(html)  # in threes: free text, verbatim element, its name
    for index in range(0, len(parts), 3):
        parts[index] = _expand_free(parts[index], gallery, notes)
    return "".join(part for index, part in enumerate(parts) if index % 3 != 2), notes


def _expand_free(html, gallery, notes):
    if "[" not in html:
        return html

    def figures(match):
        wanted = re.search(r"\b(?:ids|include)\s*=\s*[\"']?([\d,\s]+)", match[1])
        pictures = gallery([each.strip() for each in wanted[1].split(",") if each.strip()] if wanted else [])
        if not pictures:
            notes.append(_("a gallery was left out: its pictures are not in the file"))
        return "\n\n" + "".join(_figure(f'<img src="{escape(src)}">', words) for src, words in pictures) + "\n\n"

    html = CAPTION.sub(_captioned, html)
    html = GALLERY.sub(figures, html)
    html = MEDIA.sub(_media_link, html)
    closed = {name.lower() for name in CLOSERS.findall(html)}
    html = TAG_OR_SHORTCODE.sub(lambda match: GONE if _is_shortcode(match, closed) else match[0], html)
    return GONE_RUN.sub(_without_glueing, html) if GONE in html else html


def _is_shortcode(match, closed):
    closing, name, attributes = match.groups()
    if name is None:
        return False
    return bool(closing or name.lower() in closed or "_" in name or WITH_ATTRIBUTES.match(attributes))


def _without_glueing(match):
    before, after = match.groups()
    parted = not before or before.isspace() or before in OPENING or not (after.isalnum() or after == "<")
    return f"{before}{after}" if parted else f"{before} {after}"


def _code_block(match):
    return f"\n\n<pre><code>{escape(unescape(match[2].strip(chr(10))), quote=False)}</code></pre>\n\n"


def _captioned(match):
    _name, attributes, content = match.groups()
    picture = PICTURE.match(content)
    if not picture:
        return content
    in_attribute = re.search(r"\bcaption\s*=\s*([\"'])(.*?)\1", attributes, re.DOTALL)
    words = content[picture.end() :].strip() or (unescape(in_attribute[2]) if in_attribute else "")
    return "\n\n" + _figure(picture[1], words) + "\n\n"


def _figure(picture, words):
    return f"<figure>{picture}<figcaption>{words}</figcaption></figure>"


def _media_link(match):
    name, attributes, inner = match.groups()
    found = ADDRESS.search(unescape(f"{attributes} {inner or ''}"))
    if found:
        address = found[0]
    elif name.lower() in NUMBERS_AT and (number := VIDEO_NUMBER.match(attributes)):
        address = NUMBERS_AT[name.lower()] % number[1]
    else:
        return inner or ""
    return f'\n\n<a href="{escape(address)}">{escape(address)}</a>\n\n'
