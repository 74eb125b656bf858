"""The pages of an invited reviewer, who has a link and no account.

Nothing here depends on a cookie, and none is set: who knows the address needs nobody else's browser to use it, so
there is no forgery across sites to guard against. (Django's guard could not: with no-referrer, browsers send
`Origin: null`.)
"""

from functools import wraps

from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from blog.posts.related import related_to
from blog.posts.relations import banners
from blog.posts.workflow import IllegalTransition
from blog.review import notes, seats
from blog.review.forms import DecisionForm, NoteForm
from blog.review.reading import changes_between, read


def by_link(view):
    """Decorate a view of the Seat that the address opens. No cache, other site or search engine learns of the page."""

    @never_cache
    @csrf_exempt
    @wraps(view)
    def guarded(request, token):
        seat = seats.find(token)
        response = view(request, seat, reverse("review", args=[token])) if seat else _dead(request)
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        return response

    return guarded


@by_link
@require_safe
def review(request, seat, here):
    if request.method == "GET":
        seats.visit(seat)
    return _page(request, seat, here, read(seat.post, seat.revision, seat))


@by_link
@require_POST
def add_note(request, seat, here):
    reading = read(seat.post, seat.revision, seat)
    form = NoteForm(request.POST, reading=reading)
    if form.is_valid():
        try:
            note, _people = notes.write(seat.post, by=seat, revision=seat.revision, **form.cleaned_data)
            return redirect(f"{here}#n{note.pk}")
        except notes.TooMany as refusal:
            form.add_error(None, str(refusal))
    return _page(request, seat, here, reading, form=form, status=422)


@by_link
@require_POST
def decide(request, seat, here):
    form = DecisionForm(request.POST)
    if form.is_valid():
        try:
            seats.decide(seat, **form.cleaned_data)
            return redirect(f"{here}#decision")
        except seats.DeadLink:
            return _dead(request)
        except IllegalTransition as refusal:
            form.add_error(None, str(refusal))
    return _page(request, seat, here, read(seat.post, seat.revision, seat), decision=form, status=422)


def _page(request, seat, here, reading, *, form=None, decision=None, status=200):
    context = {
        "post": reading.post,
        "is_preview": True,
        "related": related_to(seat.post),
        "banners": banners(seat.post),
        "seat": seat,
        "here": here,
        "reading": reading,
        "changes": changes_between(seat.post, seat.seen_revision, seat.revision),
        "form": form or NoteForm(reading=reading, initial=NoteForm.place_in(request)),
        "decision": decision or DecisionForm(),
    }
    return render(request, "blog/review/draft.html", context, status=status)


def _dead(request):
    """Say that the link is no longer good, and nothing of what it led to. What the person wrote is given back."""
    written = request.POST.get("text") or request.POST.get("note", "")
    return render(request, "blog/review/dead.html", {"text": written}, status=410)
