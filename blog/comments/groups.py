"""Which comments say the same: found when one is sent, changed or imported, and kept as groups (docs/duplicates.md).

A group is a star: each member was compared with the oldest, or is marked with the member `via` which it came.
Groups are derived: nothing is lost if they are all deleted and found again. What moderators called different stays so.
"""

import logging
from typing import NamedTuple

from django.db import DatabaseError, transaction
from django.db.models import Q

from blog.comments import causes, fingerprints, threads
from blog.comments.fingerprints import Candidate
from blog.comments.models import Comment
from blog.comments.models_duplicates import PENDING, Different, Fingerprint, Group, Member, hold_groups
from blog.text import wording
from blog.text.sameness import Circumstances, Tier, compare

ROUNDS = 2  # where the oldest of a group leaves it, the others are compared again
AT_ONCE = 200  # what a page of the desk makes up for; the rest is the job's
CERTAINTY = [tier.value for tier in Tier]  # the most certain first

logger = logging.getLogger(__name__)


class Match(NamedTuple):
    comment: Candidate
    tier: str


def matches(said, words):
    """Return the Matches of a comment (a Candidate, maybe without a key yet) whose Wording is given, oldest first.

    One query. A comment that cannot be compared has none; it is stored all the same.
    """
    try:
        near = fingerprints.candidates(words, said)
        tiers = [(other, _compared(said, words, other, wording.read(other.text))) for other in near]
        return [Match(other, tier.value) for other, tier in tiers if tier]
    except (DatabaseError, ValueError, RecursionError):
        logger.exception("A comment on post %s could not be compared.", said.post_id)
        return []


def join(comment, found):
    """Put a stored comment into the group of its Matches, the one with the most certain of them; return its key.

    None without a match. Expects the lock of the comment's discussion, so that its state cannot change meanwhile. The
    group's cause is for causes.explain.
    """
    if not found:
        return None
    hold_groups()
    best = min(found, key=lambda match: (CERTAINTY.index(match.tier), match.comment.created_at, match.comment.pk))
    near = Member.objects.select_related("group").filter(comment=best.comment.pk).first()
    group = near.group if near else _new_group(best.comment)
    first = Member.objects.filter(group=group, tier="").values_list("comment", flat=True).first()
    to_first = next((match.tier for match in found if match.comment.pk == first), None)
    tier, via = (to_first, None) if to_first else (best.tier, best.comment.pk)
    Member.objects.update_or_create(comment=comment, defaults={"group": group, "tier": tier, "via_id": via})
    Group.objects.filter(pk=group.pk).update(
        tier=max(group.tier, tier, key=CERTAINTY.index),
        first_at=min(group.first_at, comment.created_at),
        last_at=max(group.last_at, comment.created_at),
    )
    return group.pk


def leave(comment):
    """Take a comment out of its group, which ends if nobody else is in it, or if it was the star's centre."""
    hold_groups()
    there = Member.objects.filter(comment=comment).first()
    if there is None:
        return
    others = list(
        Member.objects.filter(group=there.group_id).exclude(comment=comment).values_list("comment", flat=True)
    )
    if there.tier and len(others) > 1:
        there.delete()
        return
    Group.objects.filter(pk=there.group_id).delete()
    if len(others) > 1:  # the others find each other anew
        Fingerprint.objects.filter(comment__in=others).update(version=PENDING)


def read(comment):
    """Make the fingerprint of a comment's present text, and find its group; return that group's key, or None."""
    words = wording.read(comment.text)
    found = matches(Candidate.of(comment), words)
    fingerprints.store(comment, words)
    return join(comment, found)


def catch_up(limit=None):
    """Read the comments whose fingerprints are pending, oldest first; return how many that were.

    Whoever wrote them, form, import, mention or command: a trigger marks each new text (migration 0009).
    """
    done, concerned = 0, set()
    for _round in range(ROUNDS):
        left = None if limit is None else limit - done
        pending = list(fingerprints.pending().order_by("comment_id").values_list("comment", flat=True)[:left])
        concerned |= {group for pk in pending if (group := read_again(pk))}
        done += len(pending)
    causes.explain(concerned)
    return done


@transaction.atomic
def read_again(pk):
    """Make the fingerprint of a comment anew, given by its key, and find its group, whatever it was before.

    Return the key of that group; None if there is none, or if the comment is gone.
    """
    threads.lock(Comment.objects.filter(pk=pk).values_list("post_id", flat=True))
    comment = Comment.objects.select_related("user").filter(pk=pk).first()
    if comment is None:
        return None
    leave(comment)
    return read(comment)


def dismiss(group):
    """Remember that the texts of a group are no duplicates of one another, and end the group."""
    with transaction.atomic():
        full = set(
            Fingerprint.objects.filter(comment__membership__group=group).values_list("full", flat=True).distinct()
        )
        texts = sorted(full)
        pairs = [Different(one=one, other=other) for at, one in enumerate(texts) for other in texts[at:]]
        Different.objects.bulk_create(pairs, ignore_conflicts=True)
        group.delete()


def reconsider(comment):
    """Forget what the text of a comment, and those called different from it, were told apart from; return all of them.

    They are compared anew by the next `catch_up`.
    """
    text = Fingerprint.objects.get(pk=comment).full
    pairs = Different.objects.filter(Q(one=text) | Q(other=text)).values_list("one", "other")
    texts = {text}.union(*pairs)
    with transaction.atomic():
        Different.objects.filter(one__in=texts, other__in=texts).delete()
        return Fingerprint.objects.filter(full__in=texts, version__gt=PENDING).update(version=PENDING)


def _compared(said, words, other, text):
    """The Tier in which two comments are the same, or None. The rule wants to know which is the later."""
    is_later = (said.created_at, said.pk or float("inf")) >= (other.created_at, other.pk)
    pairs = [(other, text), (said, words)] if is_later else [(said, words), (other, text)]
    (early, early_words), (late, late_words) = pairs
    return compare(early_words, late_words, circumstances(early, late))


def circumstances(early, late):
    """Return what two comments (Candidates or Comments) are to each other; the second is the later."""
    same_author = bytes(early.author_key) == bytes(late.author_key)
    same_place = (early.post_id, early.parent_id) == (late.post_id, late.parent_id)
    return Circumstances(
        same_author=same_author,
        same_thread=same_author and same_place,
        apart=late.created_at - early.created_at,
        is_answer=not same_author and early.pk is not None and late.parent_id == early.pk,
        by_staff=early.is_staff or late.is_staff,
    )


def _new_group(first):
    group = Group.objects.create(tier=CERTAINTY[0], first_at=first.created_at, last_at=first.created_at)
    Member.objects.create(comment_id=first.pk, group=group, tier="")
    return group
