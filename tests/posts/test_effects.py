"""What follows publishing: once, at its hour, whatever becomes of the jobs."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone

from blog import tasks
from blog.posts import effects
from blog.posts.effects import Effect, Heartbeat
from blog.posts.events import Event, Kind
from tests.factories import make_byline, make_post, send_letters

pytestmark = pytest.mark.django_db


def due(**fields):
    """A post that is public since a moment, its effects not done yet."""
    post = make_post(**fields)
    post.approve()
    return post


def test_public_post_is_recorded_and_told_once(author):
    post = due(created_by=author, bylines=[make_byline(user=author)])

    done = effects.run_due(), effects.run_due()

    assert (done, send_letters()) == ((2, 0), 1)
    assert post.events.filter(kind=Kind.PUBLISHED).count() == 1
    assert [letter.to for letter in mail.outbox] == [[author.email]]
    assert post.get_absolute_url() in mail.outbox[0].body


def test_nothing_happens_before_the_hour_nor_after_the_post_was_taken_back():
    later = make_post("Senare")
    later.approve(publish_at=timezone.now() + timedelta(hours=1))
    taken_back = due(title="Tillbaka")
    taken_back.return_to_draft()

    assert effects.run_due() == 0
    assert not Event.objects.filter(kind=Kind.PUBLISHED).exists()


def test_moved_post_has_the_effects_of_its_new_hour_only():
    post = make_post()
    post.approve(publish_at=timezone.now() + timedelta(hours=1))

    post.reschedule(None)

    assert set(post.effects.values_list("name", "due_at")) == {(name, post.publish_at) for name in effects.EFFECTS}


def test_effect_whose_work_fails_is_left_for_the_next(monkeypatch):
    post = due()

    def fail(effect):
        Event.record(post, Kind.PUBLISHED)
        raise RuntimeError

    monkeypatch.setitem(effects.EFFECTS, "record", fail)
    with pytest.raises(RuntimeError):
        effects.run(Effect.objects.get(name="record").pk)
    monkeypatch.undo()

    assert not Event.objects.filter(kind=Kind.PUBLISHED).exists()
    effects.run_due()
    assert Event.objects.filter(kind=Kind.PUBLISHED).count() == 1


def test_database_records_an_hour_once():
    post = due()
    effects.run_due()

    with pytest.raises(IntegrityError), transaction.atomic():
        Event.record(post, Kind.PUBLISHED, revision=post.shown)


def test_every_minute_the_worker_says_that_it_is_alive_and_does_what_was_lost():
    due()

    tasks.every_minute(timestamp=0)

    assert Heartbeat.objects.get(name=tasks.WORKER).at <= timezone.now()
    assert not Effect.objects.filter(done_at=None).exists()


def test_effect_that_fails_keeps_no_other_from_being_done(monkeypatch):
    due(title="Ett")
    due(title="Två")

    def fail(effect):
        raise RuntimeError

    monkeypatch.setitem(effects.EFFECTS, "record", fail)

    assert effects.run_due() == 2
    assert set(Effect.objects.filter(done_at=None).values_list("name", flat=True)) == {"record"}


def test_corrected_date_of_a_public_post_is_no_second_publication(author):
    post = due(created_by=author)
    effects.run_due()

    post.reschedule(post.publish_at - timedelta(days=2))

    assert effects.run_due() == 0
    assert post.events.filter(kind=Kind.PUBLISHED).count() == 1


def test_date_that_is_corrected_before_the_effects_were_done_loses_none():
    post = due()

    post.reschedule(post.publish_at - timedelta(days=2))

    assert effects.run_due() == 2
