"""A reader's report of one comment."""

from django.contrib import messages
from django.http import Http404, HttpResponseForbidden
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from blog.comments import threads
from blog.comments.models import Comment
from blog.moderation import reports
from blog.moderation.forms import ReportForm
from blog.posts.models import Post
from blog.web.origin import client_address, is_from_here
from blog.web.rates import TooOften


@csrf_exempt  # blog.web.origin: public pages carry no CSRF cookie
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report(request, year, month, slug, number):
    """The page on which a reader says what is wrong with a comment; POST tells the moderators."""
    post = Post.objects.published().called(slug)
    comment = post and post.comments.select_related("post", "user", "merged_into__post").filter(number=number).first()
    standing = comment and comment.standing
    if post is None or (standing is None and request.method != "POST"):
        raise Http404
    request.LANGUAGE_CODE = post.language
    with override(post.language):
        if request.method == "POST" and not is_from_here(request):
            told = _("The form was sent from another site.")
            return HttpResponseForbidden(told, content_type="text/plain; charset=utf-8")
        if standing is None:
            return _gone(request, post)
        if request.method == "POST":
            return _receive(request, standing)
        return _page(request, standing, ReportForm(comment=standing))


def _receive(request, comment):
    form = ReportForm(request.POST, comment=comment)
    wait = 0
    if form.is_valid():
        try:
            return _told(request, comment, form.cleaned_data)
        except reports.NotThere:
            return _gone(request, comment.post)
        except TooOften as refusal:
            form.add_error(None, _("Many reports came from your network just now. Please try again a little later."))
            wait = refusal.seconds
    form.prepare_second_try()
    response = _page(request, comment, form, status=429 if wait else 422)
    if wait:
        response["Retry-After"] = str(wait)
    return response


def _told(request, comment, fields):
    said = {"reason": fields["reason"], "note": fields["note"], "is_trapped": bool(fields["subject"])}
    is_new = reports.report(comment, address=client_address(request), **said)
    words = _("Thank you. The moderators have your report.") if is_new else _(
        "Thank you. The moderators have this report of yours already."
    )  # fmt: skip
    messages.success(request, words, extra_tags="sent")
    if Comment.objects.visible().filter(pk=comment.pk).exists():
        return redirect(threads.address_of(comment))
    return redirect(f"{comment.post.get_absolute_url()}#comments")


def _gone(request, post):
    """Removed or held while somebody wrote: nobody's words are lost."""
    context = {"post": post, "text": request.POST.get("note", "")}
    return render(request, "blog/moderation/gone.html", context, status=404)


def _page(request, comment, form, status=200):
    context = {"comment": comment, "post": comment.post, "form": form}
    return render(request, "blog/moderation/report.html", context, status=status)
