"""What a moderator's button at a row does, by its name: each deed takes the comments that were seen, and who acts."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from blog.comments import submission
from blog.comments.models import Comment
from blog.comments.models_duplicates import Member
from blog.moderation import batches, duplicates, picks
from blog.moderation.batches import Action, NothingToDo
from blog.moderation.models import PersonNote

MODERATED = {action.value: action for action in batches.STATE_AFTER}
PICKED = {"pick": picks.pick, "unpick": picks.unpick}
DECISIONS = (*MODERATED, *PICKED, "merge", "keep")
# What is shown of a batch, and of a row that it has dealt with.
DONE = {
    Action.APPROVE: _("Approved"),
    Action.SPAM: _("Marked as spam"),
    Action.REMOVE: _("Removed"),
    Action.HOLD: _("Held"),
    Action.MERGE: _("Merged"),
    Action.KEEP: _("Left as it is"),
    Action.PICK: _("Made the editors’ choice"),
    Action.UNPICK: _("No longer the editors’ choice"),
    Action.BAN: _("Banned"),
}


def decide(name, seen, *, by, because=None, note=""):
    """Do what one of DECISIONS says to the comments of `seen`, a dict from ids to what was seen; return the Batch.

    NothingToDo.
    """
    comments = Comment.objects.filter(pk__in=seen).order_by()
    if name in MODERATED:
        return batches.moderate(MODERATED[name], comments, by=by, seen=seen, because=because, note=note)
    if name == "merge":
        return duplicates.merge(same_on_the_post(comments), by=by)
    if name in PICKED:
        return PICKED[name](comments, by=by, seen=seen)
    return batches.settle(comments, by=by)


def same_on_the_post(comments):
    """The ids of all that say the same as one of these comments, on the same post."""
    here = Member.objects.filter(comment__in=comments)
    return [
        pk
        for group, post in here.order_by().values_list("group", "comment__post").distinct()
        for pk in Member.objects.filter(group=group, comment__post=post).values_list("comment", flat=True)
    ]


@transaction.atomic
def reply(seen, text, *, by, sender):
    """Answer the one comment of `seen` in the name of an account; one that is held is approved first.

    Return the reply, and the Batch of the approval or None. NothingToDo; what submission.submit raises.
    """
    comment = Comment.objects.select_related("post").filter(pk__in=seen).first()
    if comment is None:
        raise NothingToDo(batches.NOBODY_KNOWS)
    batch = decide("approve", seen, by=by) if comment.is_held else None
    said = {"name": by.get_full_name() or by.get_username(), "text": text}
    written, _is_new = submission.submit(comment.post, parent=comment, sender=sender, **said)
    return written, batch


def note(comment, text, *, by):
    """Keep a note about the writer of a comment for the other moderators."""
    return PersonNote.objects.create(author_key=comment.author_key, text=text, by=by)
