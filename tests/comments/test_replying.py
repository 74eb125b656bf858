"""Answering a comment, and from where a comment can be sent."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from blog.comments import ownership
from blog.comments.forms import token_for
from blog.comments.models import Comment
from tests.comments.sending import send, shown, write_address
from tests.factories import make_comment, make_published

pytestmark = pytest.mark.django_db


@pytest.fixture
def post(db):
    return make_published(language="en")  # so that the words stand here as they are in the code


# --- Replies


def test_reply_page_quotes_the_parent(client, post):
    parent = make_comment(post, "Vad menar du?", name="Bo")

    page = shown(client.get(f"{write_address(post)}?reply_to={parent.number}"))

    assert "Reply to Bo" in page
    assert "Vad menar du?" in page
    send(client, post, reply_to=str(parent.number))
    assert Comment.objects.get(name="Anna").path == [1, 2]


@pytest.mark.parametrize("state", ["held", "spam", "removed"])
def test_reply_page_does_not_quote_what_nobody_sees(client, post, state):
    parent = make_comment(post, "Hemlig text", state=state)

    response = client.get(f"{write_address(post)}?reply_to={parent.number}")

    assert (response.status_code, "Hemlig" in response.content.decode()) == (404, False)


@pytest.mark.parametrize("number", ["x", "99", "-1", "9" * 30, "9" * 5000, ""])
def test_reply_to_no_comment_is_404(client, post, number):
    assert client.get(f"{write_address(post)}?reply_to={number}").status_code == 404


@pytest.mark.parametrize("state", ["held", "spam", "removed"])
def test_reply_to_what_was_taken_away_meanwhile_can_be_sent_on_its_own(client, post, state):
    parent = make_comment(post, "Hemlig text", state=state)

    page = shown(send(client, post, reply_to=str(parent.number)))

    assert "The comment that you answer is no longer there." in page
    assert "Bra skrivet!" in page
    assert "Hemlig" not in page
    assert re.search(r'name="reply_to"[^>]*value="(.+?)"', page) is None
    assert Comment.objects.count() == 1


def test_reply_to_a_merged_comment_goes_to_the_kept_one(client, post):
    kept = make_comment(post, "Samma", name="Bo")
    copy = make_comment(post, "Samma", name="Bo", state="merged", merged_into=kept)

    page = shown(client.get(f"{write_address(post)}?reply_to={copy.number}"))
    send(client, post, reply_to=str(copy.number))

    assert "Reply to Bo" in page
    assert Comment.objects.get(name="Anna").parent == kept


# --- Where a comment can be sent, and from where


def test_a_strangers_copy_of_an_old_comment_proves_nothing(client, post):
    send(client, post)
    Comment.objects.update(created_at=timezone.now() - timedelta(hours=1), state="visible")
    client.cookies.clear()

    response = send(client, post)

    assert response.status_code == 302
    assert ownership.COOKIE not in response.cookies
    assert Comment.objects.count() == 1


def test_copying_a_fresh_public_comment_proves_nothing(client, post):
    send(client, post)
    Comment.objects.update(state="visible")
    client.cookies.clear()

    assert ownership.COOKIE not in send(client, post).cookies


@pytest.mark.parametrize("text", ["> >", "- ", "[](https://a.example)", "\u3164", "\u2063"])
def test_comment_that_shows_nothing_is_refused(client, post, text):
    assert send(client, post, text=text).status_code == 422
    assert not Comment.objects.exists()


def test_comment_that_looks_like_a_tag_is_text(client, post):
    assert send(client, post, text="<sarcasm>").status_code == 302


def test_removed_comment_sent_again_is_not_said_to_be_there(client, post):
    send(client, post)
    Comment.objects.update(state="removed")

    assert "A moderator has removed it." in shown(send(client, post, follow=True))


def test_double_click_whose_first_answer_was_lost_still_proves_the_writer(client, post):
    send(client, post)
    client.cookies.clear()

    assert ownership.COOKIE in send(client, post).cookies


def test_closed_post_gives_the_text_back(client):
    post = make_published(comment_policy="closed", language="en")

    response = send(client, post)

    assert response.status_code == 422
    assert "Comments on this post are closed. Your text is still here" in shown(response)
    assert "Bra skrivet!" in response.content.decode()
    assert not Comment.objects.exists()
    assert "comment-form" not in shown(client.get(write_address(post)))


def test_post_taken_down_gives_the_text_back_and_says_nothing_of_the_post(client, post):
    post.return_to_draft()

    response = send(client, post)

    assert response.status_code == 404
    assert "Bra skrivet!" in shown(response)
    assert post.title not in response.content.decode()
    assert not Comment.objects.exists()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "same-origin"}, 302),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"origin": "http://testserver"}, 302),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({}, 302),
    ],
)
def test_form_on_another_site_is_refused(client, post, headers, status):
    response = send(client, post, headers=headers)

    assert response.status_code == status
    assert Comment.objects.count() == (status == 302)


def test_token_of_another_post_is_not_good_here(client, post):
    other = make_published("En annan")

    assert send(client, post, token=token_for(other)).status_code == 422


def test_form_needs_no_cookie_and_the_page_sets_none(client, post):
    page = client.get(post.get_absolute_url()).content.decode()
    token = re.findall(r'name="token" value="([^"]+)"', page)[-1]  # the first one is the newsletter's

    response = send(client.__class__(enforce_csrf_checks=True), post, token=token)

    assert response.status_code == 302


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods_are_not_allowed(client, post, method):
    assert getattr(client, method)(write_address(post)).status_code == 405
    assert getattr(client, method)(post.get_absolute_url()).status_code == 405
