"""Reading one comment's place, and writing a comment."""

from django.contrib import messages
from django.http import Http404, HttpResponseForbidden
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_cookie

from blog.comments import ownership, submission, threads
from blog.comments.forms import CommentForm
from blog.comments.models import Comment
from blog.posts.models import Post
from blog.web.origin import client_address, is_from_here
from blog.web.parameters import whole_number


@vary_on_cookie
@require_safe
def permalink(request, year, month, slug, number):
    """Send the reader to the page on which the comment stands; for a merged one, to the comment that was kept."""
    post = Post.objects.published().called(slug)
    if post is None:
        raise Http404
    comment = get_object_or_404(post.comments.select_related("post", "merged_into__post"), number=number)
    if comment.merged_into:
        return redirect(comment.merged_into)
    own = ownership.own_ids(request)
    get_object_or_404(threads.seen_by(own), pk=comment.pk)
    return redirect(threads.address_of(comment, own))


@csrf_exempt  # blog.web.origin: public pages carry no CSRF cookie
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def write(request, year, month, slug):
    """The form on a page of its own, for a reply or after an error; POST stores the comment."""
    post = Post.objects.published().called(slug)
    if post is None and request.method == "POST":
        # Taken down while somebody wrote: their words are given back, and nothing is said about the post.
        return render(request, "blog/comments/gone.html", {"text": request.POST.get("text", "")}, status=404)
    if post is None:
        raise Http404
    request.LANGUAGE_CODE = post.language
    with override(post.language):
        return _receive(request, post) if request.method == "POST" else _ask(request, post)


def _ask(request, post):
    parent = None
    if "reply_to" in request.GET:
        parent = get_object_or_404(post.comments, number=whole_number(request, "reply_to")).standing
        if parent is None:
            raise Http404
    form = CommentForm(post=post, initial={"reply_to": parent and parent.number})
    return _form_page(request, post, form, parent)


def _receive(request, post):
    if not is_from_here(request):
        return HttpResponseForbidden(
            _("The form was sent from another site."), content_type="text/plain; charset=utf-8"
        )
    form = CommentForm(request.POST, post=post)
    if form.is_valid():
        try:
            return _stored(request, post, form.cleaned_data)
        except submission.ParentGone as refusal:
            form.add_error("reply_to", str(refusal))
        except submission.Closed as refusal:
            form.add_error(None, str(refusal))
    form.prepare_second_try()
    parent = form.cleaned_data.get("reply_to")
    return _form_page(request, post, form, parent and parent.standing, status=422)


def _stored(request, post, fields):
    own = ownership.own_ids(request)
    user = request.user if request.user.is_authenticated else None
    comment, is_new = submission.submit(
        post,
        parent=fields["reply_to"],
        user=user,
        known=ownership.is_known(own),
        network=client_address(request),
        **{key: fields[key] for key in ("name", "email", "website", "text")},
    )
    messages.success(request, _thanks(comment, is_new))
    response = redirect(_place_of(comment, [*own, comment.pk]))
    if ownership.is_proved(comment, is_new):
        ownership.remember(request, response, comment)
    return response


def _thanks(comment, is_new):
    if comment.state == Comment.State.HELD:
        text = _("Thank you! Your comment is waiting for a moderator. Until then only you can see it.")
        return text if is_new else _("You had sent this comment already, and it is waiting for a moderator.")
    if comment.standing is None:
        return _("You had sent this comment already. A moderator has removed it.")
    return _("Thank you for your comment!") if is_new else _("You had sent this comment already. Here it is.")


def _place_of(comment, own):
    """The address at which its writer finds the comment: its anchor, or the discussion's top if it was taken away."""
    kept = comment.merged_into or comment
    if threads.seen_by(own).filter(pk=kept.pk).exists():
        return threads.address_of(kept, own)
    return f"{kept.post.get_absolute_url()}#comments"


def _form_page(request, post, form, quoted, status=200):
    return render(request, "blog/comments/write.html", {"post": post, "form": form, "quoted": quoted}, status=status)
