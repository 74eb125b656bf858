"""Pending updates: the old text stays public until the new one's hour."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext

from blog.editing import saving
from blog.posts import updates
from blog.posts.models import Post
from blog.posts.revisions import content_of, newest_content
from blog.posts.updates import PendingUpdate
from blog.posts.workflow import IllegalTransition
from tests.factories import make_published

pytestmark = pytest.mark.django_db
NOW = timezone.now()
LATER = NOW + timedelta(hours=1)


def write(post, by, **changes):
    """Save a change of the newest text."""
    post = Post.objects.get(pk=post.pk)
    saving.save(post, newest_content(post) | changes, base=post.head, by=by)
    return Post.objects.get(pk=post.pk)


@pytest.fixture
def updated(editor):
    return write(make_published(), editor, title="Nästa", tags=["Ord"])


def kinds(post):
    return list(post.events.order_by("pk").values_list("kind", flat=True))


def test_update_that_is_approved_at_once_takes_over(updated, editor):
    updated.pending.approve(by=editor)

    post = Post.objects.get()
    assert (post.title, list(post.tags.names()), post.head, post.shown) == ("Nästa", ["Ord"], 2, 2)
    assert post.newest is post
    assert kinds(post) == ["changed", "approved", "updated"]


def test_scheduled_update_takes_over_at_its_second_and_not_before(updated, editor):
    updated.pending.approve(publish_at=LATER, by=editor, now=NOW)

    assert updates.take_due(LATER - timedelta(microseconds=1)) == 0
    assert Post.objects.get().title == "Om kommatecken"
    assert (updates.take_due(LATER), updates.take_due(LATER)) == (1, 0)
    assert Post.objects.get().title == "Nästa"
    assert kinds(updated).count("updated") == 1


def test_page_shows_an_update_whose_hour_has_come_with_no_worker_running(updated, editor, client):
    updated.pending.approve(publish_at=timezone.now() + timedelta(days=1), by=editor)
    assert "Nästa" not in client.get(updated.get_absolute_url()).text

    PendingUpdate.objects.update(publish_at=Now())

    assert "Nästa" in client.get(updated.get_absolute_url()).text


def test_newer_text_leaves_the_schedule_of_the_approved_one_alone(updated, editor):
    updated.pending.approve(publish_at=LATER, by=editor, now=NOW)

    post = write(updated, editor, title="Ännu senare")

    assert (post.pending.status, post.pending.approved, post.pending.publish_at) == ("draft", 2, LATER)
    updates.take_due(LATER)
    post = Post.objects.get()
    assert (post.title, newest_content(post)["title"]) == ("Nästa", "Ännu senare")
    assert (post.pending.status, post.pending.approved, post.pending.publish_at) == ("draft", None, None)


def test_discarded_update_leaves_the_public_text_as_the_newest_version(updated, editor):
    updates.discard(updated, by=editor)

    post = Post.objects.get()
    assert (post.head, post.shown, post.newest) == (3, 3, post)
    assert post.revisions.get(number=3).content == content_of(post)
    assert post.revisions.get(number=2).content["title"] == "Nästa"
    with pytest.raises(IllegalTransition):
        updates.discard(post, by=editor)


def test_update_is_not_discarded_with_a_text_that_the_person_has_not_seen(updated, editor):
    write(updated, editor, title="Ännu senare")

    with pytest.raises(IllegalTransition):
        updates.discard(updated, by=editor, revision=2)

    assert newest_content(Post.objects.get())["title"] == "Ännu senare"
    updates.discard(updated, by=editor, revision=3)


def test_update_taken_back_from_the_schedule_does_not_come(updated, editor):
    updated.pending.approve(publish_at=LATER, by=editor, now=NOW)

    updated.pending.return_to_draft(by=editor)

    assert updates.take_due(LATER) == 0
    assert (Post.objects.get().title, Post.objects.get().pending.status) == ("Om kommatecken", "draft")


def test_moved_update_comes_at_its_new_hour(updated, editor):
    updated.pending.approve(publish_at=LATER, by=editor, now=NOW)
    stale = PendingUpdate.objects.get()

    updated.pending.reschedule(LATER + timedelta(hours=1), by=editor, now=NOW)

    assert updates.take_due(LATER) == 0
    with pytest.raises(IllegalTransition):
        stale.reschedule(LATER, by=editor, now=NOW)
    assert updates.take_due(LATER + timedelta(hours=1)) == 1


def test_approval_of_a_text_that_was_not_seen_is_refused(updated, editor):
    write(updated, editor, title="Nyare")

    with pytest.raises(IllegalTransition) as told:
        PendingUpdate.objects.get().approve(by=editor, revision=2)

    assert str(told.value) == gettext("The text was changed meanwhile. Look at the newest version first.")
    assert Post.objects.get().title == "Om kommatecken"


def test_update_of_a_post_that_left_the_site_does_not_come(updated, editor):
    updated.pending.approve(publish_at=LATER, by=editor, now=NOW)
    post = Post.objects.get()

    post.archive(by=editor)

    assert updates.take_due(LATER) == 0


@pytest.mark.parametrize("columns", ["approved = 2", "status = 'approved'"])
def test_database_refuses_half_an_approval(updated, columns):
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE blog_pendingupdate SET {columns}")


def test_page_that_tells_of_life_asks_nothing_of_the_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/robots.txt").status_code == 200
