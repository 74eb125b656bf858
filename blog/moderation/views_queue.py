"""The queues of comments, the search in all of them, and what the buttons of their rows do."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBadRequest
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from blog import policy
from blog.comments import submission
from blog.comments.models import Comment
from blog.moderation import batches, deeds, items, queues, rows, search
from blog.moderation.batches import NothingToDo
from blog.moderation.forms_queue import NoteForm, RemovalForm, ReplyForm, SearchForm
from blog.moderation.models import RemovalReason
from blog.moderation.notices import answered, done_notice, way_back
from blog.text import patterns
from blog.web.origin import client_address
from blog.web.parameters import as_whole_number
from blog.web.rates import TooOften
from blog.web.staff import desk_page, staff_only

EVERYTHING = "all"  # the queue with the search
NOTHING_ASKED = SearchForm()
ITEMS = patterns.mark("items")


@staff_only("comment.moderate")
@require_safe
def first_queue(request):
    return redirect("queue", "held")


@staff_only("comment.moderate")
@require_safe
def queue(request, name):
    chosen = queues.QUEUES.get(name)
    if chosen is None:
        raise Http404
    comments, rows_asked = chosen.comments(), queues.rows_on_a_page(request.GET.get("rows"))
    is_asked = name == EVERYTHING and request.GET.keys() & SearchForm.base_fields.keys()
    form = SearchForm(request.GET) if is_asked else NOTHING_ASKED
    if is_asked:
        asked = form.asked()
        comments = comments.none() if asked is None else search.found(comments, asked)
    keys, following = queues.keys_of_page(comments, request.GET.get("after", ""), chosen.oldest_first, rows_asked)
    totals = queues.totals()
    context = {
        "title": chosen.title,
        "name": name,
        "tabs": [(each, one.title, totals.get(each)) for each, one in queues.QUEUES.items()],
        "form": form if name == EVERYTHING else None,
        "rows": rows.rows(keys, request.user),
        "rows_asked": rows_asked,
        "rows_offered": queues.ROWS,
        "reasons": tuple((reason.pk, reason.name) for reason in RemovalReason.objects.filter(is_retired=False)),
        "following": following,
        "here": request.get_full_path(),
        "is_nav_sidebar_enabled": False,
        "items": ITEMS,
    }
    # Half a megabyte of rows is not led through the blocks of the frame, each of which would copy it.
    before, _mark, after = desk_page(request, "admin/blog/queue/page.html", context).text.partition(ITEMS)
    for_forms = {"here": context["here"], "csrf_token": get_token(request)}
    return HttpResponse([before, *items.items(context["rows"], request.user, context["reasons"], **for_forms), after])


@staff_only("comment.moderate")
@require_POST
def act(request):
    """Do what the button says to the comments that the form names, together with what was seen of each."""
    seen = {pk: state for pk, state in map(_seen, request.POST.getlist("comment")) if pk is not None}
    name = request.POST.get("action", "")
    if name in deeds.PICKED and not policy.may(request.user, "comment.pick"):
        raise PermissionDenied
    if name not in ANSWERS:
        return HttpResponseBadRequest()
    if not seen:
        return _refused(request, _("Tick at least one comment."), 400)
    try:
        return ANSWERS[name](request, name, seen)
    except NothingToDo as refusal:
        return _refused(request, str(refusal), 409)


def _seen(text):
    pk, _space, state = text.partition(" ")
    return as_whole_number(pk), state


def _decide(request, name, seen):
    return _done(request, deeds.decide(name, seen, by=request.user), seen)


def _remove(request, name, seen):
    form = RemovalForm(request.POST)
    if not form.is_valid():
        return _refused(request, _errors(form), 422)
    return _done(request, deeds.decide(name, seen, by=request.user, **form.cleaned_data), seen)


def _done(request, batch, seen):
    words = deeds.DONE[batch.action]
    if request.headers.get("Accept") != "application/json":
        words = done_notice(request, batch)
    changed = batch.rows.order_by().values_list("comment", "after")
    moved = [pk for pk, after in changed if "state" in after] or list(seen)
    undo = reverse("admin:blog_batch_undo", args=[batch.pk])
    return answered(request, words, otherwise="queues", comments=moved, undo=undo)


def _reply(request, name, seen):
    form = ReplyForm(request.POST)
    if not form.is_valid():
        return _refused(request, _errors(form), 422)
    sender = submission.Sender(user=request.user, address=client_address(request))
    try:
        _reply, batch = deeds.reply(seen, form.cleaned_data["text"], by=request.user, sender=sender)
    except submission.Refused as refusal:
        return _refused(request, str(refusal) or _("The post was taken down or deleted."), 409)
    except TooOften as refusal:
        return _refused(request, _("Too often. Again in %(seconds)s seconds.") % {"seconds": refusal.seconds}, 429)
    if batch:
        return _done(request, batch, seen)
    return answered(request, _("Your reply stands under the comment."), otherwise="queues", comments=[])


def _note(request, name, seen):
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _refused(request, _errors(form), 422)
    comment = Comment.objects.filter(pk__in=seen).first()
    if comment is None:
        raise NothingToDo(batches.NOBODY_KNOWS)
    deeds.note(comment, form.cleaned_data["text"], by=request.user)
    return answered(request, _("Noted about the person."), otherwise="queues", comments=[])


def _errors(form):
    return " ".join(error for errors in form.errors.values() for error in errors)


def _refused(request, words, status):
    """Tell why nothing was done. What was typed goes back to its writer."""
    typed = request.POST.get("text", "") or request.POST.get("note", "")
    if typed and request.headers.get("Accept") != "application/json":
        context = {"title": _("Nothing was done"), "words": words, "typed": typed, "back": way_back(request)}
        return desk_page(request, "admin/blog/queue/refused.html", context, status=status)
    return answered(request, words, otherwise="queues", level=messages.WARNING, status=status)


ANSWERS = dict.fromkeys(deeds.DECISIONS, _decide) | {"remove": _remove, "reply": _reply, "note": _note}
