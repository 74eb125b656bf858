"""What a moderator is told after an action: what was done, with a button that takes it back."""

from django.contrib import messages
from django.http import JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme


def done_notice(request, batch):
    """Return the safe HTML of the message about a Batch."""
    return render_to_string("admin/blog/batch/done.html", {"batch": batch}, request=request)


def answered(request, words, *, otherwise, level=messages.SUCCESS, status=200, **more):
    """Tell a script; lead a person back to where the form stood, or else to `otherwise`, with `words` as a message."""
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"words": str(words)} | more, status=status)
    messages.add_message(request, level, words)
    return redirect(way_back(request) or otherwise)


def way_back(request):
    """Where the form stood, a path of this site; or nothing."""
    path = request.POST.get("next", "")
    return path if path.startswith("/") and url_has_allowed_host_and_scheme(path, None) else ""
