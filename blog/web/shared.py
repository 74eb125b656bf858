"""Pages that are the same for every reader without a session, which the page cache (project/page_cache) may keep."""

from functools import wraps

from django.db import connection
from django.utils import timezone
from django.utils.cache import patch_cache_control

# Whoever has one of these reads pages of their own: a session, a message, a comment that only its writer sees.
# For some seconds also who has just written something.
HELD, WROTE = "held", "wrote"
PERSONAL_COOKIES = ("sessionid", "messages", HELD, WROTE)
PARAMETERS = frozenset({"before", "from", "order"})  # all that such a page may read of its address's query


def shared_page(*tags):
    """Decorate a view whose page is the same for everybody without a session; `tags` name what it always shows.

    The view gets nothing by which readers differ. It says by `shows` what else its page shows, and until when.
    """

    def decorate(view):
        @wraps(view, updated=())
        def answer(request, *arguments, **named):
            request.GET = request.GET.copy()
            for name in set(request.GET) - PARAMETERS:
                del request.GET[name]
            if is_personal(request):
                response = view(request, *arguments, **named)
                patch_cache_control(response, private=True, max_age=0)
                return response
            request.COOKIES = {}
            request.shown, request.shown_until = set(tags), None
            response = view(request, *arguments, **named)
            if response.status_code == 200:
                _describe(request, response)
            return response

        return answer

    return decorate


def is_personal(request):
    """Whether the page may differ for this reader."""
    return "HTTP_AUTHORIZATION" in request.META or any(name in request.COOKIES for name in PERSONAL_COOKIES)


def shows(request, *tags, until=None):
    """Say that the page shows what the tags name ("post:12", "comments:12", "tag:7"), and is good `until` an hour."""
    if not hasattr(request, "shown"):
        return
    request.shown.update(tags)
    if until and until > timezone.now():
        request.shown_until = min(until, request.shown_until or until)


def _describe(request, response):
    response["Surrogate-Key"] = " ".join(sorted(request.shown))
    if request.shown_until:
        seconds = max(0, int((request.shown_until - timezone.now()).total_seconds()))
        response["Surrogate-Control"] = f"max-age={seconds}"
    patch_cache_control(response, public=True, max_age=0, must_revalidate=True)


def forget_purges():
    """Delete what every page cache has read long since; who was away for longer begins anew."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM blog_purge WHERE at < now() - interval '1 hour'")
