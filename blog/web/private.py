"""Pages that a secret link opens."""

from functools import wraps

from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt


def private(view):
    """Decorate a view that a secret link opens. No cache, other site or search engine learns of the page.

    Who knows the link needs nobody else's browser to use it, so there is no forgery across sites to guard against.
    """

    @never_cache
    @csrf_exempt
    @wraps(view)
    def guarded(request, key):
        response = view(request, key)
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        return response

    return guarded
