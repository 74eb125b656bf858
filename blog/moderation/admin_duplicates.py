"""The desk for duplicates: groups side by side, waves above them, and what can be done with both."""

from django.contrib import messages
from django.db.models import Max
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from blog.comments import fingerprints, groups
from blog.comments.models import Comment
from blog.comments.models_duplicates import Group, Member
from blog.moderation import batches, comparing, duplicates, listing, waves
from blog.moderation.forms_duplicates import GroupFilter, ReasonForm
from blog.moderation.models import RemovalReason
from blog.moderation.notices import done_notice
from blog.moderation.queues import bounded_count
from blog.web.parameters import as_whole_number
from blog.web.staff import desk_page, staff_only

ALL = "all"  # in place of a group: everything that is ticked on the page


def urls(wrap):
    moderators = staff_only("comment.moderate")
    page, wave = (moderators(require_http_methods(["GET", "HEAD", "POST"])(view)) for view in (desk, one_wave))
    return [
        path("duplicates/", wrap(page), name="blog_duplicates"),
        path("duplicates/wave/", wrap(wave), name="blog_duplicates_wave"),
        path("duplicates/again/", wrap(moderators(require_POST(compare_again))), name="blog_duplicates_again"),
    ]


def desk(request):
    """Waves, and groups page by page; each button sends what is ticked on the page, and names what it concerns."""
    if request.method == "POST":
        deed = next((name for name in DEEDS if name in request.POST), "merge")
        group = request.POST.get(deed, ALL)
        DEEDS[deed](request, group)
        return redirect(f"{request.get_full_path()}{_anchor_after(request, group)}")
    form = GroupFilter(request.GET)
    shown, older = listing.page(form.narrow(duplicates.waiting()), request.GET.get("before", ""))
    query = request.GET.copy()
    query["before"] = older
    context = {
        "title": _("Duplicates"),
        "opts": Comment._meta,
        "form": form,
        "groups": comparing.compared(shown),
        "waves": waves.waves(),
        "pending": bounded_count(fingerprints.pending()),
        "older": older and query.urlencode(),
        "is_narrowed": form.has_changed(),
        "reasons": RemovalReason.objects.filter(is_retired=False),
    }
    return desk_page(request, "admin/blog/batch/duplicates.html", context)


def one_wave(request):
    """What a wave consists of and what its fix will do; POST does it, for what was there when the page was shown."""
    wave = waves.find((request.POST or request.GET).get("wave", ""))
    if wave is None:
        messages.warning(request, _("This wave is over: somebody has dealt with it."))
        return redirect("admin:blog_duplicates")
    form = ReasonForm(request.POST or None) if wave.is_removed else None
    up_to = as_whole_number(request.POST.get("up_to", ""))
    if up_to and (form is None or form.is_valid()):
        because = form.cleaned_data["reason"] if form else None
        _tell(request, lambda: waves.mend(wave, by=request.user, up_to=up_to, because=because))
        return redirect("admin:blog_duplicates")
    context = {"title": wave.label, "opts": Comment._meta, "wave": wave, "posts": waves.posts_of(wave), "form": form}
    return desk_page(request, "admin/blog/batch/wave.html", context, status=400 if request.method == "POST" else 200)


def compare_again(request):
    """Take back that a group is none: the texts are compared anew."""
    comment = get_object_or_404(Comment, pk=as_whole_number(request.POST.get("comment", "")))
    groups.reconsider(comment.pk)
    groups.catch_up(groups.AT_ONCE)
    messages.success(request, _("The texts are compared again."))
    return redirect("admin:blog_duplicates")


def _merge(request, group):
    chosen, kept = _chosen(request, group)
    try:
        batch = duplicates.merge(chosen | kept, by=request.user, keep=kept)
    except batches.NothingToDo:
        messages.warning(request, _("Tick at least two comments of a group to merge them."))
    else:
        messages.success(request, done_notice(request, batch))


def _dismiss(request, group):
    there = Group.objects.filter(pk=as_whole_number(group)).annotate(comment=Max("members")).first()
    if there is None:
        messages.warning(request, _("Nothing was changed: somebody else has dealt with it already."))
        return
    groups.dismiss(there)
    notice = render_to_string("admin/blog/batch/dismissed.html", {"comment": there.comment}, request=request)
    messages.success(request, notice)


def _mark_as_spam(request, group):
    _moderate(request, group, batches.Action.SPAM)


def _remove(request, group):
    form = ReasonForm({"reason": request.POST.get(f"reason-{group}", "")})
    if form.is_valid():
        _moderate(request, group, batches.Action.REMOVE, because=form.cleaned_data["reason"])
    else:
        messages.error(request, _("Choose the reason for which the copies are removed."))


DEEDS = {"merge": _merge, "dismiss": _dismiss, "spam": _mark_as_spam, "remove": _remove}


def _moderate(request, group, action, **why):
    chosen, kept = _chosen(request, group)
    seen = {pk: request.POST.get(f"seen-{pk}", "") for pk in chosen - kept}
    copies = Comment.objects.standing().filter(pk__in=seen)
    _tell(request, lambda: batches.moderate(action, copies, by=request.user, seen=seen, **why))


def _tell(request, act):
    """Say what an action has done, or why it has done nothing."""
    try:
        batch = act()
    except batches.NothingToDo as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, done_notice(request, batch))


def _chosen(request, group):
    """Return the ids that are ticked, and those to keep: of one group, or of the whole page."""
    ticked = _numbers(request.POST.getlist("comment"))
    kept = _numbers(text for name, text in request.POST.items() if name.startswith("keep-"))
    if group == ALL:
        return ticked, kept
    members = Member.objects.filter(group=as_whole_number(group), comment__in=ticked | kept)
    here = set(members.values_list("comment", flat=True))
    return ticked & here, kept & here


def _numbers(texts):
    return {number for text in texts if (number := as_whole_number(text))}


def _anchor_after(request, group):
    """The place of the group that follows on the page, so that the next one is at hand."""
    shown = request.POST.getlist("group")
    later = shown[shown.index(group) + 1 :] if group in shown else []
    return f"#group-{later[0]}" if later else ""
