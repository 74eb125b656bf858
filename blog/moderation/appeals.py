"""What moderators answer when a writer asks them to think a decision over."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from blog.comments import threads
from blog.comments.models import Comment
from blog.moderation import batches
from blog.moderation.batches import Action, NothingToDo
from blog.receipts.models import Appeal


@transaction.atomic
def answer(comment, text, *, by, approves):
    """Answer the appeal of a comment: the decision stands, or with `approves` the comment is shown to everybody.

    Return the Batch of an approval, or None. NothingToDo if there is no appeal, or somebody else was quicker.
    """
    threads.lock([comment.post_id])
    waiting = Appeal.objects.filter(comment=comment, answered_at=None)
    if not waiting.update(answer=text, answered_at=timezone.now(), answered_by=by):
        raise NothingToDo(_("Nothing was changed: somebody else has dealt with it already."))
    return batches.moderate(Action.APPROVE, Comment.objects.filter(pk=comment.pk), by=by) if approves else None
