"""From which comments the filter learns: those whose state says what this site's moderators think of them."""

from datetime import timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from blog.comments.models import Comment
from blog.moderation.batches import Action
from blog.moderation.models import BatchRow, Report
from blog.screening import bayes
from blog.text import wording

MOST = 3000  # of spam and of wanted ones, the newest
STOOD_FOR = timedelta(days=1)  # long enough for somebody to take it away


def learn():
    """Teach the filter anew; return its Lesson. What was undone, taken back or erased since is forgotten by it."""
    return bayes.learn([*_examples(spam(), True), *_examples(wanted(), False)])


def spam():
    return Comment.objects.filter(state=Comment.State.SPAM)


def wanted():
    """The visible comments that a moderator approved, or that nobody has taken away or reported for a day."""
    approved = BatchRow.objects.filter(
        comment=OuterRef("pk"), batch__action=Action.APPROVE, batch__by__isnull=False, batch__undone_at=None
    )
    reported = Report.objects.filter(comment=OuterRef("pk"), settled_at=None)
    stood = Q(created_at__lt=timezone.now() - STOOD_FOR)
    return Comment.objects.visible().filter(stood | Exists(approved)).exclude(Exists(reported))


def _examples(comments, is_spam):
    """Each text once: who sent the same a thousand times teaches no more by it."""
    newest = comments.order_by("-created_at", "-pk").values_list("text", "website")[:MOST]
    for text, website in dict.fromkeys(newest):
        yield text, wording.domains(text) | wording.domains(website), is_spam
