"""The public pages."""

from dataclasses import dataclass

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.encoding import escape_uri_path
from django.views.decorators.http import require_safe

from blog.comments import ownership, picks, remembered, threads
from blog.comments.lately import lately
from blog.posts import archive, lists, reading, search
from blog.posts import front as front_page
from blog.posts.bylines import Byline
from blog.posts.models import Post
from blog.posts.related import related_to
from blog.web.parameters import whole_number
from blog.web.players import let_play
from blog.web.shared import shared_page, shows

LIST_POSTS = 10


@dataclass
class ListPage:
    """A page of Teasers, newest first, and the address part of the next one."""

    posts: list
    before: int | None  # ?before=… for older posts, None on the last page
    is_first: bool
    full_text: bool


def list_page(request, *conditions, full_text=False, **words):
    """Return one ListPage of the published posts that meet the conditions. Page 1,000 costs what page 1 costs."""
    before = whole_number(request, "before")
    if before is not None:
        conditions += (lists.BEFORE,)
    rows = lists.teasers(*conditions, most=LIST_POSTS + 1, full_text=full_text, before=before, **words)
    if before is not None and not rows:
        raise Http404
    shows(request, *(f"comments:{post.pk}" for post in rows))
    picked = picks.on_lists([post.pk for post in rows])
    return _page_of([post._replace(pick=picked.get(post.pk)) for post in rows], before is None, full_text)


def _page_of(rows, is_first, full_text):
    posts = rows[:LIST_POSTS]
    return ListPage(posts, posts[-1].pk if len(rows) > LIST_POSTS else None, is_first, full_text)


@require_safe
@shared_page("list")
def front(request):
    full_text = settings.FRONT_PAGE_FULL_TEXT
    if "before" in request.GET:
        return render(request, "blog/posts/front_older.html", {"page": list_page(request, full_text=full_text)})
    arranged = front_page.arranged()
    others = front_page.others(LIST_POSTS + 2, full_text=full_text)  # one may lead, one tells that more follow
    # Nobody has arranged it: the newest post leads, unless posts are read here in full.
    if not arranged and not full_text:
        arranged, others = others[:1], others[1:]
    shows(request, "comments:*")
    context = {"lead": arranged[:1], "picks": arranged[1:], "page": _page_of(others, True, full_text)}
    return render(request, "blog/posts/front.html", context | {"lately": lately()})


@require_safe
@shared_page("list")
def tag(request, slug):
    tag = lists.tag_called(slug)
    if tag is None:
        raise Http404
    page = list_page(request, lists.OF_TAG, tag=tag.pk)
    if not page.posts:
        raise Http404  # nobody learns what a draft is about, nor from an address that the tag had before
    if tag.slug != slug:
        return redirect(tag, permanent=True)
    shows(request, f"tag:{tag.pk}")
    return render(request, "blog/posts/tag.html", {"tag": tag, "page": page})


@require_safe
@shared_page("list")
def author(request, slug):
    byline = get_object_or_404(Byline.objects.select_related("picture"), slug=slug)
    page = list_page(request, lists.OF_BYLINE, byline=byline.pk)
    if not page.posts:
        raise Http404  # nobody learns of a writer before the first text is out
    return render(request, "blog/posts/author.html", {"byline": byline, "page": page})


@require_safe
@shared_page("list")
def whole_archive(request):
    years = archive.by_year((month, None) for month in archive.months())
    return render(request, "blog/posts/archive.html", {"years": years})


@require_safe
@shared_page("list")
def archive_year(request, year):
    years = archive.years(Post.objects.published().filter(archive.within(year)))
    if not years:
        raise Http404
    return render(request, "blog/posts/archive.html", {"year": year, "years": years})


@require_safe
@shared_page("list")
def archive_month(request, year, month):
    first, after = archive.bounds(year, month)
    page = list_page(request, lists.WITHIN, first=first, after=after)
    if not page.posts:
        raise Http404
    return render(request, "blog/posts/archive_month.html", {"day": archive.first_day(year, month), "page": page})


@require_safe
def search_posts(request):
    words = " ".join(request.GET.get("q", "")[:200].split())
    number = min(whole_number(request, "page") or 1, search.MAX_PAGES)
    posts, more = search.search(words, number) if words else ([], False)
    more = more and number < search.MAX_PAGES
    context = {"words": words, "posts": posts, "number": number, "next": number + 1 if more else None}
    return render(request, "blog/posts/search.html", context)


@require_safe
@shared_page("order")
def post(request, year, month, slug):
    """The post with its discussion. A wrong year or month and a former name redirect: no link breaks."""
    found = reading.called(slug)
    if found is None:
        return _elsewhere_or_gone(request, slug)
    post = found.post
    if escape_uri_path(request.path) != post.get_absolute_url():
        return redirect(post, permanent=True)
    start = whole_number(request, "from")
    newest_first = request.GET.get("order") == threads.NEWEST
    own = ownership.own_ids(request)
    page = threads.page(post, start=start, own=own, newest_first=newest_first)
    if start is not None and not page.comments:
        return redirect(post)
    request.LANGUAGE_CODE = post.language
    context = {
        "reading": found,
        "post": post,
        "is_open": post.accepts_comments(),
        "page": page,
        "picks": picks.of_discussion(post, page.numbers),
        "initial": remembered.of_account(request.user),
        "related": related_to(found),
    }
    response = let_play(render(request, "blog/posts/post.html", context), found.body)
    _say_what_is_shown(request, context)
    ownership.forget_waiting(request, response, own)
    return response


def _say_what_is_shown(request, context):
    post = context["post"]
    others = [*context["reading"].shown_posts(), *(each.pk for each in context["related"])]
    tags = [f"post:{pk}" for pk in others] + [f"tag:{tag.pk}" for tag in post.tags.all()]
    shows(request, f"comments:{post.pk}", *tags, until=post.comments_close_at)


def _elsewhere_or_gone(request, slug):
    if post := Post.objects.published().called(slug):
        return redirect(post, permanent=True)
    if not Post.objects.archived().called(slug):
        raise Http404
    return render(request, "410.html", status=410)


@require_safe
def robots(request):
    lines = [
        "User-agent: *",
        f"Disallow: {reverse('admin:index')}",
        f"Sitemap: {settings.SITE_URL}{reverse('sitemap')}",
    ]
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")


def page_not_found(request, exception):
    return render(request, "404.html", status=404)


def not_sure_who(request, reason=""):
    """The answer to a form whose token is an older session's, or missing."""
    return render(request, "403_csrf.html", status=403)
