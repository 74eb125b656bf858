"""What somebody with a review link sees and can send, and what everybody else does not."""

import re
from datetime import timedelta
from uuid import uuid4

import html5lib
import pytest
from django.test import Client
from django.utils import timezone

from blog.editing import saving
from blog.posts import revisions
from blog.review import notes, seats
from blog.review.models import Note, Seat
from blog.web.logs import HideKeys
from tests.factories import make_byline, make_post
from tests.review.conftest import BODY, invite, path_of, queries_of, rewrite, write

INLINE = re.compile(rb"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=", re.IGNORECASE)
CANARY = "kanariefågel"


def note_fields(text="Stryk det.", **fields):
    return {"text": text, "form_key": str(uuid4())} | fields


def end(seat, how, editor):
    """Make the seat's link one that is not good any more."""
    if how == "expired":
        Seat.objects.filter(pk=seat.pk).update(expires_at=timezone.now())
    elif how == "revoked":
        seats.revoke(seat, by=editor)
    elif how == "newer":
        rewrite(seat.post, BODY + "<p>Nytt.</p>")
    elif how == "deleted":
        seat.post.delete()
    else:
        seat.path = seat.path[:-3] + ("ab/" if seat.path[-3:] != "ab/" else "cd/")


ENDS = ["expired", "revoked", "newer", "deleted", "forged"]


def test_guest_reads_the_draft_as_it_will_look(client, draft, guest, editor):
    draft.tags.add("Språk")
    response = client.get(guest.path)
    page = response.content.decode()

    assert response.status_code == 200
    assert "<h1>Hemlig rubrik</h1>" in page
    assert '<p id="b2">Ett kolon är en trumpet.</p>' in page
    assert "Eva Gäst" in page
    html5lib.HTMLParser(strict=True).parse(page)
    assert not INLINE.search(response.content)
    guest.refresh_from_db()
    assert guest.seen_at is not None


@pytest.mark.parametrize("how", [None, *ENDS])
@pytest.mark.parametrize(("method", "part"), [("get", ""), ("post", "notes/"), ("post", "decision/")])
def test_every_answer_is_kept_from_caches_other_sites_and_search_engines(client, guest, editor, how, method, part):
    if how:
        end(guest, how, editor)

    response = getattr(client, method)(guest.path + part, note_fields(decision="approved"))

    assert "no-store" in response["Cache-Control"]
    assert response["Referrer-Policy"] == "no-referrer"
    assert response["X-Robots-Tag"] == "noindex, nofollow, noarchive"
    assert "'unsafe-inline'" not in response["Content-Security-Policy"]
    assert set(response.cookies) <= {"wrote"}  # which says nothing of whose, for ten seconds


@pytest.mark.parametrize("how", ENDS)
def test_dead_link_tells_nothing_and_takes_nothing(client, editor, how):
    byline = make_byline(CANARY)
    content = {"standfirst": CANARY, "sign_off": CANARY, "body": f'<p>{CANARY}</p><img src="/x.png" alt="{CANARY}">'}
    post = make_post(CANARY, tags=[CANARY], bylines=[byline], created_by=editor, **content)
    seat = invite(post, editor, CANARY)
    write(post, seat, CANARY)
    alive = client.get(seat.path).content.decode()
    end(seat, how, editor)

    answers = [
        client.get(seat.path),
        client.post(seat.path + "notes/", note_fields()),
        client.post(seat.path + "decision/", {"decision": "changes", "note": "Nej."}),
    ]

    assert CANARY in alive
    pages = [answer.content.decode() for answer in answers]
    assert [answer.status_code for answer in answers] == [410] * 3
    assert not [page for page in pages if CANARY in page or "kanariefagel" in page or "editor" in page]
    assert ["Stryk det." in pages[1], "Nej." in pages[2]] == [True, True]  # what was written is given back
    assert not Note.objects.exclude(text=CANARY).exists()
    assert not Seat.objects.exclude(decision="").exists()
    html5lib.HTMLParser(strict=True).parse(pages[1])


def test_hostile_words_are_shown_as_words(client, editor):
    hostile = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'&{{ seat }}"
    post = make_post(hostile[:200], standfirst=hostile, body=BODY, created_by=editor)
    seat = invite(post, editor, hostile)
    write(post, seat, hostile, block=1, quote=hostile)

    response = client.get(seat.path)
    errors = client.post(seat.path + "notes/", note_fields(hostile, block="7", quote=hostile))

    for answer in (response, errors):
        assert not INLINE.search(answer.content.replace(b"&lt;img src=x onerror", b""))
        assert b"<img src=x" not in answer.content
        html5lib.HTMLParser(strict=True).parse(answer.content.decode())
    assert response.content.count(b"&lt;script&gt;") >= 4


# --- Notes


def test_guest_writes_a_note_on_some_words(client, draft, guest):
    response = client.post(guest.path + "notes/", note_fields("Säkert?\r\nJa?", block="2", quote="en  trumpet"))

    note = Note.objects.get()
    assert (response.status_code, response["Location"]) == (302, f"{guest.path}#n{note.pk}")
    assert (note.post, note.revision, note.block, note.quote) == (draft, 1, 2, "en trumpet")
    assert (note.text, note.seat, note.user, note.name) == ("Säkert?\nJa?", guest, None, "Eva Gäst")
    page = client.get(guest.path).content.decode()
    assert '<blockquote lang="sv">en trumpet</blockquote>' in page


def test_guest_answers_in_an_own_thread(client, draft, guest, editor):
    own = write(draft, guest, block=1)

    client.post(guest.path + "notes/", note_fields("Mer.", parent=own.pk))

    assert Note.objects.get(text="Mer.").parent == own


def test_double_click_writes_one_note(client, guest):
    fields = note_fields()

    answers = [client.post(guest.path + "notes/", fields)["Location"] for _ in range(2)]

    assert (len(set(answers)), Note.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    "fields",
    [
        {"text": ""},
        {"text": " \u200b\n"},
        {"text": "x" * 5001},
        {"block": "3"},
        {"block": "0"},
        {"block": "-1"},
        {"block": "9" * 30},
        {"block": "x"},
        {"parent": "0"},
        {"parent": "9" * 30},
        {"form_key": ""},
        {"form_key": "x"},
    ],
)
def test_note_that_cannot_be_stored_is_given_back(client, guest, fields):
    response = client.post(guest.path + "notes/", note_fields() | fields)

    assert (response.status_code, Note.objects.count()) == (422, 0)
    assert 'class="errorlist"' in response.content.decode()
    assert "text" in fields or "Stryk det." in response.content.decode()


def test_guest_cannot_answer_what_is_not_theirs(client, draft, guest, editor):
    other = make_post("En annan", body=BODY * 3, created_by=editor)
    theirs = [write(draft, editor), write(other, editor), write(other, invite(other, editor))]

    answers = [client.post(guest.path + "notes/", note_fields(parent=note.pk)) for note in theirs]

    assert [answer.status_code for answer in answers] == [422] * 3
    assert Note.objects.count() == 3


def test_too_many_notes_are_refused_in_words(client, guest, monkeypatch):
    monkeypatch.setattr(notes, "SEAT_NOTES", 1)
    client.post(guest.path + "notes/", note_fields("Ett."))

    response = client.post(guest.path + "notes/", note_fields("Två."))

    assert (response.status_code, Note.objects.count()) == (422, 1)
    assert "Två." in response.content.decode()


@pytest.mark.parametrize(
    ("query", "label"), [("?block=2", "paragraph"), ("?block=3", "whole"), ("?block=x&reply=y", "whole"), ("", "whole")]
)
def test_form_stands_where_the_address_says_without_a_script(client, guest, query, label):
    page = client.get(guest.path + query).content.decode()

    assert page.count('id="note"') == 1
    assert (page.index('id="note"') < page.index('class="remarks"')) == (label == "paragraph")


# --- The decision


def test_guest_approves(client, guest, draft):
    response = client.post(guest.path + "decision/", {"decision": "approved", "note": ""})

    guest.refresh_from_db()
    assert (response.status_code, response["Location"]) == (302, f"{guest.path}#decision")
    assert (guest.decision, guest.decided_revision) == ("approved", 1)
    assert "decision/" not in client.get(guest.path).content.decode()


def test_guest_asks_for_changes(client, guest, draft):
    draft.submit()

    client.post(guest.path + "decision/", {"decision": "changes", "note": "Kolla namnet."})

    draft.refresh_from_db()
    assert draft.status == "changes_requested"


@pytest.mark.parametrize("fields", [{"decision": "changes", "note": " "}, {"decision": "publish"}, {}])
def test_decision_that_says_too_little_is_asked_for_again(client, guest, fields):
    page = client.get(guest.path).text
    response = client.post(guest.path + "decision/", fields)

    assert f'action="{guest.path}decision/#decision"' in page  # the browser shows the answer there
    assert ('aria-invalid="true"' in response.text) == bool(fields.get("note"))
    guest.refresh_from_db()
    assert (response.status_code, guest.decision) == (422, "")


@pytest.mark.parametrize(
    ("person", "byline", "shown"),
    [("", "", "editor"), ("Elin", "", "Elin"), ("Elin", "Elin B. Ask", "Elin B. Ask")],
)
def test_guest_reads_who_asked_by_the_name_that_readers_know(client, guest, editor, person, byline, shown):
    type(editor).objects.filter(pk=editor.pk).update(first_name=person)
    if byline:
        make_byline(byline, user=editor)

    page = client.get(guest.path).text

    assert (Seat.objects.get().asked_by, shown in page) == (shown, True)


def test_note_in_the_text_can_be_left(client, guest):
    assert f'<a href="{guest.path}#b2">' in client.get(f"{guest.path}?block=2").text


def test_second_decision_is_refused_in_words(client, guest):
    client.post(guest.path + "decision/", {"decision": "approved"})

    response = client.post(guest.path + "decision/", {"decision": "changes", "note": "Nej."})

    guest.refresh_from_db()
    assert (response.status_code, guest.decision) == (422, "approved")


def test_what_changes_something_is_no_get(client, guest):
    answers = [client.get(guest.path + part) for part in ("notes/", "decision/")] + [client.post(guest.path)]

    assert [answer.status_code for answer in answers] == [405] * 3


def test_link_works_where_a_browser_hides_where_the_form_stood(guest):
    strict = Client(enforce_csrf_checks=True, headers={"origin": "null"})

    assert strict.post(guest.path + "notes/", note_fields()).status_code == 302


# --- Versions


def test_guest_is_shown_what_changed_since_the_last_visit(client, guest, draft, editor):
    first = client.get(guest.path).content.decode()
    rewrite(draft, BODY.replace("trumpet", "fanfar"))
    _seat, key = seats.renew(guest, by=editor, valid_for=timedelta(days=1))

    for _visit in range(2):  # reading it again forgets nothing
        page = client.get(path_of(key)).content.decode()
        assert re.search(r"<del>trumpet\.?</del>\s*<ins>fanfar\.?</ins>", page)
    assert "<ins>" not in first


def test_changed_title_is_among_what_changed(client, guest, draft, editor):
    client.get(guest.path)
    content = revisions.content_of(draft) | {"title": "Öppen <rubrik>", "standfirst": "Ingress."}
    saving.save(draft, content, base=1, by=editor)
    _seat, key = seats.renew(guest, by=editor, valid_for=timedelta(days=1))

    page = client.get(path_of(key)).content.decode()

    changes = page[page.index('class="changes"') : page.index("</details>")]
    assert [words in changes for words in ("<del>Hemlig", "<ins>Öppen", "&lt;rubrik&gt;", "<ins>Ingress")] == [True] * 4


def test_text_that_is_the_same_again_shows_no_changes(client, guest, draft, editor):
    client.get(guest.path)
    rewrite(draft, BODY)
    _seat, key = seats.renew(guest, by=editor, valid_for=timedelta(days=1))

    assert 'class="changes"' not in client.get(path_of(key)).content.decode()


def test_guest_reads_the_pending_text_of_a_public_post(client, draft, editor):
    draft.approve()
    number = revisions.record(draft, revisions.content_of(draft) | {"body": "<p>Uppdaterat.</p>"})
    seat = invite(draft, editor)

    page = client.get(seat.path).content.decode()

    assert (seat.revision, "Uppdaterat." in page, "kolon" in page) == (number, True, False)


def test_page_costs_the_same_however_many_notes(client, draft, guest):
    costs = []

    for count in (1, 19):
        for number in range(count):
            write(draft, guest, f"{count} {number}", block=1 + number % 2)
        costs.append(queries_of(client, guest.path))

    assert costs[0] == costs[1] <= 10


def test_key_does_not_stand_in_the_log(client, guest, caplog, settings):
    client.post(guest.path + "notes/", note_fields(""))

    [record] = [record for record in caplog.records if record.name == "blog.web.requests"]
    HideKeys().filter(record)
    assert record.getMessage() == "POST /review/…/notes/ 422"
    assert [handler["filters"] for handler in settings.LOGGING["handlers"].values()] == [["hide_keys"]]
