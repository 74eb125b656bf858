"""What the buttons of a row do, with a script and without, and what two moderators at one row are told."""

import pytest
from django.utils import timezone

from blog.comments.models import Comment
from blog.moderation.models import Batch, PersonNote, RemovalReason, Report
from tests.factories import make_comment, make_group

pytestmark = pytest.mark.django_db
HERE = "/admin/queue/held/?after=#row-1"


@pytest.fixture
def comment(post):
    return make_comment(post, "Väntar", state="held", reason="new")


def seen(*comments):
    return [f"{each.pk} {each.state}" for each in comments]


def press(client, action, *comments, **fields):
    body = {"comment": seen(*comments), "action": action, "next": HERE} | fields
    return client.post("/admin/moderate/", body, headers={"accept": "application/json"})


def press_plainly(client, action, *comments, **fields):
    return client.post("/admin/moderate/", {"comment": seen(*comments), "action": action, "next": HERE} | fields)


def state(comment):
    return Comment.objects.get(pk=comment.pk).state


def told(response):
    return [str(each) for each in response.wsgi_request._messages]


@pytest.mark.parametrize(("action", "after"), [("approve", "visible"), ("spam", "spam")])
def test_button_decides_and_answers_a_script(sign_in, moderator, comment, action, after):
    answer = press(sign_in(moderator), action, comment)

    batch = Batch.objects.get()
    assert (state(comment), batch.action, batch.by) == (after, action, moderator)
    assert (answer.status_code, answer.json()["comments"]) == (200, [comment.pk])
    assert answer.json()["undo"] == f"/admin/blog/batch/{batch.pk}/undo/"


def test_button_without_a_script_leads_back_and_offers_undo(sign_in, moderator, comment):
    response = press_plainly(sign_in(moderator), "approve", comment)

    assert (response.status_code, response.url, state(comment)) == (302, HERE, "visible")
    assert "Undo" in told(response)[0]


@pytest.mark.parametrize("address", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", ""])
def test_way_back_stays_on_the_site(sign_in, moderator, comment, address):
    response = press_plainly(sign_in(moderator), "approve", comment, next=address)

    assert response.url == "/admin/queue/"


def test_removing_needs_a_reason_and_keeps_it_with_the_note(sign_in, moderator, comment):
    client, reason = sign_in(moderator), RemovalReason.objects.first()

    refused = press(client, "remove", comment, note="Håll dig till ämnet.")
    assert (refused.status_code, state(comment)) == (422, "held")
    press(client, "remove", comment, because=reason.pk, note="Håll dig till ämnet.")

    batch = Batch.objects.get()
    assert (state(comment), batch.reason, batch.note) == ("removed", reason, "Håll dig till ämnet.")


def test_retired_reason_removes_nothing(sign_in, moderator, comment):
    reason = RemovalReason.objects.first()
    RemovalReason.objects.filter(pk=reason.pk).update(is_retired=True)

    assert press(sign_in(moderator), "remove", comment, because=reason.pk).status_code == 422
    assert state(comment) == "held"


def test_of_two_moderators_one_acts_and_the_other_is_told_who_did(sign_in, moderator, editor, comment):
    first, second = sign_in(editor), sign_in(moderator)
    shown = [client.get("/admin/queue/held/").context["rows"][0].seen for client in (first, second)]

    answers = [
        client.post("/admin/moderate/", {"comment": row, "action": action}, headers={"accept": "application/json"})
        for client, row, action in zip((first, second), shown, ("approve", "spam"), strict=True)
    ]

    assert [each.status_code for each in answers] == [200, 409]
    assert answers[1].json()["words"].startswith("editor was quicker: Approve, ")
    assert (state(comment), Batch.objects.count()) == ("visible", 1)


def test_text_that_changed_after_it_was_read_is_left_alone(sign_in, moderator, comment):
    Comment.objects.filter(pk=comment.pk).update(text="Köp!", edited_at=timezone.now())

    assert press(sign_in(moderator), "approve", comment).status_code == 409
    assert state(comment) == "held"


@pytest.mark.parametrize("action", ["pick", "unpick"])
def test_choice_concerns_the_text_that_was_read(sign_in, editor, post, action):
    comment = make_comment(post, "Klokt", picked_at=timezone.now() if action == "unpick" else None)
    before = Comment.objects.get(pk=comment.pk).picked_at
    Comment.objects.filter(pk=comment.pk).update(text="Köp!", edited_at=timezone.now())

    assert press(sign_in(editor), action, comment).status_code == 409
    assert Comment.objects.get(pk=comment.pk).picked_at == before


def test_several_ticked_rows_are_one_batch(sign_in, moderator, post, comment):
    others = [make_comment(post, f"Nr {number}", state="held") for number in range(3)]
    Comment.objects.filter(pk=others[0].pk).update(state="spam")

    answer = press(sign_in(moderator), "approve", comment, *others)

    assert answer.json()["comments"] == [comment.pk, others[1].pk, others[2].pk]
    assert [batch.rows.count() for batch in Batch.objects.all()] == [3]


def test_nothing_ticked_and_no_such_button(sign_in, moderator, comment):
    client = sign_in(moderator)

    answers = [
        press(client, "approve"),
        press(client, "delete", comment),
        press(client, "approve", comment, comment="x"),
    ]

    assert [each.status_code for each in answers] == [400, 400, 400]
    assert told(press_plainly(client, "approve")) == ["Tick at least one comment."]


def test_reports_of_a_comment_that_may_stay_are_settled(sign_in, moderator, post):
    comment = make_comment(post)
    Report.objects.create(comment=comment, reason="abuse")

    answer = press(sign_in(moderator), "keep", comment)

    assert (answer.json()["comments"], state(comment)) == ([comment.pk], "visible")
    assert not Report.objects.filter(settled_at=None).exists()


def test_merging_concerns_the_group_on_this_post_alone(sign_in, moderator, post):
    first, second, third = (make_comment(post, "Samma ord", name=name) for name in "ABC")
    make_group(first, second)

    answer = press(sign_in(moderator), "merge", second)

    assert (answer.json()["comments"], state(first), state(second), state(third)) == (
        [second.pk], "visible", "merged", "visible",
    )  # fmt: skip


def test_undo_is_answered_to_a_script_and_leads_back_without(sign_in, moderator, comment):
    client = sign_in(moderator)
    undo = press(client, "spam", comment).json()["undo"]

    answers = [client.post(undo, headers={"accept": "application/json"}) for _ in range(2)]

    assert [each.status_code for each in answers] == [200, 409]
    assert (state(comment), Batch.objects.get().undone_by) == ("held", moderator)
    assert client.post(undo, {"next": HERE}).url == HERE


def test_reply_as_staff_stands_under_the_comment(sign_in, moderator, post):
    comment = make_comment(post, "När kommer del två?")
    moderator.first_name, moderator.last_name = "Siv", "Berg"
    moderator.save()

    answer = press(sign_in(moderator), "reply", comment, text="På *fredag*.")

    reply = Comment.objects.get(parent=comment)
    assert (answer.status_code, answer.json()["comments"]) == (200, [])
    assert (reply.name, reply.user, reply.state, reply.text) == ("Siv Berg", moderator, "visible", "På *fredag*.")


def test_reply_to_a_held_comment_approves_it(sign_in, moderator, comment):
    answer = press(sign_in(moderator), "reply", comment, text="Välkommen!")

    assert (answer.json()["comments"], state(comment)) == ([comment.pk], "visible")
    assert Comment.objects.get(parent=comment).text == "Välkommen!"


@pytest.mark.parametrize(("change", "status"), [({"comment_policy": "closed"}, 409), ({"status": "archived"}, 409)])
def test_reply_that_cannot_be_sent_changes_nothing_and_is_given_back(sign_in, moderator, post, comment, change, status):
    type(post).objects.filter(pk=post.pk).update(**change)

    response = press_plainly(sign_in(moderator), "reply", comment, text="Mina egna ord")

    assert (response.status_code, state(comment), Comment.objects.count()) == (status, "held", 1)
    assert "Mina egna ord" in response.text
    assert HERE in response.text


def test_empty_reply_is_refused(sign_in, moderator, comment):
    answer = press(sign_in(moderator), "reply", comment, text=" ")

    assert (answer.status_code, answer.json()["words"], state(comment)) == (422, "Please write a comment.", "held")


def test_note_about_the_person(sign_in, moderator, comment):
    press(sign_in(moderator), "note", comment, text="Varnad i maj")

    [note] = PersonNote.objects.all()
    assert (bytes(note.author_key), note.text, note.by) == (bytes(comment.author_key), "Varnad i maj", moderator)


def test_editors_pick_and_moderators_do_not(sign_in, moderator, editor, post):
    comment = make_comment(post)

    answers = [press(sign_in(user), "pick", comment).status_code for user in (moderator, editor)]

    assert (answers, Comment.objects.picked().count()) == ([403, 200], 1)
    press(sign_in(editor), "unpick", comment)
    assert not Comment.objects.picked().exists()
