"""The desk's own pages about one post: its corrections, and its address."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from blog import policy
from blog.posts import relations
from blog.posts.forms_desk import AddressForm, CorrectionForm
from blog.posts.models import Post
from blog.posts.workflow import IllegalTransition
from blog.web.staff import desk_page, staff_only


def _post(request, pk, action):
    post = get_object_or_404(Post.objects.seen_by(request.user).defer("search", "body"), pk=pk)
    if not policy.may(request.user, action, post):
        raise PermissionDenied
    return post


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only("post.correct")
def correct(request, pk):
    """The corrections of a post, and the form for another one."""
    post = _post(request, pk, "post.correct")
    form = CorrectionForm(request.POST or None)
    if form.is_valid():
        try:
            relations.correct(post, form.cleaned_data["text"], by=request.user)
        except IllegalTransition as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The correction stands at the top of the post."))
            return redirect("correct", post.pk)
    corrections = post.corrections.select_related("by")
    context = {"title": _("Corrections"), "post": post, "form": form, "corrections": corrections}
    return desk_page(request, "admin/blog/post/correct.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only("post.rename")
def address(request, pk):
    """A post's address. What is typed is shown first (GET with `slug`), then confirmed (POST)."""
    post = _post(request, pk, "post.rename")
    is_sent = request.method == "POST"
    form = AddressForm(request.POST if is_sent else request.GET if "slug" in request.GET else None, post=post)
    if is_sent and form.is_valid() and _renamed(request, post, form):
        return redirect("address", post.pk)
    context = {"title": _("Address"), "post": post, "form": form, "former": post.former_slugs.order_by("pk")}
    if form.is_valid() and form.cleaned_data["slug"] != post.slug:
        context |= _preview(post, form.cleaned_data["slug"])
    return desk_page(request, "admin/blog/post/address.html", context)


def _renamed(request, post, form):
    seen = Post(pk=post.pk, slug=form.cleaned_data["former"] or post.slug)
    try:
        relations.rename(seen, form.cleaned_data["slug"], by=request.user)
    except (IllegalTransition, relations.AddressTaken) as refusal:
        form.add_error("slug", str(refusal))
        return False
    messages.success(request, _("The post has its new address."))
    return True


def _preview(post, slug):
    renamed = Post(slug=slug, publish_at=post.publish_at, created_at=post.created_at)
    loses = Post.objects.exclude(pk=post.pk).filter(former_slugs__slug=slug).first()
    return {"renamed": renamed, "loses": loses}
