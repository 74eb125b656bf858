"""The pages for what went wrong: our own mistakes (500), and a database that does not answer (503).

Django calls `failed` for whatever is raised anywhere between the first middleware and the template, so no view and no
middleware needs to think of it. Both pages ask nothing of the database.
"""

import logging
import sys

from django.db import InterfaceError, OperationalError
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext_lazy as _

from blog.web.languages import language_for

RETRY_SECONDS = 5
# How PostgreSQL says that it goes down, or takes no more connections (its manual, Appendix A). No state: it is silent.
GONE = ("08", "53", "57P")
LONGEST_LINE = 60  # characters
LABELS = {
    "text": _("Text"),
    "name": _("Name"),
    "email": _("E-mail address"),
    "website": _("Website"),
    "title": _("Title"),
}
SECRETS = ("password", "code", "credential")  # parts of the names of what is never repeated

logger = logging.getLogger(__name__)


def failed(request):
    """Django's handler500, called while the exception is being handled."""
    outage = _outage(sys.exc_info()[1])
    request.asks_nothing = True  # for appearance/context.py
    with translation.override(language_for(request)):
        if outage is None:
            return render(request, "500.html", status=500)
        return _unavailable(request, outage)


def _unavailable(request, outage):
    state = getattr(outage.__cause__, "sqlstate", None)
    is_gone = state is None or state.startswith(GONE)
    logger.warning("The database does not answer: %s", str(outage).strip(), exc_info=not is_gone)
    fields = list(_repeated(request))
    response = render(
        request, "503.html", {"fields": fields, "is_lost": request.method == "POST" and not fields}, status=503
    )
    response["Retry-After"] = str(RETRY_SECONDS)
    response["Referrer-Policy"] = "same-origin"  # the address may hold the key of a private link
    add_never_cache_headers(response)
    # Django would add a traceback for each request of an outage.
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response


def _outage(error):
    """The error of the database behind an exception, or None if that is not what it is."""
    while error is not None and not isinstance(error, OperationalError | InterfaceError):
        error = error.__cause__
    return error


def _repeated(request):
    """Yield what was sent, for a form that sends it again: name, value, and a label for what its writer may look at."""
    try:
        sent = list(request.POST.lists()) if request.method == "POST" else []
    except Exception:  # a body that was read half, or is no form
        return
    if any(secret in name.lower() for name, _values in sent for secret in SECRETS):
        return
    for name, values in sent:
        for value in values:
            is_typed = name in LABELS or " " in value or "\n" in value
            is_long = len(value) > LONGEST_LINE or "\n" in value or name == "text"
            yield {
                "name": name,
                "value": value,
                "label": LABELS.get(name, name) if is_typed else "",
                "is_long": is_long,
            }
