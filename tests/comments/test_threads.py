"""The shape of a discussion: order, pages, counts."""

import pytest

from blog.comments import threads
from blog.comments.models import Comment
from tests.factories import make_comment

pytestmark = pytest.mark.django_db


@pytest.fixture
def small_pages(monkeypatch):
    monkeypatch.setattr(threads, "PAGE_ROWS", 5)


def numbers(page):
    return [comment.number for comment in page.comments]


def chain(post, length, parent=None):
    comments = []
    for index in range(length):
        parent = make_comment(post, f"led {index}", parent=parent)
        comments.append(parent)
    return comments


def counts(post):
    post.discussion.refresh_from_db()
    return post.discussion.visible_comments, post.discussion.visible_mentions


def test_threads_stand_one_after_the_other_and_replies_under_their_parents(post):
    one, two = make_comment(post, "1"), make_comment(post, "2")
    three = make_comment(post, "3", parent=one)
    make_comment(post, "4", parent=two)
    make_comment(post, "5", parent=one)
    make_comment(post, "6", parent=three)

    page = threads.page(post)

    assert [(each.number, each.depth) for each in page.comments] == [(1, 0), (3, 1), (6, 2), (5, 1), (2, 0), (4, 1)]
    assert (page.starts_at, page.next_number) == (None, None)


def test_pages_keep_threads_whole_where_they_fit(post, small_pages):
    for _ in range(3):
        chain(post, 2)

    first = threads.page(post)
    second = threads.page(post, start=first.next_number)

    assert (numbers(first), first.next_number) == ([1, 2, 3, 4], 5)
    assert (numbers(second), second.next_number) == ([5, 6], None)


def test_a_thread_longer_than_a_page_is_cut_and_goes_on(post, small_pages):
    chain(post, 12)

    seen, start = [], None
    for _ in range(3):
        page = threads.page(post, start=start)
        seen.append(numbers(page))
        start = page.next_number

    assert seen == [[1, 2, 3, 4, 5], [6, 7, 8, 9, 10], [11, 12]]
    assert start is None


def test_replies_deeper_than_the_path_keep_their_parent_and_their_place(post, monkeypatch):
    monkeypatch.setattr(threads, "MAX_DEPTH", 3)
    comments = chain(post, 6)
    side = make_comment(post, "sidospår", parent=comments[1])

    assert comments[5].parent_id == comments[4].pk
    assert [each.path for each in comments[3:]] == [[1, 2, 3, 4], [1, 2, 3, 5], [1, 2, 3, 6]]
    assert numbers(threads.page(post)) == [1, 2, 3, 4, 5, 6, side.number]


def test_a_chain_of_a_thousand_replies_fits_the_index(post):
    comments = chain(post, 300)

    assert len(comments[-1].path) == threads.MAX_DEPTH + 1
    assert len(threads.page(post).comments) == threads.PAGE_ROWS


def test_repath_finds_every_path_again(post, monkeypatch):
    monkeypatch.setattr(threads, "MAX_DEPTH", 3)
    chain(post, 6)
    chain(post, 2)
    before = list(Comment.objects.order_by("pk").values_list("pk", "path"))
    Comment.objects.update(path=[0])

    threads.repath([post.pk])

    assert list(Comment.objects.order_by("pk").values_list("pk", "path")) == before


@pytest.mark.parametrize("state", ["held", "spam", "removed"])
def test_only_visible_comments_are_shown_and_counted(post, state):
    shown, hidden = make_comment(post, "syns"), make_comment(post, "syns inte")
    Comment.objects.filter(pk=hidden.pk).update(state=state)

    assert numbers(threads.page(post)) == [shown.number]
    assert counts(post) == (1, 0)


def test_writer_sees_the_own_held_comment_and_no_other(post):
    own, other = make_comment(post, "min", state="held"), make_comment(post, "annans", state="held")
    removed = make_comment(post, "borttagen", state="removed")

    assert numbers(threads.page(post, own=[own.pk, removed.pk])) == [own.number]
    assert other.number not in numbers(threads.page(post, own=[own.pk]))


def test_counts_follow_every_kind_of_write(post):
    first, second = make_comment(post, "1"), make_comment(post, "2")
    make_comment(post, "3", origin="mention")
    assert counts(post) == (2, 1)

    Comment.objects.filter(pk=first.pk).update(state="spam")
    assert counts(post) == (1, 1)

    Comment.objects.update(state="visible")
    assert counts(post) == (2, 1)

    second.delete()
    assert counts(post) == (1, 1)


def test_a_post_goes_with_its_discussion(post):
    chain(post, 3)

    post.delete()

    assert not Comment.objects.exists()


@pytest.mark.parametrize(
    ("number", "address"),
    [
        (1, "#comment-1"),
        (4, "#comment-4"),
        (5, "?from=5#comment-5"),
        (6, "?from=5#comment-6"),
        (12, "?from=12#comment-12"),
    ],
)
def test_address_leads_to_the_page_that_shows_the_comment(post, small_pages, number, address):
    chain(post, 2)
    chain(post, 2)
    chain(post, 8)
    comment = post.comments.get(number=number)

    found = threads.address_of(comment)

    assert found == post.get_absolute_url() + address
    start = found.partition("=")[2].partition("#")[0]
    assert number in numbers(threads.page(post, start=int(start) if start else None))
