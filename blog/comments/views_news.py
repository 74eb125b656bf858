"""What was said since: for an open page, and since a reader's last visit."""

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.http import Http404, HttpResponseForbidden, JsonResponse
from django.shortcuts import redirect, render
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from blog.comments import ownership, rows, visits
from blog.comments.models import Comment
from blog.comments.submission import OPENING
from blog.posts.models import Post
from blog.web.origin import is_from_here
from blog.web.parameters import as_whole_number

MOST = 100  # comments; who was away for more begins at the first of them


@require_safe
def since(request, year, month, slug, shown):
    """How many comments appeared after `shown` (a Comment.shown), for the script of an open page. One query."""
    later = Comment.objects.visible().filter(post=OuterRef("pk"), shown__gt=shown).order_by("shown")
    posts = Post.objects.published().only("slug", "language", *OPENING)
    post = posts.annotate(later=ArraySubquery(later.values("number")[:MOST])).filter(slug=slug).first()
    if post is None:
        raise Http404
    post.later = post.later or []  # None if the number is none that the database knows
    etag = f'"{"-".join(map(str, [*post.later[:1], len(post.later), int(post.accepts_comments())]))}"'
    with override(post.language):
        response = JsonResponse(_news(post), headers={"ETag": etag, "Cache-Control": "no-cache"})
    return get_conditional_response(request, etag=etag, response=response)


def _news(post):
    news = {}
    if post.later:
        count = len(post.later)
        news["words"] = ngettext("%(count)s new comment", "%(count)s new comments", count) % {"count": count}
        news["address"] = f"{post.get_absolute_url()}comments/{post.later[0]}/"
    if not post.accepts_comments():
        news["closed"] = _("Comments on this post have been closed. What you have written stays in its field.")
    return news


@csrf_exempt  # blog.web.origin: public pages carry no CSRF cookie
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request, year, month, slug):
    """What is new since this reader's last visit; a POST moves the mark, and is the consent to keep one, or ends it."""
    post = Post.objects.published().select_related("discussion").defer("search").called(slug)
    if post is None:
        raise Http404
    if request.method == "POST":
        return _marked(request, post)
    request.LANGUAGE_CODE = post.language
    marks = visits.marks(request)
    context = {"post": post, "is_asked": marks is None, "newest": _last_shown(post)}
    if marks is not None:
        context["comments"] = _later(post, marks.get(post.pk, 0), ownership.own_ids(request))
    with override(post.language):
        return render(request, "blog/comments/new.html", context)


def _marked(request, post):
    if not is_from_here(request):
        return HttpResponseForbidden(
            _("The form was sent from another site."), content_type="text/plain; charset=utf-8"
        )
    response = redirect(f"{post.get_absolute_url()}#comments")
    if "forget" in request.POST:
        visits.forget(response)
    else:
        newest = as_whole_number(request.POST.get("newest", ""))
        visits.keep(request, response, post, min(newest or 0, _last_shown(post)))
    return response


def _last_shown(post):
    return post.discussion.last_shown if hasattr(post, "discussion") else 0


def _later(post, shown, own):
    conditions = (rows.VISIBLE, "c.shown > %(shown)s", "c.id <> ALL(%(own)s)")
    return rows.read(post.pk, MOST, *conditions, order="c.shown", shown=shown, own=own)
