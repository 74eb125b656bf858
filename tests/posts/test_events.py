"""The audit trail: what writes it, and what nobody can do to it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from blog.editing import saving
from blog.posts import revisions, updates
from blog.posts.events import Event, Kind
from blog.posts.models import Post
from blog.posts.updates import PendingUpdate
from blog.posts.workflow import IllegalTransition
from tests.factories import make_post, make_published

pytestmark = pytest.mark.django_db
NOW = timezone.now()
LATER, LATEST = NOW + timedelta(days=1), NOW + timedelta(days=2)


def make_scheduled():
    return make_post(status="approved", publish_at=LATER, first_published_at=LATER)


def make_updated(**columns):
    """A published post whose second version waits as a pending update."""
    post = make_published()
    content = revisions.content_of(post)
    post.revisions.create(number=1, content=content)
    post.revisions.create(number=2, content=content | {"title": "Om punkten"})
    Post.objects.filter(pk=post.pk).update(head=2, shown=1)
    PendingUpdate.objects.create(post=post, **columns)
    return Post.objects.get(pk=post.pk)


def waiting_for_its_hour():
    return make_updated(status="approved", approved=2, publish_at=LATER)


def written_since(last):
    """What stands in the trail after the event with this key, oldest first."""
    events = Event.objects.filter(pk__gt=last).order_by("pk")
    return list(events.values_list("kind", "of_update", "from_status", "to_status", "publish_at", "by_name", "note"))


def last_event():
    return Event.objects.newest_first().values_list("pk", flat=True).first() or 0


STEPS = {
    "submit a draft": (make_post, "submit", {"note": "Hej"}, ("submitted", "draft", "in_review", None)),
    "submit again": (
        lambda: make_post(status="changes_requested"),
        "submit",
        {"note": "Hej"},
        ("submitted", "changes_requested", "in_review", None),
    ),
    "request changes": (
        lambda: make_post(status="in_review"),
        "request_changes",
        {"note": "Hej"},
        ("changes_requested", "in_review", "changes_requested", None),
    ),
    "withdraw": (
        lambda: make_post(status="in_review"),
        "withdraw",
        {"note": "Hej"},
        ("withdrawn", "in_review", "draft", None),
    ),
    "approve for later": (
        lambda: make_post(status="in_review"),
        "approve",
        {"note": "Hej", "publish_at": LATER, "now": NOW},
        ("approved", "in_review", "approved", LATER),
    ),
    "approve at once": (make_post, "approve", {"note": "Hej", "now": NOW}, ("approved", "draft", "approved", NOW)),
    "reschedule": (
        make_scheduled,
        "reschedule",
        {"note": "Hej", "publish_at": LATEST, "now": NOW},
        ("rescheduled", "approved", "approved", LATEST),
    ),
    "unschedule": (
        make_scheduled,
        "return_to_draft",
        {"note": "Hej", "now": NOW},
        ("unscheduled", "approved", "draft", LATER),
    ),
    "unpublish": (
        lambda: make_post(status="approved", publish_at=NOW, first_published_at=NOW),
        "return_to_draft",
        {"note": "Hej", "now": NOW},
        ("unpublished", "approved", "draft", NOW),
    ),
    "archive": (
        lambda: make_post(status="approved", publish_at=NOW, first_published_at=NOW),
        "archive",
        {"note": "Hej"},
        ("archived", "approved", "archived", NOW),
    ),
    "unarchive": (
        lambda: make_post(status="archived", publish_at=NOW, first_published_at=NOW),
        "unarchive",
        {"note": "Hej"},
        ("unarchived", "archived", "draft", NOW),
    ),
}
UPDATE_STEPS = {
    "submit": (make_updated, "submit", {}, ("submitted", "draft", "in_review", None)),
    "request changes": (
        lambda: make_updated(status="in_review"),
        "request_changes",
        {},
        ("changes_requested", "in_review", "changes_requested", None),
    ),
    "withdraw": (
        lambda: make_updated(status="in_review"),
        "withdraw",
        {},
        ("withdrawn", "in_review", "draft", None),
    ),
    "approve": (make_updated, "approve", {"publish_at": LATER}, ("approved", "draft", "approved", LATER)),
    "reschedule": (
        waiting_for_its_hour,
        "reschedule",
        {"publish_at": LATEST},
        ("rescheduled", "approved", "approved", LATEST),
    ),
    "unschedule": (waiting_for_its_hour, "return_to_draft", {}, ("unscheduled", "approved", "draft", None)),
}


@pytest.mark.parametrize(("make", "step", "named", "row"), STEPS.values(), ids=STEPS)
def test_each_step_of_a_post_writes_one_row(editor, make, step, named, row):
    post = make()
    last = last_event()

    getattr(post, step)(by=editor, **named)

    kind, former, status, hour = row
    assert written_since(last) == [(kind, False, former, status, hour, "editor", "Hej")]
    event = Event.objects.newest_first()[0]
    assert (event.post, event.title, event.by) == (post, post.title, editor)
    assert abs(event.at - timezone.now()) < timedelta(seconds=10)


@pytest.mark.parametrize(("make", "step", "named", "row"), UPDATE_STEPS.values(), ids=UPDATE_STEPS)
def test_each_step_of_an_update_writes_one_row(editor, make, step, named, row):
    post = make()
    last = last_event()

    getattr(post.pending, step)(by=editor, note="Hej", **named)

    kind, former, status, hour = row
    assert written_since(last) == [(kind, True, former, status, hour, "editor", "Hej")]


def test_update_that_takes_over_at_once_is_approved_and_told_of(editor):
    post = make_updated()
    last = last_event()

    post.pending.approve(by=editor, note="Hej", now=NOW)

    assert written_since(last) == [
        ("approved", True, "draft", "approved", NOW, "editor", "Hej"),
        ("updated", True, "approved", "approved", NOW, "", ""),
    ]


def test_discarding_an_update_writes_one_row(editor):
    post = make_updated()
    last = last_event()

    updates.discard(post, by=editor)

    rows = written_since(last)
    assert [(row[0], row[1], row[5]) for row in rows] == [("discarded", True, "editor")]


def test_text_that_is_changed_after_approval_is_told_of(editor):
    post = make_published()

    saving.save(post, revisions.content_of(post) | {"title": "Om punkten"}, base=0, by=editor)

    assert [(row[0], row[5]) for row in written_since(0)] == [("changed", "editor")]


REFUSED = {
    "submit in review": (lambda: make_post(status="in_review"), "submit", {}),
    "changes of a draft": (make_post, "request_changes", {"note": "Hej"}),
    "withdraw a draft": (make_post, "withdraw", {}),
    "approve a published": (make_published, "approve", {}),
    "reschedule a draft": (make_post, "reschedule", {"publish_at": LATER}),
    "draft to draft": (make_post, "return_to_draft", {}),
    "archive a draft": (make_post, "archive", {}),
    "unarchive a draft": (make_post, "unarchive", {}),
    "text changed meanwhile": (make_post, "submit", {"revision": 7}),
}


@pytest.mark.parametrize(("make", "step", "named"), REFUSED.values(), ids=REFUSED)
def test_refused_step_writes_nothing(editor, make, step, named):
    post = make()

    with pytest.raises(IllegalTransition):
        getattr(post, step)(by=editor, **named)

    assert written_since(0) == []


@pytest.mark.parametrize(
    ("make", "step", "named"),
    [
        (make_updated, "withdraw", {}),
        (make_updated, "reschedule", {"publish_at": LATER}),
        (make_updated, "return_to_draft", {}),
        (waiting_for_its_hour, "approve", {}),
        (lambda: make_updated(status="in_review"), "submit", {}),
    ],
)
def test_refused_step_of_an_update_writes_nothing(editor, make, step, named):
    update = make().pending
    last = last_event()

    with pytest.raises(IllegalTransition):
        getattr(update, step)(by=editor, **named)

    assert written_since(last) == []


def test_of_two_racing_steps_one_is_written(editor, author):
    post = make_post()
    other_tab = Post.objects.get(pk=post.pk)
    post.submit(by=author)

    with pytest.raises(IllegalTransition):
        other_tab.approve(by=editor)

    assert [(row[0], row[5]) for row in written_since(0)] == [("submitted", "author")]


def test_hour_of_an_update_is_told_of_once():
    post = waiting_for_its_hour()
    last = last_event()

    taken = [updates.take_due(LATER), updates.take_due(LATER)]

    assert taken == [1, 0]
    assert [row[0] for row in written_since(last)] == ["updated"]
    twin = Event.objects.get(kind=Kind.UPDATED)
    with pytest.raises(IntegrityError), transaction.atomic():
        Event.record(post, twin.kind, publish_at=twin.publish_at, revision=twin.revision)


def test_database_refuses_to_change_or_delete_an_event(editor):
    make_post().submit(by=editor)
    before = list(Event.objects.values())

    with pytest.raises(IntegrityError, match="only grows"), transaction.atomic():
        Event.objects.update(note="aldrig")
    with pytest.raises(IntegrityError, match="only grows"), transaction.atomic():
        Event.objects.all().delete()
    with pytest.raises(IntegrityError, match="only grows"), transaction.atomic():
        Event.objects.get().delete()
    for statement in ("UPDATE blog_event SET by_id = NULL", "DELETE FROM blog_event", "TRUNCATE blog_event CASCADE"):
        with pytest.raises(IntegrityError, match="only grows"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)

    assert list(Event.objects.values()) == before


def test_event_outlives_its_post_and_its_person(author, editor):
    author.first_name, author.last_name = "Åsa", "Öberg"
    author.save()
    post = make_post("Om semikolon", created_by=author)
    post.submit(by=author)
    before = Event.objects.values().get()

    post.delete()
    author.delete()

    assert Event.objects.values().get() == before
    assert (before["title"], before["by_name"]) == ("Om semikolon", "Åsa Öberg")
