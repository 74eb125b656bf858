"""What is new: for an open page that asks, since a reader's last visit, and by feed for each thread."""

import pytest
from django.utils import timezone

from blog.comments import feeds, visits
from blog.comments.models import Comment
from tests.comments.reading import owns
from tests.comments.sending import shown
from tests.factories import make_comment, make_post, make_published

pytestmark = pytest.mark.django_db


@pytest.fixture
def post(db):
    return make_published(language="en")


def since(client, post, number, **headers):
    return client.get(f"{post.get_absolute_url()}comments/since/{number}/", headers=headers)


def news(client, post):
    return client.get(f"{post.get_absolute_url()}comments/new/")


def mark(client, post, headers=None, **fields):
    return client.post(f"{post.get_absolute_url()}comments/new/", fields, headers=headers or {})


# --- An open page


def test_open_page_is_told_how_many_came_and_where_they_begin(client, post):
    for number in range(4):
        make_comment(post, f"Nr {number}")
    Comment.objects.filter(number=3).update(state="held")

    first = f"{post.get_absolute_url()}comments/2/"

    assert since(client, post, 1).json() == {"words": "2 new comments", "address": first}
    assert since(client, post, 3).json()["words"] == "1 new comment"
    assert since(client, post, 4).json() == {}


def test_asking_costs_one_query_and_no_session(client, post, django_assert_num_queries):
    make_comment(post)
    client.cookies["sessionid"] = "x" * 32

    with django_assert_num_queries(2):  # one asks for updates that are due
        answer = since(client, post, 0)

    assert dict(answer.cookies) == {}
    assert not answer.has_header("Vary")


def test_what_did_not_change_is_not_sent_again(client, post):
    make_comment(post)
    etag = since(client, post, 0)["ETag"]

    same = since(client, post, 0, if_none_match=etag)
    make_comment(post, "Mer")
    more = since(client, post, 0, if_none_match=etag)

    assert (same.status_code, same.content, more.status_code) == (304, b"", 200)


def test_open_page_is_told_that_comments_were_closed_meanwhile(client, post):
    etag = since(client, post, 0)["ETag"]
    post.comment_policy = "closed"
    post.save()

    answer = since(client, post, 0, if_none_match=etag)

    assert list(answer.json()) == ["closed"]


def test_nothing_is_told_of_a_draft(client):
    draft = make_post(publish_at=timezone.now())
    make_comment(draft)

    assert since(client, draft, 0).status_code == news(client, draft).status_code == 404


# --- Since the last visit


def test_no_cookie_comes_without_consent_and_withdrawing_ends_it(client, post):
    make_comment(post)

    asked = news(client, post)
    consent = mark(client, post, newest="1")
    value = consent.cookies[visits.COOKIE].value
    end = mark(client, post, forget="1")

    assert dict(asked.cookies) == {}
    assert "has not been asked to remember" in shown(asked)
    assert (consent.status_code, consent["Location"], value) == (
        302,
        f"{post.get_absolute_url()}#comments",
        f"{post.pk}.1",
    )
    assert end.cookies[visits.COOKIE]["max-age"] == 0


def test_page_of_what_is_new_lists_it_and_a_click_moves_the_mark(client, post):
    make_comment(post, "Gammalt")
    mark(client, post, newest="1")
    parent = make_comment(post, "Nytt", name="Bo")
    make_comment(post, "Svar", parent=parent)
    owns(client, make_comment(post, "Mitt eget"))

    page = news(client, post)
    mark(client, post, newest="4")

    text = shown(page)
    assert [words in text for words in ("Gammalt", "Nytt", "Svar", "in reply to Bo", "Mitt eget")] == [
        False, True, True, True, False,
    ]  # fmt: skip
    assert "no-store" in page["Cache-Control"]
    assert "Nothing new has been said." in shown(news(client, post))


@pytest.mark.parametrize("newest", ["", "x", "99999", "9" * 400])
def test_mark_is_never_ahead_of_the_discussion(client, post, newest):
    make_comment(post)

    response = mark(client, post, newest=newest)

    assert response.cookies[visits.COOKIE].value in (f"{post.pk}.0", f"{post.pk}.1")


@pytest.mark.parametrize("value", ["", "x", "1.2.3~", "~~", "9" * 4000, "1.-1", "å.1"])
def test_mark_that_is_not_ours_is_read_as_none(client, post, value):
    make_comment(post, "Nytt")
    client.cookies[visits.COOKIE] = value

    assert "Nytt" in shown(news(client, post))


def test_browser_keeps_a_bounded_number_of_marks(client, post):
    client.cookies[visits.COOKIE] = "~".join(f"{number}.1" for number in range(10**6, 10**6 + 500))

    assert len(mark(client, post).cookies[visits.COOKIE].value.split("~")) == visits.KEPT


def test_mark_is_not_moved_from_another_site(client, post):
    assert mark(client, post, headers={"sec-fetch-site": "cross-site"}).status_code == 403


# --- By feed


def feed(client, post, number):
    return client.get(f"{post.get_absolute_url()}comments/{number}/feed/")


def test_feed_of_a_thread_holds_its_comments_alone(client, post, monkeypatch):
    monkeypatch.setattr(feeds, "FEED_COMMENTS", 3)
    first = make_comment(post, "Tråden börjar", email="anna@hemlig.example")
    make_comment(post, "En annan tråd")
    replies = [make_comment(post, f"Svar {number}", parent=first) for number in range(4)]
    make_comment(post, "Dolt", parent=first, state="held")

    text = feed(client, post, 1).content.decode()

    assert [f"Svar {number}" in text for number in range(4)] == [False, True, True, True]
    assert ("annan tråd" in text, "Dolt" in text, "hemlig" in text) == (False, False, False)
    assert feed(client, post, replies[0].number).content == feed(client, post, 1).content


@pytest.mark.parametrize("state", ["held", "spam", "removed", "withdrawn", "erased"])
def test_feed_of_a_thread_that_nobody_sees_is_404(client, post, state):
    make_comment(post, state=state)

    assert feed(client, post, 1).status_code == feed(client, post, 2).status_code == 404
