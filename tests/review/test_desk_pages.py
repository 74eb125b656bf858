"""Drafts with notes on the desk, and the page on which people are invited to review by link."""

import re
from uuid import uuid4

import html5lib
import pytest
from django.core import mail as outbox
from django.test import Client

from blog.review import seats
from blog.review.models import Note, Seat
from tests.factories import make_post, make_user
from tests.review.conftest import BODY, invite, queries_of, rewrite, write
from tests.review.test_link_pages import INLINE


def note_fields(text="Stryk det.", **fields):
    return {"text": text, "form_key": str(uuid4()), "revision": "1"} | fields


def invitation(**fields):
    return {"name": "Bo", "email": "", "days": "14", "form_key": str(uuid4())} | fields


def renewal(seat):
    return {"renew": "1", "mark": seat.mark}


# --- Notes


def test_staff_see_the_newest_text_with_everybodys_notes(sign_in, draft, guest, editor):
    write(draft, guest, "Gästens.", block=1)
    write(draft, editor, "Redaktörens.")
    draft.approve()
    number = rewritten_later(draft)

    response = sign_in(editor).get(f"/preview/{draft.pk}/")

    page = response.content.decode()
    assert [text in page for text in ("Gästens.", "Redaktörens.", "Uppdaterat.")] == [True] * 3
    assert f'name="revision" value="{number}"' in page
    assert f'<a href="/admin/blog/post/{draft.pk}/change/">' in page
    assert f'<a href="/admin/versions/{draft.pk}/">' in page
    html5lib.HTMLParser(strict=True).parse(page)
    assert not INLINE.search(response.content)


def rewritten_later(post):
    rewrite(post, BODY)
    post.shown = 1
    post.save(update_fields=["shown"])
    number = post.head
    post.revisions.filter(number=number).update(
        content=post.revisions.get(number=1).content | {"body": "<p>Uppdaterat.</p>"}
    )
    return number


def test_staff_write_notes_under_their_name(sign_in, draft, editor, moderator):
    response = sign_in(moderator).post(f"/preview/{draft.pk}/notes/", note_fields("Hej @editor", block="2"))

    note = Note.objects.get()
    assert response["Location"] == f"/preview/{draft.pk}/#n{note.pk}"
    assert (note.user, note.name, note.revision, note.block) == (moderator, "moderator", 1, 2)
    assert note.quote == "Ett kolon är en trumpet."


def test_note_written_while_the_text_was_changed_is_about_what_its_writer_saw(sign_in, draft, editor):
    rewrite(draft, "<p>Nytt först.</p>" + BODY)

    sign_in(editor).post(f"/preview/{draft.pk}/notes/", note_fields(block="2", revision="1"))

    note = Note.objects.get()
    assert (note.revision, note.block, note.quote) == (1, 2, "Ett kolon är en trumpet.")


@pytest.mark.parametrize("revision", ["", "x", "999", "-1", "9" * 30])
def test_note_on_a_version_that_is_not_there_is_about_the_newest(sign_in, draft, editor, revision):
    sign_in(editor).post(f"/preview/{draft.pk}/notes/", note_fields(revision=revision))

    assert Note.objects.get().revision == 1


def test_empty_note_is_asked_for_again(sign_in, draft, editor):
    response = sign_in(editor).post(f"/preview/{draft.pk}/notes/", note_fields(" "))

    assert (response.status_code, Note.objects.count()) == (422, 0)


def test_author_resolves_notes_on_own_texts_alone(sign_in, author, editor):
    own, other = make_post(created_by=author), make_post("En annan", created_by=editor)
    notes = [write(own, editor), write(other, editor)]
    client = sign_in(author)

    answers = [
        client.post(f"/preview/{note.post_id}/notes/{note.pk}/", {"resolved": "1"}).status_code for note in notes
    ]

    assert answers == [302, 403]
    assert list(Note.objects.exclude(resolved_at=None)) == notes[:1]
    client.post(f"/preview/{own.pk}/notes/{notes[0].pk}/", {})
    assert not Note.objects.exclude(resolved_at=None).exists()


def test_only_what_begins_a_thread_of_this_post_is_resolved(sign_in, draft, editor):
    first = write(draft, editor)
    answer = write(draft, editor, "Svar.", parent=first)
    other = make_post("En annan", created_by=editor)

    client = sign_in(editor)
    addresses = [f"/preview/{draft.pk}/notes/{answer.pk}/", f"/preview/{other.pk}/notes/{first.pk}/"]

    assert [client.post(address, {"resolved": "1"}).status_code for address in addresses] == [404, 404]
    assert not Note.objects.exclude(resolved_at=None).exists()


def changing(draft, note, seat):
    return [
        (f"/preview/{draft.pk}/notes/", note_fields("Nytt.")),
        (f"/preview/{draft.pk}/notes/{note.pk}/", {"resolved": "1"}),
        (f"/admin/review/{draft.pk}/", invitation()),
        (f"/admin/review/{draft.pk}/{seat.pk}/", renewal(seat)),
        (f"/admin/review/{draft.pk}/{seat.pk}/", {"revoke": "1"}),
    ]


def test_who_may_not_changes_nothing(client, sign_in, draft, guest, editor, author):
    note = write(draft, editor)
    before = list(Seat.objects.values()), list(Note.objects.values())
    forged = Client(enforce_csrf_checks=True)
    forged.force_login(editor)

    for address, fields in changing(draft, note, guest):
        stranger = client.post(address, fields)
        assert (stranger.status_code, stranger["Location"].partition("?")[0]) == (302, "/admin/account/sign-in/")
        assert sign_in(author).post(address, fields).status_code == 403
        assert forged.post(address, fields).status_code == 403

    assert (list(Seat.objects.values()), list(Note.objects.values())) == before


def test_moderator_reads_and_notes_but_neither_resolves_nor_invites(sign_in, draft, guest, editor, moderator):
    note = write(draft, editor)
    client = sign_in(moderator)

    answers = [client.post(address, fields).status_code for address, fields in changing(draft, note, guest)]

    assert answers == [302, 403, 403, 403, 403]
    page = client.get(f"/preview/{draft.pk}/").content.decode()
    assert ("/admin/review/" in page, 'name="resolved"' in page) == (False, False)


def test_what_changes_something_is_no_get(sign_in, draft, guest, editor):
    client = sign_in(editor)
    addresses = [address for address, _ in changing(draft, write(draft, editor), guest)]
    addresses.remove(f"/admin/review/{draft.pk}/")  # the page itself

    assert [client.get(address).status_code for address in addresses] == [405] * 4


def test_posts_that_are_not_there_are_404(sign_in, draft, guest, editor):
    client = sign_in(editor)
    other = make_post("En annan", created_by=editor)

    addresses = ["/preview/0/notes/", "/admin/review/0/", f"/admin/review/{other.pk}/{guest.pk}/"]

    assert [client.post(address, {"revoke": "1"}).status_code for address in addresses] == [404] * 3


def test_preview_costs_the_same_however_many_notes(sign_in, draft, editor):
    client, costs = sign_in(editor), []

    for count in (1, 19):
        for number in range(count):
            write(draft, make_user("editor", f"e{count}-{number}"), str(number), block=1)
        costs.append(queries_of(client, f"/preview/{draft.pk}/"))

    assert costs[0] == costs[1] <= 12


# --- Invitations


def link_in(response):
    found = re.search(r'id="link" value="[^"]*?(/review/[^"]+)"', response.content.decode())
    return found and found[1]


def test_editor_invites_somebody_and_sees_the_link_once(client, sign_in, draft, editor):
    desk = sign_in(editor)

    response = desk.post(f"/admin/review/{draft.pk}/", invitation(name=" Bo  Ek ", days="3"))

    seat = Seat.objects.get()
    assert (response.status_code, seat.name, seat.invited_by, seat.revision) == (200, "Bo Ek", editor, 1)
    assert round((seat.expires_at - seat.created_at).total_seconds() / 3600) == 72
    assert "no-store" in response["Cache-Control"]
    assert b"Hemlig rubrik" in client.get(link_in(response)).content
    again = desk.get(f"/admin/review/{draft.pk}/")
    assert (b"Bo Ek" in again.content, link_in(again)) == (True, None)
    html5lib.HTMLParser(strict=True).parse(response.content.decode())
    assert not INLINE.search(response.content)


def test_author_invites_for_an_own_text(sign_in, author):
    post = make_post(created_by=author)

    response = sign_in(author).post(f"/admin/review/{post.pk}/", invitation())

    assert link_in(response)


@pytest.mark.parametrize(
    "fields", [{"name": ""}, {"name": "x" * 121}, {"email": "x"}, {"days": "0"}, {"days": "91"}, {"days": "x"}]
)
def test_faulty_invitation_is_asked_for_again(sign_in, draft, editor, fields):
    response = sign_in(editor).post(f"/admin/review/{draft.pk}/", invitation(**fields))

    assert (response.status_code, Seat.objects.count()) == (422, 0)


def test_link_goes_by_mail_where_an_address_is_given(sign_in, draft, editor):
    response = sign_in(editor).post(f"/admin/review/{draft.pk}/", invitation(email="bo@e.se"))

    [message] = outbox.outbox
    assert message.to == ["bo@e.se"]
    assert link_in(response) in message.body


def test_invitation_sent_twice_is_one(sign_in, draft, editor):
    desk, address = sign_in(editor), f"/admin/review/{draft.pk}/"
    fields = invitation(email="bo@e.se")

    desk.post(address, fields)
    again = desk.post(address, fields, follow=True)
    desk.post(address, fields | {"name": "Cia"})  # who went back to the form

    assert b"Bo was invited already. Make a new link if you lost it." in again.content
    assert [seat.name for seat in Seat.objects.all()] == ["Cia", "Bo"]
    assert len(outbox.outbox) == 2


def test_renewal_sent_twice_makes_one_link(client, sign_in, draft, editor):
    seat = invite(draft, editor, email="eva@e.se")
    desk, address, fields = sign_in(editor), f"/admin/review/{draft.pk}/{seat.pk}/", renewal(seat)

    renewed = link_in(desk.post(address, fields))
    again = desk.post(address, fields, follow=True)

    assert b"has got a new link already." in again.content
    assert (client.get(renewed).status_code, len(outbox.outbox)) == (200, 1)
    seat.refresh_from_db()
    assert f'name="mark" value="{seat.mark}"' in again.content.decode()


def test_mail_that_fails_is_told_and_the_link_is_there(sign_in, draft, editor, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1

    response = sign_in(editor).post(f"/admin/review/{draft.pk}/", invitation(email="bo@e.se"))

    assert b'class="error"' in response.content
    assert link_in(response)


def test_editor_renews_and_revokes(client, sign_in, draft, guest, editor):
    desk = sign_in(editor)

    renewed = link_in(desk.post(f"/admin/review/{draft.pk}/{guest.pk}/", renewal(guest)))
    opened = [client.get(address).status_code for address in (guest.path, renewed)]
    answer = desk.post(f"/admin/review/{draft.pk}/{guest.pk}/", {"revoke": "1"})

    assert opened == [410, 200]
    assert (answer.status_code, answer["Location"]) == (302, f"/admin/review/{draft.pk}/")
    assert client.get(renewed).status_code == 410


def test_list_tells_what_became_of_each_invitation(client, sign_in, draft, editor):
    opened, decided, revoked = (invite(draft, editor, name) for name in ("Bo", "Cia", "Disa"))
    client.get(opened.path)
    seats.decide(decided, "approved")
    seats.revoke(revoked, by=editor)

    page = sign_in(editor).get(f"/admin/review/{draft.pk}/").content.decode()

    rows = [
        " ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in re.findall(r"(?s)<tr>\s*<th scope=.row.*?</tr>", page)
    ]
    assert [row.split()[0] for row in rows] == ["Disa", "Cia", "Bo"]
    assert "Revoked never opened" in rows[0]
    assert "Approved, version 1" in rows[1]
    assert "Valid until" in rows[2]
    assert "never opened" not in rows[2]


def test_list_costs_the_same_however_many_were_invited(sign_in, draft, editor):
    client, costs = sign_in(editor), []

    for count in (1, 9):
        for number in range(count):
            invite(draft, editor, f"Gäst {number}")
        costs.append(queries_of(client, f"/admin/review/{draft.pk}/"))

    assert costs[0] == costs[1] <= 7
