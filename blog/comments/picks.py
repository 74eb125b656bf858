"""The editors' choice among the comments, as the discussion and lists of posts show it."""

from django.db.models import Prefetch

from blog.comments.models import Comment

SHOWN = 3  # above a discussion


def of_discussion(post):
    """Return the comments of `post` that editors picked last. One query."""
    picked = list(Comment.objects.picked().filter(post=post).order_by("-picked_at", "-pk")[:SHOWN])
    for comment in picked:
        comment.post = post
    return picked


def on_lists():
    """The newest pick of each post of a list, for prefetch_related: `post.picks` has one comment or none."""
    newest = Comment.objects.picked().order_by("-picked_at", "-pk")
    return Prefetch("comments", newest[:1], to_attr="picks")
