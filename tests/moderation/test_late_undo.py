"""Undoing what others, or the writer, have gone beyond in the meantime."""

from datetime import timedelta

import pytest

from blog.comments.models import Comment
from blog.comments.submission import Sender
from blog.moderation import bans, batches, duplicates
from blog.moderation.batches import Action
from blog.receipts import writing
from blog.receipts.models import Address, Following
from blog.screening.models import Ban
from tests.factories import make_comment, make_group

pytestmark = pytest.mark.django_db


def only(comment):
    return Comment.objects.filter(pk=comment.pk)


def test_ban_that_was_replaced_twice_stays_lifted_when_the_first_change_is_undone(post, moderator):
    comment = make_comment(post)
    _first, second, third = (bans.ban("person", comment, by=moderator) for _time in range(3))

    batches.undo(second, by=moderator)

    assert list(Ban.objects.filter(lifted_at=None)) == [third.ban]


def test_follower_who_follows_again_meanwhile_follows_once(post, moderator):
    kept, copy = make_comment(post), make_comment(post)
    make_group(kept, copy)
    names = {"address": Address.objects.create(email="bo@blog.example"), "scope": "replies", "post": post}
    Following.objects.create(**names, comment=copy)
    batch = duplicates.merge([kept.pk, copy.pk], by=moderator)
    Following.objects.create(**names, comment=copy)

    batches.undo(batch, by=moderator)

    assert sorted(Following.objects.values_list("comment", flat=True)) == [kept.pk, copy.pk]


def test_undoing_a_hold_does_not_show_a_text_that_nobody_has_read(post, moderator):
    comment = make_comment(post, "Bra skrivet.")
    batch = batches.moderate(Action.HOLD, only(comment), by=moderator)
    comment.refresh_from_db()
    writing.change(comment, "Köp billigt hos mig.", seen=None, sender=Sender(address="203.0.113.7"))

    with pytest.raises(batches.ChangedSince):
        batches.undo(batch, by=moderator)

    assert only(comment).get().state == "held"


def test_undoing_a_hold_shows_a_text_that_was_changed_before(post, moderator):
    comment = make_comment(post)
    batch = batches.moderate(Action.HOLD, only(comment), by=moderator)
    only(comment).update(edited_at=batch.at - timedelta(minutes=1))

    batches.undo(batch, by=moderator)

    assert only(comment).get().state == "visible"
