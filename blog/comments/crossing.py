"""What was said while somebody wrote: replies that crossed theirs, and comments that say nearly the same."""

from django.db.models.functions import Left

from blog.comments.models import Comment
from blog.text.fingerprints import closeness, words_of

SHOWN = 20  # crossed replies; whoever was away longer reads the discussion
COMPARED = 300  # comments, the newest: a long discussion is not read through for each preview
COMPARED_CHARACTERS = 1_000  # of each, the first: 300 long texts would take a second
CLOSE = 0.7


def replies_since(parent, seen, own=()):
    """Return what appeared in the thread of `parent` after `seen` (a Comment.shown), oldest first; at most SHOWN.

    `own` holds the ids of the writer's own comments, which are no news to them.
    """
    thread = Comment.objects.visible().filter(post=parent.post_id, shown__gt=seen)
    thread = thread.filter(path__gte=[parent.thread], path__lt=[parent.thread + 1])
    return list(thread.exclude(pk__in=own).select_related("parent", "user").order_by("shown")[:SHOWN])


def said_already(post, text, own=()):
    """Return the comment on `post` whose text is closest to `text`, or None if none is close."""
    comments = Comment.objects.visible().filter(post=post).exclude(pk__in=own)
    newest = comments.order_by("-number").only("post", "number", "name", "state", "path")
    words = words_of(text[:COMPARED_CHARACTERS])
    beginnings = newest.annotate(beginning=Left("text", COMPARED_CHARACTERS))[:COMPARED]
    close = [(closeness(words, words_of(comment.beginning)), comment) for comment in beginnings]
    best = max(close, key=lambda pair: pair[0], default=(0, None))
    return best[1] if best[0] >= CLOSE else None
