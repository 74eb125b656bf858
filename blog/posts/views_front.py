"""The page on which an editor arranges the front page."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from blog.posts import front, lists, search
from blog.posts.models import Post
from blog.web.parameters import as_whole_number
from blog.web.staff import desk_page, staff_only

OFFERED = 10


@staff_only("front.arrange")
@require_safe
def arrangement(request):
    words = " ".join(request.GET.get("q", "")[:200].split())
    places = front.FrontPost.objects.select_related("post")
    taken = {each.post_id for each in places}
    found = search.search(words)[0] if words else lists.teasers(most=OFFERED + front.MOST)
    context = {
        "title": _("Front page"),
        "words": words,
        "places": places,
        "public": set(Post.objects.published().filter(pk__in=taken).values_list("pk", flat=True)),
        "offered": [post for post in found if post.pk not in taken][:OFFERED],
        "is_full": len(taken) == front.MOST,
    }
    return desk_page(request, "admin/blog/post/front.html", context)


@staff_only("front.arrange")
@require_POST
def arrange(request):
    """Give a public post a place, or take a step with one that has a place."""
    step, key = request.POST.get("step"), as_whole_number(request.POST.get("post", ""))
    if step in front.STEPS:
        front.move(key, step)
    else:
        post = get_object_or_404(Post.objects.published(), pk=key)
        try:
            front.add(post)
        except front.NoRoom:
            messages.error(request, _("Every place is taken. Take a post away first."))
    words = request.POST.get("q", "")[:200]
    return redirect(reverse("front-page") + (f"?{urlencode({'q': words})}" if words else ""))
