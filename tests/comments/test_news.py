"""What is new: for an open page that asks, since a reader's last visit, and by feed for each thread."""

import pytest
from django.utils import timezone

from blog.comments import feeds, visits
from blog.comments.models import Comment, Discussion
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
    comments = [make_comment(post, f"Nr {number}") for number in range(4)]
    Comment.objects.filter(number=3).update(state="held")

    first = f"{post.get_absolute_url()}comments/2/"

    assert since(client, post, comments[0].shown).json() == {"words": "2 new comments", "address": first}
    assert since(client, post, comments[2].shown).json()["words"] == "1 new comment"
    assert since(client, post, comments[3].shown).json() == {}


def test_comment_that_was_let_through_after_the_visit_is_new(client, post):
    held = make_comment(post, "Väntade länge", state="held")
    seen = make_comment(post, "Kom sedan").shown
    mark(client, post, newest=seen)

    Comment.objects.filter(pk=held.pk).update(state="visible")

    assert since(client, post, seen).json()["words"] == "1 new comment"
    assert "Väntade länge" in shown(news(client, post))


def test_comment_keeps_its_place_among_the_news_when_it_comes_back(client, post):
    comment = make_comment(post)

    for state in ("removed", "visible"):
        Comment.objects.filter(pk=comment.pk).update(state=state)

    assert Comment.objects.get().shown == comment.shown
    assert Discussion.objects.get().last_shown == comment.shown


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
    newest = make_comment(post).shown

    asked = news(client, post)
    consent = mark(client, post, newest=newest)
    value = consent.cookies[visits.COOKIE].value
    end = mark(client, post, forget="1")

    assert dict(asked.cookies) == {}
    assert "has not been asked to remember" in shown(asked)
    assert (consent.status_code, consent["Location"], value) == (
        302,
        f"{post.get_absolute_url()}#comments",
        f"{post.pk}.{newest}",
    )
    assert end.cookies[visits.COOKIE]["max-age"] == 0


def test_page_of_what_is_new_lists_it_and_a_click_moves_the_mark(client, post):
    mark(client, post, newest=make_comment(post, "Gammalt").shown)
    parent = make_comment(post, "Nytt", name="Bo")
    make_comment(post, "Svar", parent=parent)
    own = make_comment(post, "Mitt eget")
    owns(client, own)

    page = news(client, post)
    mark(client, post, newest=own.shown)

    text = shown(page)
    assert [words in text for words in ("Gammalt", "Nytt", "Svar", "in reply to Bo", "Mitt eget")] == [
        False, True, True, True, False,
    ]  # fmt: skip
    assert "no-store" in page["Cache-Control"]
    assert "Nothing new has been said." in shown(news(client, post))


@pytest.mark.parametrize("newest", ["", "x", "far ahead", "9" * 400])
def test_mark_is_never_ahead_of_the_discussion(client, post, newest):
    last = make_comment(post).shown

    response = mark(client, post, newest=newest if newest != "far ahead" else last + 10)

    assert response.cookies[visits.COOKIE].value == f"{post.pk}.{last if newest == 'far ahead' else 0}"


@pytest.mark.parametrize("value", ["", "x", "1.2.3~", "~~", "9" * 4000, "1.-1", "å.1"])
def test_mark_that_is_not_ours_is_read_as_none(client, post, value):
    make_comment(post, "Nytt")
    client.cookies[visits.COOKIE] = value

    assert "Nytt" in shown(news(client, post))


def test_browser_keeps_a_bounded_number_of_marks(client, post):
    client.cookies[visits.COOKIE] = "~".join(f"{number}.1" for number in range(10**6, 10**6 + 500))

    assert len(mark(client, post).cookies[visits.COOKIE].value.split("~")) == visits.KEPT


def test_post_visited_last_is_forgotten_last(client, post):
    client.cookies[visits.COOKIE] = "~".join(f"{number}.1" for number in [post.pk, *range(10**6, 10**6 + visits.KEPT)])

    kept = mark(client, post).cookies[visits.COOKIE].value.split("~")

    assert kept[-1] == f"{post.pk}.0"
    assert len(kept) == visits.KEPT


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
