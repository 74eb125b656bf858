"""What the admin tells moderators of a comment, and what they and the editors do there."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from blog.comments.models import Comment
from blog.moderation.models import Batch, Report
from blog.receipts.models import Appeal, FormerText
from tests.factories import make_comment

pytestmark = pytest.mark.django_db
LIST = "/admin/blog/comment/"


def change(comment):
    return reverse("admin:blog_comment_change", args=[comment.pk])


def act(client, action, *comments):
    chosen = {"action": action, "_selected_action": [each.pk for each in comments]}
    return [str(each) for each in client.post(LIST, chosen, follow=True).context["messages"]]


def answer(client, comment, **fields):
    address = reverse("admin:blog_comment_answer", args=[comment.pk])
    return client.post(address, {"answer": "Vi tänkte om."} | fields)


def listed(client, mark):
    return list(client.get(LIST, {"mark": mark}).context["cl"].result_list)


@pytest.fixture
def comment(post):
    return make_comment(post, "Du är en idiot.")


@pytest.fixture
def appealed(post):
    comment = make_comment(post, state="removed")
    Appeal.objects.create(comment=comment, text="Det var ironi.")
    return comment


def test_lists_of_what_is_reported_appealed_and_picked(sign_in, editor, post, comment, appealed):
    Report.objects.create(comment=comment, reason="abuse")
    settled, picked = make_comment(post, "Ett"), make_comment(post, "Två")
    Report.objects.create(comment=settled, reason="abuse", settled_at=settled.created_at)
    client = sign_in(editor)
    act(client, "pick", picked)

    found = {mark: listed(client, mark) for mark in ("reported", "appealed", "picked")}

    assert found == {"reported": [comment], "appealed": [appealed], "picked": [picked]}
    assert len(listed(client, "other")) == 4


def test_desk_names_what_is_reported_and_appealed(sign_in, moderator, comment, appealed):
    Report.objects.create(comment=comment, reason="abuse")

    parts = {part.title: part for part in sign_in(moderator).get("/admin/").context["parts"]}

    assert [part.total for part in (parts["Reported comments"], parts["Appeals"])] == [1, 1]
    assert parts["Reported comments"].url == "/admin/queue/reported/"


def test_page_tells_reports_former_texts_and_why_it_is_held_but_no_network(sign_in, moderator, post):
    comment = make_comment(post, state="held", reason="reported")
    FormerText.objects.create(comment=comment, text="Det jag skrev först.")
    Report.objects.create(comment=comment, reason="private", note="Min adress!", network_key=b"kanariefagel 123")

    page = sign_in(moderator).get(change(comment)).text

    for words in ("Several readers have reported it", "Det jag skrev först.", "Min adress!", "It tells private things"):
        assert words in page
    assert "kanariefagel" not in page


def test_moderator_settles_reports_of_a_comment_that_stays(sign_in, moderator, comment):
    Report.objects.create(comment=comment, reason="abuse")
    client = sign_in(moderator)
    assert 'value="keep"' in client.get(change(comment)).text

    act(client, "keep", comment)

    assert not Report.objects.filter(settled_at=None).exists()
    assert Batch.objects.get().action == "keep"
    assert act(client, "keep", comment) == ["Nothing was changed: somebody else has dealt with it already."]


@pytest.mark.parametrize("page", [lambda comment: LIST, change])
def test_text_that_was_changed_after_a_moderator_read_it_is_not_approved(sign_in, moderator, post, page):
    spam, good = (make_comment(post, text, state="held") for text in ("Bra", "Också bra"))
    client = sign_in(moderator)
    shown = client.get(page(spam)).content.decode()
    [read_at] = re.findall(r'name="read_at" value="([^"]+)"', shown)
    Comment.objects.filter(pk=spam.pk).update(text="Köp!", edited_at=timezone.now())

    chosen = {"action": "approve", "_selected_action": [spam.pk, good.pk], "read_at": read_at}
    told = [str(each) for each in client.post(LIST, chosen, follow=True).context["messages"]]

    states = Comment.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["held", "visible"]
    assert told[0] == "The comment has been changed meanwhile, in another window or by a moderator."
    act(client, "approve", spam)
    assert set(states.all()) == {"visible"}


def test_moderator_holds_a_comment(sign_in, moderator, comment):
    act(sign_in(moderator), "hold", comment)

    comment.refresh_from_db()
    assert (comment.state, comment.reason, Batch.objects.get().action) == ("held", "", "hold")


@pytest.mark.parametrize("state", ["withdrawn", "erased", "merged"])
def test_no_decision_is_offered_where_none_is_possible(sign_in, moderator, post, comment, state):
    other = make_comment(post, "Borta", state=state, merged_into=comment if state == "merged" else None)

    page = sign_in(moderator).get(change(other)).text

    assert not any(f'value="{action}"' in page for action in ("approve", "hold", "spam", "remove"))


def test_editor_picks_a_comment_and_takes_it_back(sign_in, editor, comment):
    client = sign_in(editor)
    assert 'value="pick"' in client.get(change(comment)).text

    act(client, "pick", comment)
    assert list(Comment.objects.picked()) == [comment]

    assert 'value="unpick"' in client.get(change(comment)).text
    act(client, "unpick", comment)
    assert not Comment.objects.picked().exists()


def test_moderators_do_not_pick(sign_in, moderator, comment):
    client = sign_in(moderator)

    act(client, "pick", comment)

    assert not Comment.objects.picked().exists()
    assert 'value="pick"' not in client.get(change(comment)).text


def test_appeal_is_upheld_or_approved_with_an_answer(sign_in, moderator, appealed):
    client = sign_in(moderator)
    assert "Det var ironi." in client.get(change(appealed)).text

    response = answer(client, appealed, approve="1")

    appealed.refresh_from_db()
    appeal = Appeal.objects.get()
    assert (response.url, appealed.state) == (change(appealed), "visible")
    assert (appeal.answer, appeal.answered_by) == ("Vi tänkte om.", moderator)
    assert "Vi tänkte om." in client.get(change(appealed)).text


def test_appeal_that_is_upheld_leaves_the_comment(sign_in, moderator, appealed):
    answer(sign_in(moderator), appealed, uphold="1")

    appealed.refresh_from_db()
    assert (appealed.state, Appeal.objects.get().answer) == ("removed", "Vi tänkte om.")


def test_answer_that_is_too_long_comes_back(sign_in, moderator, appealed):
    response = answer(sign_in(moderator), appealed, answer="x" * 2001)

    assert (response.status_code, Appeal.objects.get().answered_at) == (200, None)
    assert "x" * 2001 in response.text


def test_second_answer_is_told_and_changes_nothing(sign_in, moderator, editor, appealed):
    answer(sign_in(editor), appealed, uphold="1")
    client = sign_in(moderator)

    answer(client, appealed, answer="Jo!", approve="1")

    appealed.refresh_from_db()
    assert (appealed.state, Appeal.objects.get().answered_by) == ("removed", editor)


def test_answers_of_others_and_by_get_are_refused(sign_in, author, moderator, appealed):
    address = reverse("admin:blog_comment_answer", args=[appealed.pk])

    answers = [
        answer(Client(), appealed).status_code,
        answer(sign_in(author), appealed).status_code,
        sign_in(moderator).get(address).status_code,
        sign_in(moderator).post(reverse("admin:blog_comment_answer", args=[999])).status_code,
    ]

    assert (answers, Appeal.objects.get().answered_at) == ([302, 403, 405, 404], None)
