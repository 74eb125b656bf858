"""Input that no part of the site can use is refused at the door, and what is said to one reader is kept by no cache."""

from django.contrib.messages import get_messages
from django.http import HttpResponseBadRequest
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _


class RefuseNul:
    """Middleware: 400 for a NUL in path, query, cookies or a form field: PostgreSQL's text cannot hold one."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        # A Content-Type may name an encoding in which NUL and more can hide (UTF-7); Django would believe it.
        if request.encoding and request.encoding.lower() not in ("utf-8", "utf8"):
            return refusal(_("The request is not in UTF-8."))
        return refusal() if _has_nul(request) else self.get_response(request)

    def process_view(self, request, view, arguments, named_arguments):
        # Here and not above, so that a body is parsed only for a view that exists.
        if request.method != "POST":
            return None
        sent = (text for name, values in request.POST.lists() for text in (name, *values))
        return refusal() if any("\0" in text for text in sent) else None


def keep_messages_private(get_response):
    """Middleware: a page with messages is for one reader: the link to a receipt may stand in one."""

    def answer(request):
        response = get_response(request)
        if getattr(get_messages(request), "used", False):
            add_never_cache_headers(response)
        return response

    return answer


def refusal(reason=None):
    reason = reason or _("The request holds a character that cannot be stored (NUL).")
    return HttpResponseBadRequest(reason, content_type="text/plain; charset=utf-8")


def _has_nul(request):
    query = request.META.get("QUERY_STRING", "")
    texts = [request.path_info, query, *request.COOKIES.values()]
    return any("\0" in text for text in texts) or "%00" in query
