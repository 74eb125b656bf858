"""The receipt of a comment, and the link that ends mails."""

from functools import wraps

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from blog.receipts import keys


def private(view):
    """Decorate a view that a secret link opens. No cache, other site or search engine learns of the page.

    Nothing here depends on a cookie: who knows the link needs nobody else's browser to use it.
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


@private
def receipt(request, key):
    found = keys.find(key)
    if found is None:
        raise Http404
    return render(request, "blog/receipts/receipt.html", {"receipt": found, "comment": found.comment})


@private
def mute(request, key):
    address = keys.find_muted(key)
    if address is None:
        raise Http404
    return render(request, "blog/receipts/mute.html", {"address": address})
