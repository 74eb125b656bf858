"""Comments in the admin: who reads them, who judges them, and that nobody rewrites them."""

import pytest
from django.test import Client
from django.urls import reverse

from blog import policy
from blog.comments import threads
from blog.comments.models import Comment
from blog.moderation.models import Batch
from tests.factories import make_comment, make_published

pytestmark = pytest.mark.django_db
LIST = "/admin/blog/comment/"


def change(comment):
    return reverse("admin:blog_comment_change", args=[comment.pk])


def act(client, action, *comments):
    return client.post(LIST, {"action": action, "_selected_action": [each.pk for each in comments]}, follow=True)


def states():
    return list(Comment.objects.order_by("pk").values_list("state", flat=True))


@pytest.mark.parametrize(("action", "state"), [("approve", "visible"), ("spam", "spam"), ("remove", "removed")])
def test_moderator_judges_several_at_once_and_can_take_it_back(sign_in, moderator, post, action, state):
    comments = [make_comment(post, f"Text {number}", state="held") for number in range(2)]
    client = sign_in(moderator)

    response = act(client, action, *comments)

    batch = Batch.objects.get()
    (message,) = (str(each) for each in response.context["messages"])
    assert states() == [state, state]
    assert "2 comments changed." in message
    assert f'action="{reverse("admin:blog_batch_undo", args=[batch.pk])}"' in message

    client.post(reverse("admin:blog_batch_undo", args=[batch.pk]))

    assert states() == ["held", "held"]


def test_second_moderator_is_told_that_it_is_done_already(sign_in, moderator, post):
    comment = make_comment(post)

    response = act(sign_in(moderator), "approve", comment)

    assert [str(each) for each in response.context["messages"]] == [
        "Nothing was changed: somebody else has dealt with it already."
    ]


@pytest.mark.parametrize("key", ["abc", "9" * 5000])
def test_action_on_what_is_no_comments_key_is_a_bad_request(sign_in, moderator, key):
    response = sign_in(moderator).post(LIST, {"action": "approve", "_selected_action": [key]})

    assert response.status_code == 400


def test_authors_and_strangers_neither_see_nor_judge_comments(sign_in, author, post):
    comment = make_comment(post, email="anna@post.example", state="held")

    answers = [
        client.get(address).status_code for client in (Client(), sign_in(author)) for address in (LIST, change(comment))
    ]
    answers += [
        client.post(LIST, {"action": "approve", "_selected_action": [comment.pk]}).status_code
        for client in (Client(), sign_in(author))
    ]

    assert (answers, states()) == ([302, 302, 403, 403, 302, 403], ["held"])


def test_nobody_writes_rewrites_or_deletes_a_comment(sign_in, administrator, post):
    comment = make_comment(post)
    client = sign_in(administrator)

    answers = [
        client.get(LIST + "add/").status_code,
        client.post(change(comment), {"text": "Omskriven", "state": "removed"}).status_code,
        client.post(reverse("admin:blog_comment_delete", args=[comment.pk]), {"post": "yes"}).status_code,
    ]

    comment.refresh_from_db()
    assert (answers, comment.text, comment.state) == ([403, 403, 403], "Bra skrivet.", "visible")


def test_page_of_a_comment_shows_what_it_answers_and_its_neighbours(sign_in, moderator, post):
    root = make_comment(post, "Första")
    reply = make_comment(post, "Svar", parent=root, state="spam")
    comment = make_comment(post, "Svar på svaret", parent=reply, state="held")
    after = make_comment(post, "Nästa tråd")
    make_comment(make_published("En annan"), "Någon annanstans")

    page = sign_in(moderator).get(change(comment))

    assert [(each, each.level) for each in page.context["around"]] == [(root, 0), (reply, 1), (comment, 2), (after, 0)]


def test_around_is_bounded_whatever_the_size_of_the_discussion(post, django_assert_num_queries):
    comments = [make_comment(post, f"Text {number}") for number in range(20)]

    with django_assert_num_queries(3):
        near = threads.around(comments[10])

    assert near == comments[7:17]


def test_search_finds_text_name_and_address(sign_in, moderator, post):
    found = [
        make_comment(post, "Kommatecken är pauser"),
        make_comment(post, "Ett", name="Kommatecken"),
        make_comment(post, "Två", email="kommatecken@post.example"),
    ]
    make_comment(post, "Något annat")

    page = sign_in(moderator).get(LIST, {"q": "kommatecken"})

    assert list(page.context["cl"].result_list) == list(reversed(found))


def test_list_costs_the_same_for_one_comment_and_for_many(sign_in, moderator, post, django_assert_num_queries):
    client = sign_in(moderator)
    make_comment(post)
    client.get(LIST)

    for number in (2, 8):
        with django_assert_num_queries(7):
            client.get(LIST)
        for each in range(number):
            make_comment(make_published(f"Inlägg {number} {each}"), f"Text {each}")


def test_reading_comments_does_not_mean_judging_them(sign_in, moderator, post, monkeypatch):
    monkeypatch.setitem(policy.RULES, "comment.moderate", {})
    comment = make_comment(post, state="held")
    client = sign_in(moderator)

    act(client, "approve", comment)

    assert states() == ["held"]
    assert 'class="judge"' not in client.get(change(comment)).text
