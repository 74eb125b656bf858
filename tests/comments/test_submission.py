"""The rule of docs/duplicates.md: what is the same comment sent again, and what is a comment of its own."""

import pytest
from django.db import IntegrityError, transaction

from blog.comments.models import Comment
from blog.comments.submission import Closed, Refused, submit
from blog.moderation import duplicates
from tests.factories import make_comment, make_published

pytestmark = pytest.mark.django_db
ANNA = {"name": "Anna", "email": "anna@blog.example"}
BO = {"name": "Bo", "email": "bo@blog.example"}


def test_same_person_place_and_text_is_stored_once(post):
    first, is_new = submit(post, text="Tack!", **ANNA)

    again, is_new_again = submit(post, text=" Tack!\r\n", **ANNA)

    assert (is_new, is_new_again, again) == (True, False, first)
    assert Comment.objects.count() == 1
    post.discussion.refresh_from_db()
    assert post.discussion.last_number == 1


def test_the_constraint_holds_it_when_the_look_up_saw_nothing(post, monkeypatch):
    first, _ = submit(post, text="Tack!", **ANNA)
    # What the loser of a race sees: nothing yet. Its first look-up finds no row, then the INSERT fails.
    monkeypatch.setattr("blog.comments.submission.earlier", lambda key: None)

    again, is_new = submit(post, text="Tack!", **ANNA)

    assert (again, is_new) == (first, False)
    assert Comment.objects.count() == 1


def test_database_refuses_a_second_row_however_it_is_written(post):
    first, _ = submit(post, text="Tack!", **ANNA)

    with pytest.raises(IntegrityError, match="comment_sent_once"), transaction.atomic():
        make_comment(post, "Tack!", origin="form", submission_key=first.submission_key)


def test_another_person_another_place_or_another_text_is_a_comment_of_its_own(post):
    other_post = make_published("En annan")
    parent = make_comment(post, "Fråga")
    sent = [
        submit(post, text="Tack!", **ANNA),
        submit(post, text="Tack!", **BO),
        submit(post, text="Tack!", parent=parent, **ANNA),
        submit(other_post, text="Tack!", **ANNA),
        submit(post, text="tack", **ANNA),
    ]

    assert [is_new for _comment, is_new in sent] == [True] * 5


def test_people_without_address_are_told_apart_by_name_and_network(post):
    sent = [
        submit(post, name="Anna", text="Tack!", network="10.0.0.1"),
        submit(post, name="anna ", text="Tack!", network="10.0.0.1"),
        submit(post, name="Anna", text="Tack!", network="10.0.0.2"),
        submit(post, name="Bo", text="Tack!", network="10.0.0.1"),
    ]

    assert [is_new for _comment, is_new in sent] == [True, False, True, True]


def test_a_removed_comment_does_not_come_back_by_sending_it_again(post):
    first, _ = submit(post, text="Köp nu", **ANNA)
    Comment.objects.filter(pk=first.pk).update(state="removed")

    again, is_new = submit(post, text="Köp nu", **ANNA)

    assert (again.pk, again.state, is_new) == (first.pk, "removed", False)


def test_merging_two_answers_into_one_place_does_not_meet_the_constraint(post, moderator):
    kept, copy = make_comment(post, "Fråga"), make_comment(post, "Fråga")
    one, _ = submit(post, text="Tack!", parent=kept, **ANNA)
    two, _ = submit(post, text="Tack!", parent=copy, **ANNA)

    duplicates.merge([kept.pk, copy.pk], by=moderator)

    two.refresh_from_db()
    assert two.parent_id == one.parent_id == kept.pk


def test_answer_to_a_merged_comment_goes_to_the_kept_one(post, moderator):
    kept, copy = make_comment(post, "Fråga"), make_comment(post, "Fråga")
    duplicates.merge([kept.pk, copy.pk], by=moderator)

    answer, _ = submit(post, text="Svar", parent=copy, **ANNA)

    assert (answer.parent_id, answer.path) == (kept.pk, [1, 3])


@pytest.mark.parametrize("state", ["removed", "spam", "held"])
def test_answer_to_a_comment_that_is_gone_is_refused_and_takes_no_number(post, state):
    parent = make_comment(post, "Fråga")
    Comment.objects.filter(pk=parent.pk).update(state=state)

    with pytest.raises(Refused):
        submit(post, text="Svar", parent=parent, **ANNA)

    post.discussion.refresh_from_db()
    assert post.discussion.last_number == 1


@pytest.mark.parametrize(
    ("at_once", "known", "state"),
    [
        ("everyone", False, "visible"),
        ("known", False, "held"),
        ("known", True, "visible"),
        ("nobody", True, "held"),
    ],
)
def test_first_state_follows_the_setting(post, settings, at_once, known, state):
    settings.COMMENTS_PUBLIC_AT_ONCE = at_once

    comment, _ = submit(post, text="Hej", known=known, **ANNA)

    assert comment.state == state


def test_staff_are_public_at_once(post, settings, editor):
    settings.COMMENTS_PUBLIC_AT_ONCE = "nobody"

    comment, _ = submit(post, text="Hej", name="Redaktionen", user=editor)

    assert (comment.state, comment.user) == ("visible", editor)


def test_the_same_text_from_an_import_is_stored_as_often_as_it_stands_there(post):
    make_comment(post, "Tack!")
    make_comment(post, "Tack!")

    assert Comment.objects.count() == 2


def test_a_closed_discussion_takes_no_comment_but_knows_the_earlier_one(post):
    stored, _ = submit(post, text="I tid", **ANNA)
    post.comment_policy = "closed"

    assert submit(post, text="I tid", **ANNA) == (stored, False)
    with pytest.raises(Closed):
        submit(post, text="För sent", **ANNA)
