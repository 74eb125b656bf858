"""The address of each comment, and the pages of long discussions."""

import pytest

from blog.comments import threads
from blog.moderation import duplicates
from tests.comments.reading import Page, fill, owns, read
from tests.factories import make_comment, make_group, make_published

pytestmark = pytest.mark.django_db


@pytest.fixture
def post(db):
    return make_published(language="en")  # so that the words stand here as they are in the code


# --- Permalinks


def follow(client, post, number):
    return client.get(f"{post.get_absolute_url()}comments/{number}/")


def test_permalink_leads_to_the_page_with_the_comment(client, post):
    fill(post, 250)

    address = follow(client, post, 222)["Location"]

    path, _, anchor = address.partition("#")
    assert anchor in Page(client.get(path)).comments()


def test_permalink_of_a_merged_comment_leads_to_the_kept_one(client, post, moderator):
    kept, copy = make_comment(post, "Samma"), make_comment(post, "Samma")
    make_group(kept, copy)
    duplicates.merge([kept.pk, copy.pk], by=moderator)

    response = client.get(copy.get_absolute_url(), follow=True)

    assert response.redirect_chain[-1] == (f"{post.get_absolute_url()}#comment-1", 302)
    assert response.status_code == 200


@pytest.mark.parametrize("state", ["held", "spam", "removed"])
def test_permalink_of_what_nobody_sees_is_404(client, post, state):
    comment = make_comment(post, state=state)

    assert client.get(comment.get_absolute_url()).status_code == 404


def test_permalink_of_a_held_comment_works_for_its_writer(client, post):
    held = make_comment(post, state="held")
    owns(client, held)

    assert follow(client, post, held.number)["Location"] == f"{post.get_absolute_url()}#{held.anchor}"


@pytest.mark.parametrize("number", [0, 2, 9**18, int("9" * 400)])
def test_permalink_of_no_comment_is_404(client, post, number):
    make_comment(post)

    assert follow(client, post, number).status_code == 404


# --- Long discussions


def test_ten_thousand_comments_cost_one_page(client, post, django_assert_num_queries):
    fill(post, 10_000)

    with django_assert_num_queries(5):
        response = client.get(post.get_absolute_url())

    page = Page(response)
    assert len(page.comments()) == threads.PAGE_ROWS
    assert page.heading() == "10000 comments"
    assert len(response.content) < 150_000


def test_pages_of_a_discussion_lead_on_and_back(client, post):
    fill(post, 75)

    first = read(client, post)
    second = read(client, post, "?from=51")

    assert f'href="{post.get_absolute_url()}?from=51#comments"' in first.source
    assert list(second.comments()) == [f"comment-{number}" for number in range(51, 76)]
    assert f'<a href="{post.get_absolute_url()}#comments">To the beginning of the discussion</a>' in second.source
    assert "?from=" not in second.source


def test_reply_whose_parent_stands_on_an_earlier_page_links_its_permalink(client, post):
    parent = make_comment(post, name="Rot")
    for number in range(130):
        last = make_comment(post, f"Svar {number}", parent=parent)

    page = read(client, post, f"?from={last.number}")

    assert f"{post.get_absolute_url()}comments/1/" in page.links(last.anchor)
    assert "#comment-1" not in page.links(last.anchor)


@pytest.mark.parametrize("number", [77, 10**17])
def test_page_that_begins_with_no_comment_leads_to_the_first(client, post, number):
    make_comment(post)

    response = client.get(f"{post.get_absolute_url()}?from={number}")

    assert (response.status_code, response["Location"]) == (302, post.get_absolute_url())
