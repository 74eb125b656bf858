"""The versions of a post: all of them with the audit trail, one as it looked, two compared, an older one restored."""

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from blog import policy
from blog.editing import saving
from blog.posts import comparison, revisions, trail
from blog.posts.models import Post
from blog.web.parameters import as_whole_number, whole_number
from blog.web.players import let_play
from blog.web.staff import desk_page, staff_only


@staff_only("post.view")
@require_safe
def versions(request, pk):
    post = _post(request, pk)
    page = trail.page(post, whole_number(request, "version"), whole_number(request, "event"))
    context = {"post": post, "page": page, "title": _("Versions of “%(title)s”") % {"title": post}}
    return desk_page(request, "admin/blog/post/versions.html", context)


@staff_only("post.view")
@require_safe
def compare(request, pk):
    post = _post(request, pk)
    numbers = whole_number(request, "from") or 0, whole_number(request, "to") or 0
    older, newer = (_version(post, number) for number in sorted(numbers))
    context = {
        "post": post,
        "older": older,
        "newer": newer,
        "changes": comparison.changes(older.content, newer.content),
        "side_by_side": "side" in request.GET,
        "title": _("Version %(older)s and version %(newer)s") % {"older": older.number, "newer": newer.number},
    }
    return desk_page(request, "admin/blog/post/compare.html", context)


@staff_only("post.view")
@require_safe
def version(request, pk, number):
    """One version as readers would have seen it."""
    post = _post(request, pk)
    revision = _version(post, number)
    context = {
        "post": revisions.as_post(post, revision.content),
        "revision": revision,
        "head": post.head,
        "may_restore": policy.may(request.user, "post.change", post),
        "is_preview": True,
    }
    return let_play(render(request, "admin/blog/post/version.html", context), context["post"].body)


@staff_only("post.change")
@require_POST
@transaction.atomic
def restore(request, pk, number):
    """Make the content of a version the newest one. What was saved since the person looked is merged, not lost."""
    post = _post(request, pk, Post.objects.locked())
    if not policy.may(request.user, "post.change", post):
        raise PermissionDenied
    base = as_whole_number(request.POST.get("base", ""))
    if base is None or not 0 < base <= post.head:
        raise BadRequest
    content = _version(post, number).content
    note = _("restored from version %(number)s") % {"number": number}
    try:
        saved = saving.save(post, content, base=base, by=request.user, note=note)
    except saving.Clashing as clash:
        return _show_the_newer(request, post, base, clash.head)
    messages.add_message(request, *_outcome(saved, number))
    return redirect("versions", post.pk)


def _show_the_newer(request, post, base, head):
    text = _("Nothing was restored: version %(head)s was saved meanwhile. This is what it changed.") % {"head": head}
    messages.warning(request, text)
    return redirect(f"{reverse('compare-versions', args=[post.pk])}?from={base}&to={head}")


def _outcome(saved, number):
    """Return the level and the words of the message about a restoring that was done."""
    numbers = {"number": number, "newest": saved.number}
    if not saved.is_new:
        return messages.INFO, _("The newest text is that of version %(number)s already.") % numbers
    if saved.is_merged:
        text = _("Version %(number)s is restored as version %(newest)s, with what was saved meanwhile merged into it.")
        return messages.WARNING, text % numbers
    return messages.SUCCESS, _("Version %(number)s is restored as version %(newest)s.") % numbers


def _post(request, pk, posts=Post.objects):
    post = get_object_or_404(posts.defer("search"), pk=pk)
    if not policy.may(request.user, "post.view", post):
        raise Http404  # nobody learns what there is
    return post


def _version(post, number):
    return get_object_or_404(post.revisions.select_related("by"), number=number)
