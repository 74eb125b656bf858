"""Name, e-mail and website of a reader who asked this browser to remember them: a cookie of the reader's own words.

It is set by the form's tick alone. A script reads it, since the page of a post is the same for everybody.
"""

import json
from urllib.parse import quote, unquote

from django.conf import settings

COOKIE = "writer"
FIELDS = ("name", "email", "website")
MAX_AGE_SECONDS = 365 * 24 * 3600


def initial(request):
    """Return what the form begins with for this reader: their account's name, or what their browser remembers."""
    if request.user.is_authenticated:
        return of_account(request.user)
    try:
        kept = json.loads(unquote(request.COOKIES.get(COOKIE, "")))
        json.dumps(kept, ensure_ascii=False).encode()
    except (ValueError, RecursionError):  # anybody may write a cookie: no JSON, lone surrogates, a thousand brackets
        return {}
    if not isinstance(kept, dict):
        return {}
    return {name: kept[name] for name in FIELDS if isinstance(kept.get(name), str)} | {"remember": True}


def of_account(user):
    """Return what the form begins with for a person who is signed in, and nothing for all others."""
    if not user.is_authenticated:
        return {}
    return {"name": user.get_full_name() or user.username, "email": user.email}


def keep(request, response, fields):
    """Let the browser remember what was typed, or forget it, as the form's tick says."""
    if fields["remember"]:
        words = json.dumps({name: fields[name] for name in FIELDS}, ensure_ascii=False)
        response.set_cookie(
            COOKIE, quote(words), max_age=MAX_AGE_SECONDS, samesite="Lax", secure=settings.BEHIND_TLS
        )  # fmt: skip
    elif COOKIE in request.COOKIES:
        response.delete_cookie(COOKIE, samesite="Lax")
