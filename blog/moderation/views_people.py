"""The page about somebody who writes here, found by one of their comments, and the removal of all they wrote."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from blog.comments.models import Comment
from blog.moderation import history, queues
from blog.moderation.batches import NothingToDo
from blog.moderation.forms_queue import RemovalForm
from blog.moderation.models import PersonNote
from blog.moderation.notices import answered, done_notice
from blog.web.staff import desk_page, staff_only


@staff_only("comment.moderate")
@require_safe
def person(request, pk):
    comment = get_object_or_404(Comment, pk=pk)
    theirs = history.comments_of(comment).select_related("post").defer("post__body", "post__search")
    shown, following = queues.page(theirs, request.GET.get("after", ""))
    context = {
        "title": _("What %(name)s has written") % {"name": comment.name},
        "comment": comment,
        "person": history.person_of(comment.author_key),
        "bans": history.bans_of(comment.author_key),
        "comments": shown,
        "following": following,
        "here": request.get_full_path(),
    }
    return desk_page(request, "admin/blog/queue/person.html", context)


@staff_only("comment.moderate")
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request, pk):
    """Ask whether everything that a person wrote is to be removed, and with POST do it, as one batch."""
    comment = get_object_or_404(Comment, pk=pk)
    form = RemovalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _removed(request, comment, form.cleaned_data)
    context = {
        "title": _("Remove everything that %(name)s has written?") % {"name": comment.name},
        "comment": comment,
        "form": form,
        "count": history.removable(comment).count(),
        "most": history.MOST_AT_ONCE,
    }
    return desk_page(request, "admin/blog/queue/remove_all.html", context)


def _removed(request, comment, reasons):
    try:
        batch = history.remove_all(comment, by=request.user, **reasons)
    except NothingToDo as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, done_notice(request, batch))
    return redirect("person", comment.pk)


@staff_only("comment.moderate")
@require_POST
def forget_note(request, pk):
    """Delete a note of one's own."""
    get_object_or_404(PersonNote, pk=pk, by=request.user).delete()
    return answered(request, _("The note is deleted."), otherwise="queues")
