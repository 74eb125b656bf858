"""What a writer does with a comment afterwards: change, take back, bring back, appeal."""

from datetime import timedelta

import pytest
from django.utils import timezone

from blog.comments import ownership
from blog.comments.models import Comment
from blog.receipts.models import Appeal, FormerText
from tests.factories import make_comment
from tests.receipts.pages import columns, shown

pytestmark = pytest.mark.django_db

# --- Changing


def test_text_can_be_changed_for_a_quarter_of_an_hour(client, mine, link, settings):
    settings.COMMENTS_PUBLIC_AT_ONCE = "everyone"
    make_comment(mine.post, "Earlier", name="Bo Ek")

    answer = client.post(link(mine, "text/"), {"text": "Better said, @Bo Ek: *so*.", "seen": ""})

    mine.refresh_from_db()
    assert (answer.status_code, answer["Location"]) == (302, link(mine))
    assert (mine.text, mine.state, mine.mentions) == ("Better said, @Bo Ek: *so*.", "visible", {"Bo Ek": 2})
    assert "<em>so</em>" in mine.html
    assert list(FormerText.objects.values_list("comment", "text")) == [(mine.pk, "Well said.")]
    assert mine.edited_at


def test_change_by_somebody_who_is_not_public_at_once_waits_for_a_moderator(client, mine, link):
    client.post(link(mine, "text/"), {"text": "Buy this"})

    mine.refresh_from_db()
    assert (mine.text, mine.state, mine.reason) == ("Buy this", "held", "changed")


def test_writer_is_known_by_another_comment_but_not_by_the_one_that_changes(client, mine, link, rf):
    other = make_comment(mine.post, "Let through earlier")
    states = []

    for holds in (mine, other):
        response = client.get("/")
        ownership.remember(rf.get("/"), response, holds)
        client.cookies = response.cookies
        Comment.objects.filter(pk=mine.pk).update(state="visible")
        client.post(link(mine, "text/"), {"text": f"Changed by the holder of {holds.pk}", "seen": seen(mine)})
        states.append(columns(mine)["state"])

    assert states == ["held", "visible"]


@pytest.mark.parametrize("fields", [{"created_at": timezone.now() - timedelta(minutes=16)}, {"state": "removed"}])
def test_change_that_comes_too_late_keeps_what_was_typed(client, mine, link, fields):
    Comment.objects.update(**fields)

    answer = client.post(link(mine, "text/"), {"text": "Nearly in time"})

    assert answer.status_code == 409
    assert "The time for changing it is over" in shown(answer)
    assert "Nearly in time</textarea>" in shown(answer)
    assert columns(mine)["text"] == "Well said."
    assert not FormerText.objects.exists()


def test_change_in_a_second_tab_is_shown_what_the_first_did(client, mine, link):
    client.post(link(mine, "text/"), {"text": "The first tab", "seen": ""})

    answer = client.post(link(mine, "text/"), {"text": "The second tab", "seen": ""})

    page = shown(answer)
    assert answer.status_code == 409
    assert "changed meanwhile" in page
    assert "<p>The first tab</p>" in page
    assert "The second tab</textarea>" in page
    assert columns(mine)["text"] == "The first tab"
    again = {"text": "The second tab", "seen": page.split('name="seen" value="')[1].split('"')[0]}
    assert client.post(link(mine, "text/"), again).status_code == 302
    assert columns(mine)["text"] == "The second tab"
    assert FormerText.objects.count() == 2


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"text": " "}, "Please write a comment."),
        ({"text": "x" * 10_001}, "at most 10000 characters"),
        ({"text": "https://a.example " * 11}, "Please keep to 10 links."),
    ],
)
def test_change_keeps_to_the_limits_of_a_comment(client, mine, link, fields, error):
    answer = client.post(link(mine, "text/"), fields)

    assert answer.status_code == 422
    assert error in shown(answer)
    assert columns(mine)["text"] == "Well said."


def test_changes_are_counted_like_comments(client, mine, link, settings):
    settings.COMMENTS_PER_PERSON = 1

    answers = [client.post(link(mine, "text/"), {"text": text, "seen": seen(mine)}) for text in ("One", "Two")]

    assert [answer.status_code for answer in answers] == [302, 429]
    assert int(answers[1]["Retry-After"]) > 500
    assert "Two</textarea>" in shown(answers[1])
    assert columns(mine)["text"] == "One"


@pytest.mark.parametrize("hour", ["x", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"])
def test_change_that_names_no_hour_is_refused(client, mine, link, hour):
    assert client.post(link(mine, "text/"), {"text": "Better said", "seen": hour}).status_code == 422
    assert columns(mine)["text"] == "Well said."


def seen(comment):
    edited_at = columns(comment)["edited_at"]
    return edited_at.isoformat() if edited_at else ""


# --- Taking back, bringing back


def test_comment_is_taken_back_and_brought_back(client, post, mine, link, settings):
    settings.COMMENTS_PUBLIC_AT_ONCE = "everyone"

    client.post(link(mine, "withdrawal/"))
    taken = columns(mine)
    client.post(link(mine, "return/"))

    assert (taken["state"], taken["text"]) == ("withdrawn", "Well said.")
    assert columns(mine)["state"] == "visible"
    post.discussion.refresh_from_db()
    assert post.discussion.visible_comments == 1


def test_comment_that_was_held_does_not_come_back_past_the_moderators(client, mine, link, settings):
    settings.COMMENTS_PUBLIC_AT_ONCE = "everyone"
    Comment.objects.update(state="held", reason="reported")

    client.post(link(mine, "withdrawal/"))
    client.post(link(mine, "return/"))

    assert (columns(mine)["state"], columns(mine)["reason"]) == ("held", "reported")


@pytest.mark.parametrize(
    ("end", "states"),
    [
        ("withdrawal/", ["spam", "removed", "withdrawn", "erased"]),
        ("return/", ["visible", "held", "spam", "removed", "erased"]),
    ],
)
def test_step_in_the_wrong_state_is_refused(client, mine, link, end, states):
    for state in states:
        Comment.objects.update(state=state)

        answer = client.post(link(mine, end))

        assert (state, answer.status_code, columns(mine)["state"]) == (state, 409, state)
        assert "has been changed meanwhile" in shown(answer)


# --- Appeals


def test_moderators_are_asked_once(client, mine, link):
    Comment.objects.update(state="removed")

    answers = [client.post(link(mine, "appeal/"), {"text": text}) for text in ("It was a quotation.", "Once more")]

    assert [answer.status_code for answer in answers] == [302, 409]
    assert list(Appeal.objects.values_list("comment", "text")) == [(mine.pk, "It was a quotation.")]
    assert "Once more</textarea>" in shown(answers[1])
    page = shown(client.get(link(mine)))
    assert "It was a quotation." in page
    assert "They have not answered yet." in page
    Appeal.objects.update(answer="You are right.", answered_at=timezone.now())
    assert "You are right." in shown(client.get(link(mine)))


@pytest.mark.parametrize(
    ("state", "text", "status"), [("visible", "Why?", 409), ("withdrawn", "Why?", 409), ("held", " ", 422)]
)
def test_appeal_needs_a_decision_and_a_reason(client, mine, link, state, text, status):
    Comment.objects.update(state=state)

    answer = client.post(link(mine, "appeal/"), {"text": text})

    assert answer.status_code == status
    assert not Appeal.objects.exists()


def test_what_is_wrong_is_named_at_the_top_and_leads_there(client, mine, link):
    change = shown(client.post(link(mine, "text/"), {"text": " "}))
    page_of_another = shown(client.post(link(mine, "text/"), {"text": "Better said", "seen": "once"}))
    Comment.objects.update(state="held")
    appeal = shown(client.post(link(mine, "appeal/"), {"text": " "}))

    assert '<p><a href="#change_text">Comment – Please write a comment.</a></p>' in change
    assert "<p>The page was not complete. Please send it once more.</p>" in page_of_another
    assert (
        '<p><a href="#appeal_text">Why should the moderators think it over? – This field is required.</a></p>' in appeal
    )


@pytest.mark.parametrize(("reason", "status"), [("new", 409), ("changed", 409), ("trap", 409), ("reported", 302)])
def test_what_nobody_has_read_yet_is_not_appealed_against(client, mine, link, reason, status):
    Comment.objects.update(state="held", reason=reason)

    assert client.post(link(mine, "appeal/"), {"text": "Why?"}).status_code == status
