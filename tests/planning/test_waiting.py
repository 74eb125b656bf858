"""My desk: what waits for whom, and the light of the worker."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone, translation

from blog.editing.models import Autosave
from blog.planning import waiting
from blog.posts.effects import Heartbeat
from blog.review.models import Note
from tests.factories import make_byline, make_post, make_published, make_user
from tests.planning.test_calendar import make_scheduled, make_update, tomorrow

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def lines(user, title):
    """The texts and remarks of one part of the person's desk, and its number."""
    (part,) = [part for part in waiting.parts_for(user) if part.title == title]
    return [(str(text), str(remark)) for text, _url, remark in part.lines], part.total


def test_what_is_mine_to_review_comes_before_what_nobody_has(editor):
    other = make_user("editor", "annan")
    make_post("Någon annans", status="in_review", reviewer=other)
    make_post("Ingens", status="in_review", priority=1)
    make_post("Min", status="in_review", reviewer=editor, due_on=datetime(2026, 12, 1).date())
    make_update(make_published("Uppdatering", reviewer=editor), status="in_review")

    assert lines(editor, "Waiting for my review") == (
        [("Min", "due 1 December"), ("Uppdatering", ""), ("Ingens", "without a reviewer")],
        3,
    )


def test_what_was_sent_back_to_me_has_the_newest_note(author, editor):
    post = make_post("Återsänt", created_by=author)
    for note in ("Kortare.", "Mycket kortare."):
        post.submit(by=author)
        post.request_changes(note, by=editor)
    make_post("Någon annans", status="changes_requested")

    assert lines(author, "Sent back to me") == ([("Återsänt", "Mycket kortare.")], 1)


def test_open_notes_of_others_on_my_texts(author, editor):
    post = make_post(bylines=[make_byline(user=author)])
    Note.objects.create(post=post, revision=1, text="Varför?", name="Anna")
    Note.objects.create(post=post, revision=1, text="Till mig själv", name="author", user=author)
    Note.objects.create(post=post, revision=1, text="Klart", name="Anna", resolved_at=timezone.now())
    Note.objects.create(post=make_post("Någon annans"), revision=1, text="Nej", name="Anna")

    assert lines(author, "Open notes on my texts") == ([("Varför?", "Anna: Om kommatecken")], 1)


def test_my_drafts_are_mine_and_so_is_the_list_that_they_lead_to(sign_in, author, editor):
    make_post("Mitt", created_by=editor)
    make_post("Någon annans", created_by=author)
    make_update(make_published("Under arbete", created_by=editor), status="draft")

    (part,) = [part for part in waiting.parts_for(editor) if part.title == "My drafts"]
    listed = sign_in(editor).get(part.url).context["cl"].queryset

    assert [line[0] for line in part.lines] == ["Under arbete", "Mitt"]
    assert {post.title for post in listed} == {"Under arbete", "Mitt"}


def test_unsaved_texts_are_mine_and_lead_to_their_forms(author, editor):
    key = uuid4()
    post = make_post("Sparad", created_by=author)
    Autosave.objects.create(user=author, post=post, fields={"title": ["Ny rubrik"]})
    Autosave.objects.create(user=author, form_key=key, fields={})
    Autosave.objects.create(user=editor, form_key=uuid4(), fields={"title": ["Hemlig"]})

    (part,) = [part for part in waiting.parts_for(author) if part.title == "My unsaved texts"]

    assert {(text, url) for text, url, _ in part.lines} == {
        ("Ny rubrik", f"/admin/blog/post/{post.pk}/change/?unsaved=1"),
        ("A new text", f"/admin/blog/post/add/?unsaved={key}"),
    }


def test_due_texts_are_told_apart_and_each_sees_what_concerns_them(author, editor, moderator):
    today = timezone.localdate()
    make_post("Sen", due_on=today - timedelta(days=1), created_by=author)
    make_post("Snart", due_on=today + timedelta(days=7))
    make_post("Sedan", due_on=today + timedelta(days=8))
    make_published("Ute", due_on=today)

    assert [text for text, _ in lines(editor, "Due soon")[0]] == ["Sen", "Snart"]
    ((text, remark),), total = lines(author, "Due soon")
    assert (text, remark.split()[:2], total) == ("Sen", ["overdue", "since"], 1)
    assert "Due soon" not in [part.title for part in waiting.parts_for(moderator)]


def test_scheduled_texts_and_updates_in_the_order_of_their_hours(editor):
    make_scheduled("Senare", tomorrow() + timedelta(days=5))
    make_update(make_published("Uppdatering"), status="draft", approved=True, publish_at=tomorrow() + timedelta(days=1))
    make_scheduled("Först")
    make_published("Ute")

    found, total = lines(editor, "Scheduled next")

    assert ([text for text, _ in found], total) == (["Först", "Uppdatering", "Senare"], 3)


def test_light_is_green_while_the_worker_gives_signs():
    now = timezone.now()
    Heartbeat.objects.create(name="worker", at=now - timedelta(seconds=10))

    assert waiting.light(now) == waiting.Light(True, "The worker was alive 10\xa0seconds ago.")


def test_light_says_since_when_the_worker_is_silent():
    at = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
    assert waiting.light(at).words == "No worker has run yet: publishing goes on, mails and link checks wait."
    Heartbeat.objects.create(name="worker", at=at)

    light = waiting.light(at + timedelta(minutes=4))

    since = "Sunday 22 November 2026 09:00"
    words = f"No sign of the worker since {since}: publishing goes on, mails and link checks wait."
    assert light == waiting.Light(False, words)
