"""Links to videos: one that stands alone in a paragraph becomes a card, and its player is asked for at a click."""

import re
from html import escape, unescape
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

from django.utils.translation import gettext

from blog.text.figures import ATTRIBUTE

ALONE = re.compile(r"<p>\s*<a\s(?P<attributes>[^>]*)>(?P<words>(?:(?!</?a\b).)*)</a>\s*</p>", re.DOTALL)
YOUTUBE = {"youtube.com", "m.youtube.com", "youtube-nocookie.com"}
YOUTUBE_PATH = re.compile(r"/(?:embed|shorts|live)/([\w-]{11})", re.ASCII)
YOUTUBE_KEY = re.compile(r"[\w-]{11}", re.ASCII)
VIMEO_PATH = re.compile(r"/(?:video/)?([0-9]{1,12})(?:/([0-9a-f]{1,20}))?")
# https://docs.joinpeertube.org: /w/<short key> or /videos/watch/<UUID>, on anybody's host
PEERTUBE_PATH = re.compile(r"/(?:w|videos/watch)/([0-9A-Za-z]{22}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")
HOST = re.compile(r"[0-9a-z-]+(?:\.[0-9a-z-]+)+")  # what may stand in a header as it is


class Player(NamedTuple):
    host: str
    path: str

    @property
    def origin(self):
        return f"https://{self.host}"

    @property
    def address(self):
        return self.origin + self.path


def player_of(address):
    """Return the Player of a video's page, the one that sets no cookie if there is one, or None."""
    try:
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or parts.port:
            return None
    except ValueError:
        return None
    hostname = parts.hostname or ""
    host = hostname.removeprefix("www.")
    path = parts.path.rstrip("/")
    if host in YOUTUBE or host == "youtu.be":
        return _youtube(host, path, parts.query)
    if host in ("vimeo.com", "player.vimeo.com"):
        return _vimeo(path)
    found = PEERTUBE_PATH.fullmatch(path)
    return Player(hostname, f"/videos/embed/{found[1]}?autoplay=1") if found and HOST.fullmatch(hostname) else None


def with_videos(html):
    """Return sanitised HTML with its links to videos as cards. Without a script they go on being links."""
    return ALONE.sub(_card, html)


def origins(html):
    """Return where the players of a text come from, for its page's Content-Security-Policy."""
    found = (player_of(_address(link)) for link in ALONE.finditer(html))
    return sorted({player.origin for player in found if player})


def _youtube(host, path, query):
    found = YOUTUBE_PATH.fullmatch(path)
    key = found[1] if found else path[1:] if host == "youtu.be" else parse_qs(query).get("v", [""])[0]
    return Player("www.youtube-nocookie.com", f"/embed/{key}?autoplay=1") if YOUTUBE_KEY.fullmatch(key) else None


def _vimeo(path):
    found = VIMEO_PATH.fullmatch(path)
    if not found:
        return None
    secret = f"&h={found[2]}" if found[2] else ""  # of a video that is not listed
    return Player("player.vimeo.com", f"/video/{found[1]}?autoplay=1&dnt=1{secret}")


def _address(link):
    return unescape(dict(ATTRIBUTE.findall(link["attributes"])).get("href", ""))


def _card(link):
    address = _address(link)
    player = player_of(address)
    if not player:
        return link[0]
    says_nothing = unescape(link["words"]).strip() == address
    words = gettext("Video") if says_nothing else link["words"]
    note = gettext("From %(host)s, which is asked for nothing before you choose to watch.") % {"host": player.host}
    return (
        f'<p class="video"><a href="{escape(address)}" data-player="{escape(player.address)}" '
        f'rel="noopener noreferrer"><b>{words}</b> <small>{note}</small></a></p>'
    )
