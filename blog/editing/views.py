"""What the open form of a post tells while somebody writes, and asks: is anybody else here?"""

from functools import wraps

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from blog import policy
from blog.editing import desk
from blog.posts.models import Post
from blog.web.staff import staff_only


def whose_form(view):
    """Decorate a view to which an open form reports (?by=…): it may have outlived its person's session.

    Another person may have signed in since, in another tab: their account must not get these words.
    """

    @wraps(view)
    def guarded(request, **named):
        if request.GET.get("by", "") not in ("", str(request.user.pk)):
            return redirect_to_login(request.get_full_path())
        return view(request, **named)

    return guarded


@staff_only("post.add")
@require_POST
@whose_form
def autosave(request, pk):
    """Keep what is typed (nothing typed: only say that the form is open), and answer who else has it open."""
    post = get_object_or_404(Post.objects.seen_by(request.user).select_related("pending"), pk=pk)
    if not policy.may(request.user, "post.change", post):
        raise PermissionDenied
    if "title" in request.POST:
        desk.keep(request.user, request.POST, post=post)
    desk.be_here(request.user, post)
    return JsonResponse({"others": desk.who_else(request.user, post)})


@staff_only("post.add")
@require_POST
@whose_form
def autosave_new(request, key):
    """Keep what is typed into the form of a post that is not saved yet."""
    if Post.objects.filter(form_key=key).exists():
        raise Http404
    if "title" in request.POST:
        desk.keep(request.user, request.POST, form_key=key)
    return JsonResponse({"others": ""})


@staff_only("post.add")
@require_POST
def forget(request, pk):
    """Drop the person's own unsaved text."""
    desk.forget(request.user, post=get_object_or_404(Post, pk=pk))
    messages.success(request, _("The unsaved text is discarded."))
    return redirect(reverse("admin:blog_post_change", args=[pk]))


@staff_only("post.add")
@require_POST
def forget_new(request, key):
    desk.forget(request.user, form_key=key)
    messages.success(request, _("The unsaved text is discarded."))
    return redirect("admin:index")
