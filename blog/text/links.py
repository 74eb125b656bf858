"""Addresses inside HTML."""

import re

from django.utils.safestring import mark_safe

LOCAL = re.compile(r'(\s(?:href|src)=")(/(?!/))')
LOCAL_CANDIDATE = re.compile(r'((?:srcset="|,\s))(/(?!/))')


def absolute(html, site):
    """Return `html` with its local addresses made absolute, as a feed reader or a mail program needs them."""
    return mark_safe(LOCAL_CANDIDATE.sub(rf"\1{site}\2", LOCAL.sub(rf"\1{site}\2", html)))
