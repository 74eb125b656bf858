"""The moderation log with undo."""

import pytest
from django.test import Client
from django.urls import reverse

from blog.comments.models import Comment
from blog.moderation import batches, duplicates, picks
from tests.factories import make_comment, make_group

pytestmark = pytest.mark.django_db


def undo(batch):
    return reverse("admin:blog_batch_undo", args=[batch.pk])


def said(response):
    return [str(message) for message in response.context["messages"]]


def states():
    return list(Comment.objects.order_by("pk").values_list("state", flat=True))


@pytest.fixture
def double(post):
    comments = [make_comment(post, "Samma text") for _ in range(2)]
    make_group(*comments)
    return comments


def test_page_of_a_batch_shows_each_comment_before_and_after(sign_in, moderator, post, double):
    reply = make_comment(post, "Ett svar", parent=double[1])
    batch = duplicates.merge([each.pk for each in double], by=moderator)

    page = sign_in(moderator).get(reverse("admin:blog_batch_change", args=[batch.pk]))

    assert [(row.comment, row.changes) for row in page.context["rows"]] == [
        (double[1], [("state", "Visible", "Merged"), ("merged into", "–", "#1")]),
        (reply, [("in reply to", "#2", "#1")]),
    ]


def test_undo_says_what_was_changed_since(sign_in, moderator, post):
    comment = make_comment(post, state="held")
    batch = batches.moderate("approve", Comment.objects.all(), by=moderator)
    batches.moderate("spam", Comment.objects.all(), by=moderator)

    response = sign_in(moderator).post(undo(batch), follow=True)

    comment.refresh_from_db()
    assert said(response) == ["Not undone. Changed since, by a later action: #1"]
    assert comment.state == "spam"


def test_undo_twice_is_told(sign_in, moderator, post):
    make_comment(post, state="held")
    batch = batches.moderate("approve", Comment.objects.all(), by=moderator)
    client = sign_in(moderator)
    client.post(undo(batch))

    response = client.post(undo(batch), follow=True)

    assert said(response)[-1] == "Not undone. The action has been undone already."
    assert states() == ["held"]


def test_undo_is_refused_to_others_and_to_get(sign_in, author, moderator, post):
    make_comment(post, state="held")
    batch = batches.moderate("approve", Comment.objects.all(), by=moderator)

    answers = [
        sign_in(moderator).get(undo(batch)).status_code,
        sign_in(author).post(undo(batch)).status_code,
        Client().post(undo(batch)).status_code,
    ]

    assert (answers, states()) == ([405, 403, 302], ["visible"])


def test_editors_choice_is_undone_by_editors_alone(sign_in, moderator, editor, post):
    make_comment(post)
    batch = picks.pick(Comment.objects.all(), by=editor)

    answers = [sign_in(person).post(undo(batch)).status_code for person in (moderator, editor)]

    assert answers == [403, 302]
    assert not Comment.objects.picked().exists()


def test_undo_without_djangos_csrf_token_is_refused(moderator, post):
    make_comment(post, state="held")
    batch = batches.moderate("approve", Comment.objects.all(), by=moderator)
    client = Client(enforce_csrf_checks=True)
    client.force_login(moderator)

    assert (client.post(undo(batch)).status_code, states()) == (403, ["visible"])
