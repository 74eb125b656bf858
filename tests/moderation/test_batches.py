"""What batches change and restore, and what they leave alone."""

import pytest
from django.utils import timezone, translation

from blog.comments.models import Comment, Scope
from blog.moderation import appeals, batches, duplicates, picks
from blog.moderation.batches import Action
from blog.moderation.models import Report
from blog.receipts.models import Address, Appeal, Following
from tests.factories import make_comment, make_group


def row(comment):
    return Comment.objects.values("state", "reason", "parent", "merged_into", "picked_at").get(pk=comment.pk)


def only(*comments):
    return Comment.objects.filter(pk__in=[each.pk for each in comments])


def make_double(post):
    kept, copy = make_comment(post, "Samma text"), make_comment(post, "Samma text")
    make_group(kept, copy)
    return kept, copy


def test_of_several_decisions_the_last_one_is_named(post, moderator, editor):
    comment = make_comment(post)

    batches.moderate(Action.REMOVE, only(comment), by=editor)
    batches.moderate(Action.APPROVE, only(comment), by=moderator)

    with translation.override("en"):
        assert batches.who_was_first(only(comment)).startswith("moderator was quicker: Approve, ")


@pytest.mark.parametrize("action", ["approve", "spam", "remove"])
def test_decision_clears_the_reason_and_undo_brings_it_back(post, moderator, action):
    comment = make_comment(post, state="held", reason="new")
    before = row(comment)

    batch = batches.moderate(action, only(comment), by=moderator)
    assert row(comment)["reason"] == ""

    batches.undo(batch, by=moderator)
    assert row(comment) == before


def test_moderator_holds_a_comment_without_settling_its_reports(post, moderator):
    comment = make_comment(post)
    report = Report.objects.create(comment=comment, reason="abuse")

    batches.moderate(Action.HOLD, only(comment), by=moderator)

    report.refresh_from_db()
    assert (row(comment)["state"], row(comment)["reason"], report.settled_at) == ("held", "", None)


@pytest.mark.parametrize("action", list(batches.STATE_AFTER))
@pytest.mark.parametrize("state", ["withdrawn", "erased"])
def test_what_its_writer_took_back_is_left_alone(post, moderator, action, state):
    comment = make_comment(post, state=state)

    with pytest.raises(batches.NothingToDo):
        batches.moderate(action, only(comment), by=moderator)

    assert row(comment)["state"] == state


@pytest.mark.parametrize("state", ["withdrawn", "erased"])
def test_duplicates_are_not_looked_for_among_what_was_taken_back(post, state):
    group = make_group(make_comment(post, "Samma text"), make_comment(post, "Samma text", state=state))

    assert (group.standing, duplicates.find()) == (1, [])


@pytest.mark.parametrize("state", ["withdrawn", "erased"])
def test_undo_restores_the_others_and_leaves_what_was_taken_back_since(post, moderator, state):
    comments = [make_comment(post, f"Text {number}", state="held") for number in range(2)]
    batch = batches.moderate("approve", only(*comments), by=moderator)
    only(comments[0]).update(state=state)

    batches.undo(batch, by=moderator)

    assert [row(each)["state"] for each in comments] == [state, "held"]


def test_undo_restores_the_others_whatever_was_done_later_to_what_was_taken_back(post, moderator):
    comments = [make_comment(post, f"Text {number}", state="held") for number in range(2)]
    batch = batches.moderate("approve", only(*comments), by=moderator)
    batches.moderate("spam", only(comments[0]), by=moderator)
    only(comments[0]).update(state="erased")

    batches.undo(batch, by=moderator)

    assert [row(each)["state"] for each in comments] == ["erased", "held"]


def test_undo_where_everything_was_taken_back_is_refused(post, moderator):
    comment = make_comment(post, state="held")
    batch = batches.moderate("approve", only(comment), by=moderator)
    only(comment).update(state="withdrawn")

    with pytest.raises(batches.NothingToDo):
        batches.undo(batch, by=moderator)

    batch.refresh_from_db()
    assert (row(comment)["state"], batch.undone_at) == ("withdrawn", None)


def test_undo_of_a_merge_says_nothing_of_reports(post, moderator):
    kept, copy = make_double(post)
    Report.objects.create(comment=copy, reason="abuse")
    batch = duplicates.merge([kept.pk, copy.pk], by=moderator)

    batches.undo(batch, by=moderator)

    assert Report.objects.filter(settled_at=None).count() == 1


def test_undo_of_a_merge_puts_what_was_taken_back_in_its_place_again(post, moderator):
    kept, copy = make_double(post)
    reply = make_comment(post, "Svar", parent=copy)
    batch = duplicates.merge([kept.pk, copy.pk], by=moderator)
    only(reply).update(state="withdrawn")

    batches.undo(batch, by=moderator)

    assert (row(reply)["state"], row(reply)["parent"]) == ("withdrawn", copy.pk)


def test_undo_shows_no_copy_of_what_its_writer_took_back(post, moderator):
    kept, copy = make_double(post)
    batch = duplicates.merge([kept.pk, copy.pk], by=moderator)
    only(kept).update(state="withdrawn")

    with pytest.raises(batches.ChangedSince) as refusal:
        batches.undo(batch, by=moderator)

    assert (refusal.value.comments, row(copy)["state"]) == ([copy], "merged")


# --- Merging unites


def test_merge_hands_the_editors_choice_on_and_undo_restores_it(post, editor):
    kept, copy = make_double(post)
    picks.pick(only(copy), by=editor)
    before = row(kept), row(copy)

    batch = duplicates.merge([kept.pk, copy.pk], by=editor)
    assert row(kept)["picked_at"] == before[1]["picked_at"]

    batches.undo(batch, by=editor)
    assert (row(kept), row(copy)) == before


def test_merge_takes_reports_and_followers_along(post, moderator):
    kept, copy = make_double(post)
    for comment in (kept, copy):
        Report.objects.create(comment=comment, reason="abuse", network_key=b"1" * 16)
    Report.objects.create(comment=copy, reason="spam", network_key=b"1" * 16)
    address = Address.objects.create(email="anna@post.example")
    Following.objects.create(address=address, scope=Scope.REPLIES, post=post, comment=copy)
    for comment in (kept, copy):
        Following.objects.create(address=address, scope=Scope.THREAD, post=post, comment=comment)

    duplicates.merge([kept.pk, copy.pk], by=moderator)

    assert [(each.comment, each.reason) for each in Report.objects.order_by("pk")] == [
        (kept, "abuse"), (copy, "abuse"), (kept, "spam"),
    ]  # fmt: skip
    assert [(each.comment, each.scope) for each in Following.objects.order_by("pk")] == [
        (kept, "replies"), (kept, "thread"), (copy, "thread"),
    ]  # fmt: skip


# --- The editors' choice


def test_pick_takes_visible_comments_alone_and_comes_undone(post, editor):
    visible, held = make_comment(post), make_comment(post, "Väntar", state="held")

    batch = picks.pick(Comment.objects.all(), by=editor)
    chosen_at = row(visible)["picked_at"]
    assert (batch.rows.count(), bool(chosen_at), row(held)["picked_at"]) == (1, True, None)
    with pytest.raises(batches.NothingToDo):
        picks.pick(Comment.objects.all(), by=editor)

    ended = picks.unpick(Comment.objects.all(), by=editor)
    assert not Comment.objects.picked().exists()

    batches.undo(ended, by=editor)
    assert row(visible)["picked_at"] == chosen_at
    batches.undo(batch, by=editor)
    assert row(visible)["picked_at"] is None


# --- Appeals


@pytest.fixture
def appealed(post):
    comment = make_comment(post, state="removed")
    Appeal.objects.create(comment=comment, text="Det var ironi.")
    return comment


@pytest.mark.parametrize(("approves", "state"), [(False, "removed"), (True, "visible")])
def test_answer_to_an_appeal_is_stored_with_the_decision(appealed, moderator, approves, state):
    batch = appeals.answer(appealed, "Vi har tänkt om.", by=moderator, approves=approves)

    appeal = Appeal.objects.get()
    assert (appeal.answer, appeal.answered_by, row(appealed)["state"]) == ("Vi har tänkt om.", moderator, state)
    assert appeal.answered_at <= timezone.now()
    assert bool(batch) == approves


def test_second_answer_to_an_appeal_is_refused(appealed, moderator, editor):
    appeals.answer(appealed, "Nej.", by=moderator, approves=False)

    with pytest.raises(batches.NothingToDo):
        appeals.answer(appealed, "Jo.", by=editor, approves=True)

    assert (Appeal.objects.get().answer, row(appealed)["state"]) == ("Nej.", "removed")


def test_answer_is_not_stored_where_the_writer_has_taken_the_comment_back(appealed, moderator):
    only(appealed).update(state="withdrawn")

    with pytest.raises(batches.NothingToDo):
        appeals.answer(appealed, "Jo.", by=moderator, approves=True)

    assert Appeal.objects.get().answered_at is None


def test_approval_answers_the_appeal(appealed, moderator):
    batches.moderate("approve", only(appealed), by=moderator)

    appeal = Appeal.objects.get()
    assert (appeal.answered_by, appeal.answer, bool(appeal.answered_at)) == (moderator, "", True)
