"""The steps of a post, and what being public means."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from blog.posts.models import Post
from blog.posts.workflow import IllegalTransition, Status
from tests.factories import make_post, make_published

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def test_approve_at_once_makes_a_post_public():
    post = make_post()

    post.approve(now=NOW)

    assert (post.status, post.publish_at, post.first_published_at) == ("approved", NOW, NOW)
    assert list(Post.objects.published(NOW)) == [post]


def test_scheduled_post_is_public_at_its_second_and_not_before():
    post = make_post()
    hour = NOW + timedelta(hours=1)

    post.approve(publish_at=hour, now=NOW)

    assert not Post.objects.published(hour - timedelta(microseconds=1)).exists()
    assert not post.is_public(hour - timedelta(microseconds=1))
    assert list(Post.objects.published(hour)) == [post]
    assert post.is_public(hour)
    assert list(Post.objects.scheduled(NOW)) == [post]


def test_first_published_stays_when_a_public_post_comes_back():
    post = make_published(ago=timedelta(days=3))
    first = post.first_published_at
    post.return_to_draft()

    post.approve(now=NOW)

    assert (post.publish_at, post.first_published_at) == (NOW, first)


def test_first_published_moves_with_a_schedule_that_never_came():
    post = make_post()
    post.approve(publish_at=NOW + timedelta(days=9), now=NOW)
    post.return_to_draft()

    post.approve(publish_at=NOW + timedelta(days=1), now=NOW)

    assert post.first_published_at == NOW + timedelta(days=1)


def test_returning_to_draft_takes_a_post_from_the_site():
    post = make_published()

    post.return_to_draft()

    assert not Post.objects.published().exists()


def test_of_two_editors_one_wins_and_the_other_is_told():
    post = make_post()
    other_tab = Post.objects.get(pk=post.pk)
    post.submit()

    with pytest.raises(IllegalTransition) as told:
        other_tab.submit()

    assert str(Status.IN_REVIEW.label) in str(told.value)
    assert other_tab.status == "in_review"


@pytest.mark.parametrize(
    ("status", "step"),
    [("in_review", "submit"), ("approved", "submit"), ("approved", "approve"), ("draft", "return_to_draft")],
)
def test_steps_from_a_wrong_state_change_nothing(status, step):
    post = make_published() if status == "approved" else make_post(status=status)
    before = Post.objects.values().get()

    with pytest.raises(IllegalTransition):
        getattr(post, step)()

    assert Post.objects.values().get() == before


def test_database_refuses_an_approved_post_without_an_hour():
    post = make_post()

    with pytest.raises(IntegrityError), transaction.atomic():
        Post.objects.filter(pk=post.pk).update(status="approved")


def test_awaiting_review_lists_what_was_handed_in():
    make_post("Utkast")
    post = make_post()
    post.submit()

    assert list(Post.objects.in_state("in_review")) == [post]


def test_a_step_meant_for_a_review_does_not_touch_what_was_approved_meanwhile():
    post = make_post()
    post.submit()
    stale = Post.objects.get(pk=post.pk)
    post.approve(now=NOW)
    before = Post.objects.values().get()

    with pytest.raises(IllegalTransition):
        stale.return_to_draft()

    assert Post.objects.values().get() == before


def test_an_hour_that_was_planned_and_taken_back_is_forgotten():
    post = make_post()
    post.approve(publish_at=NOW + timedelta(days=1), now=NOW)

    post.return_to_draft(now=NOW)

    assert post.first_published_at is None


def test_reschedule_moves_the_hour_of_an_approved_post_only():
    draft, post = make_post("Utkast"), make_post()
    post.approve(publish_at=NOW + timedelta(days=1), now=NOW)

    post.reschedule(NOW + timedelta(days=2), now=NOW)

    assert (post.publish_at, post.first_published_at) == (NOW + timedelta(days=2), NOW + timedelta(days=2))
    with pytest.raises(IllegalTransition):
        draft.reschedule(NOW)
