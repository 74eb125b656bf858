"""What was new at a reader's last visit, without an account: a cookie of this site, by consent only.

It holds for each of the posts that were visited last which comment was the last to appear, as "12.7~15.30". A script
reads and writes the same (static/blog/js/discussion.js), since the page of a post is the same for everybody.
"""

import re

from django.conf import settings

COOKIE = "visits"
KEPT = 60  # posts, the newest
MAX_AGE_SECONDS = 365 * 24 * 3600
MARK = re.compile(r"([0-9]{1,18})\.([0-9]{1,18})", re.ASCII)


def marks(request):
    """Return a dict from ids of posts to the greatest Comment.shown at the last visit; None without consent."""
    if COOKIE not in request.COOKIES:
        return None
    found = map(MARK.fullmatch, request.COOKIES[COOKIE].split("~"))
    return {int(mark[1]): int(mark[2]) for mark in found if mark}


def keep(request, response, post, shown):
    """Let the browser remember what of a post had appeared (a Comment.shown); from now on, if it was not asked to."""
    others = {pk: newest for pk, newest in (marks(request) or {}).items() if pk != post.pk}
    words = "~".join(f"{pk}.{newest}" for pk, newest in [*others.items(), (post.pk, shown)][-KEPT:])
    response.set_cookie(COOKIE, words, max_age=MAX_AGE_SECONDS, samesite="Lax", secure=settings.BEHIND_TLS)


def forget(response):
    response.delete_cookie(COOKIE, samesite="Lax")
