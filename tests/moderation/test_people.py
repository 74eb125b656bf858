"""The page about a person: what they wrote, notes, bans, and the removal of everything as one batch."""

import pytest
from django.test import Client

from blog.comments.models import Comment
from blog.moderation import batches
from blog.moderation.models import Batch, PersonNote, RemovalReason
from blog.screening.models import Ban
from tests.factories import make_comment

pytestmark = pytest.mark.django_db


@pytest.fixture
def comments(post):
    mine = [make_comment(post, f"Nr {number}", email="anna@post.example") for number in range(3)]
    make_comment(post, "En annans", name="Bo")
    return mine


def address(comment, page=""):
    return f"/admin/person/{comment.pk}/{page}"


def states():
    return list(Comment.objects.order_by("pk").values_list("state", flat=True))


def test_page_tells_comments_notes_and_bans_but_no_key(sign_in, moderator, editor, comments):
    key = comments[0].author_key
    PersonNote.objects.create(author_key=key, text="Varnad i maj", by=editor)
    Ban.objects.create(kind="person", key=b"kanariefagel 123", comment=comments[0], by=editor)

    page = sign_in(moderator).get(address(comments[1]))

    assert page.context["comments"] == comments[::-1]
    for words in ("3 visible", "Varnad i maj", "Person, without an end"):
        assert words in page.text
    assert not any(secret in page.text for secret in ("kanariefagel", bytes(key).hex(), "En annans"))


def test_own_note_is_deleted_and_anothers_is_not(sign_in, moderator, editor, comments):
    note = PersonNote.objects.create(author_key=comments[0].author_key, text="Varnad", by=editor)
    path = f"/admin/person/note/{note.pk}/delete/"

    refused = sign_in(moderator).post(path).status_code
    assert (refused, PersonNote.objects.count()) == (404, 1)
    sign_in(editor).post(path, {"next": address(comments[0])})

    assert not PersonNote.objects.exists()


def test_everything_of_a_person_is_removed_as_one_batch_that_undo_restores(sign_in, moderator, comments):
    Comment.objects.filter(pk=comments[2].pk).update(state="withdrawn")
    client, path, reason = sign_in(moderator), address(comments[0], "remove/"), RemovalReason.objects.first()

    assert "2 comments would be removed." in client.get(path).text
    client.post(path, {"because": reason.pk, "note": "Nog nu."})

    batch = Batch.objects.get()
    assert states() == ["removed", "removed", "withdrawn", "visible"]
    assert (batch.reason, batch.note, batch.rows.count()) == (reason, "Nog nu.", 2)
    batches.undo(batch, by=moderator)
    assert states() == ["visible", "visible", "withdrawn", "visible"]


def test_no_more_than_one_batch_takes_are_removed_the_newest_first(sign_in, moderator, comments, monkeypatch):
    monkeypatch.setattr("blog.moderation.history.MOST_AT_ONCE", 2)

    sign_in(moderator).post(address(comments[0], "remove/"), {"because": RemovalReason.objects.first().pk})

    assert states() == ["visible", "removed", "removed", "visible"]


def test_removing_everything_needs_a_reason_and_something_to_remove(sign_in, moderator, comments):
    client, path = sign_in(moderator), address(comments[0], "remove/")

    assert "Please choose a reason" in client.post(path, {"note": "Nog"}).text
    Comment.objects.update(state="removed")
    client.post(path, {"because": RemovalReason.objects.first().pk})

    assert not Batch.objects.exists()


def test_pages_about_people_are_for_those_who_moderate(sign_in, author, moderator, comments):
    paths = [address(comments[0]), address(comments[0], "remove/")]

    assert [[each.get(path).status_code for path in paths] for each in (Client(), sign_in(author))] == [
        [302, 302], [403, 403],
    ]  # fmt: skip
    assert sign_in(moderator).get("/admin/person/999/").status_code == 404
    assert sign_in(author).post(paths[1]).status_code == 403
    assert set(states()) == {"visible"}


def test_log_tells_reason_note_and_what_else_was_changed(sign_in, moderator, comments):
    reason = RemovalReason.objects.first()
    comments[0].reports.create(reason="abuse")
    chosen = Comment.objects.filter(pk=comments[0].pk)
    batch = batches.moderate("remove", chosen, by=moderator, because=reason, note="Nog nu.")
    client = sign_in(moderator)

    shown = client.get(f"/admin/blog/batch/{batch.pk}/change/").text
    listed = client.get("/admin/blog/batch/", {"by__id__exact": moderator.pk, "action__exact": "remove"})

    for words in (reason.name, "Nog nu.", "1 report settled"):
        assert words in shown
    assert list(listed.context["cl"].result_list) == [batch]
    assert not client.get("/admin/blog/batch/", {"action__exact": "spam"}).context["cl"].result_list


def test_page_of_a_comment_lists_the_decisions_about_it(sign_in, moderator, editor, comments):
    reason = RemovalReason.objects.first()
    removed = batches.moderate("remove", Comment.objects.filter(pk=comments[0].pk), by=editor, because=reason)
    batches.undo(removed, by=moderator)

    page = sign_in(moderator).get(f"/admin/blog/comment/{comments[0].pk}/change/")

    assert list(page.context["decisions"]) == [removed]
    assert reason.name in page.text
    assert f"/admin/blog/batch/{removed.pk}/change/" in page.text
