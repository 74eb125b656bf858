"""Addresses inside HTML."""

import re
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from django.utils.safestring import mark_safe

TAG = re.compile(r"<[a-z][^>]*>")
LOCAL = re.compile(r'(\s(?:href|src)=")(/(?!/))')
NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
CANDIDATES = re.compile(r'\ssrcset="[^"]*"')
TRACKING = re.compile(r"^(utm_\w+|fbclid|gclid|dclid|msclkid|mc_[ce]id|igshid|yclid|_hs\w+|ref_src)$", re.IGNORECASE)
LOCAL_CANDIDATE = re.compile(r'((?:"|,\s))(/(?!/))')


def absolute(html, site):
    """Return `html` with its local addresses made absolute, as a feed reader or a mail program needs them."""

    def candidates(match):
        return LOCAL_CANDIDATE.sub(rf"\1{site}\2", match[0])

    def tag(match):
        return CANDIDATES.sub(candidates, LOCAL.sub(rf"\1{site}\2", match[0]))

    return mark_safe(TAG.sub(tag, html))


def for_xml(text):
    """Return `text` without the characters that no XML document may hold (XML 1.0, section 2.2)."""
    return NOT_IN_XML.sub("", text)


def without_tracking(url):
    """Return `url` without utm_…, fbclid and their like, in the query and in the fragment."""
    try:
        parts = urlsplit(url)
        query = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not TRACKING.match(pair[0])]
    except ValueError:
        return url
    fragment = "" if TRACKING.match(parts.fragment.partition("=")[0]) else parts.fragment
    if len(query) == len(parts.query.split("&")) and fragment == parts.fragment:
        return url
    return urlunsplit(parts._replace(query=urlencode(query), fragment=fragment))
