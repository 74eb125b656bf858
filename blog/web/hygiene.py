"""Input that no part of the site can use is refused at the door."""

from django.http import HttpResponseBadRequest
from django.utils.translation import gettext as _

FORM = "application/x-www-form-urlencoded"


class RefuseNul:
    """Middleware: 400 for a NUL character in path, query, cookies or a form field. PostgreSQL's text cannot hold one."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return refusal() if _has_nul(request) else self.get_response(request)

    def process_view(self, request, view, arguments, named_arguments):
        # Here, after CSRF and sessions had their turn, so that a body is parsed only for a view that exists.
        if request.method == "POST" and any("\0" in value for values in request.POST.lists() for value in values[1]):
            return refusal()
        return None


def refusal():
    return HttpResponseBadRequest(
        _("The request holds a character that cannot be stored (NUL)."), content_type="text/plain; charset=utf-8"
    )


def _has_nul(request):
    if "\0" in request.path_info or any("\0" in value for value in request.COOKIES.values()):
        return True
    return "%00" in request.META.get("QUERY_STRING", "") or "\0" in request.META.get("QUERY_STRING", "")
