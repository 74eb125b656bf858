"""Addresses inside HTML."""

import re

from django.utils.safestring import mark_safe

LOCAL = re.compile(r'(\s(?:href|src)=")(/(?!/))')
NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
LOCAL_CANDIDATE = re.compile(r'((?:srcset="|,\s))(/(?!/))')


def absolute(html, site):
    """Return `html` with its local addresses made absolute, as a feed reader or a mail program needs them."""
    return mark_safe(LOCAL_CANDIDATE.sub(rf"\1{site}\2", LOCAL.sub(rf"\1{site}\2", html)))


def for_xml(text):
    """Return `text` without the characters that no XML document may hold (XML 1.0, section 2.2)."""
    return NOT_IN_XML.sub("", text)
