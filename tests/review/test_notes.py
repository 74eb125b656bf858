"""Notes on drafts: stored once, in their places, and mailed to those whom they mention."""

from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.core import mail as outbox
from procrastinate.contrib.django.models import ProcrastinateJob

from blog import tasks
from blog.review import notes
from blog.review.models import Note
from blog.review.reading import read
from tests.factories import make_post, make_user
from tests.review.conftest import BODY, invite, rewrite, write


def places(post, number=None, seat=None):
    """The texts of the threads, by where they stand."""
    reading = read(post, post.head if number is None else number, seat)
    paragraphs = [[note.text for note in paragraph.threads] for paragraph in reading.paragraphs]
    return [*paragraphs, [note.text for note in reading.general], [note.text for note in reading.earlier]]


def mailed():
    """Run the jobs of mentions, and return who got a mail."""
    for job in ProcrastinateJob.objects.filter(task_name="blog.tasks.tell_mentioned"):
        tasks.tell_mentioned(**job.args)
    return sorted(message.to[0] for message in outbox.outbox)


def test_form_sent_twice_is_one_note(draft, editor):
    key = uuid4()

    first = write(draft, editor, "Stryk @editor.", form_key=key)
    again = write(draft, editor, "Stryk @editor.", form_key=key)
    other = write(draft, editor, "Eller nej.", form_key=key)  # written after going back to the form

    assert (first == again, list(Note.objects.order_by("pk"))) == (True, [first, other])


def test_reviewer_writes_so_many_notes_and_no_more(draft, guest, monkeypatch):
    monkeypatch.setattr(notes, "SEAT_NOTES", 2)
    write(draft, guest)
    write(draft, guest, "Och det.")

    with pytest.raises(notes.TooMany):
        write(draft, guest, "Och detta.")

    assert Note.objects.count() == 2


# --- Places


def test_note_stands_by_its_paragraph(draft, editor):
    write(draft, editor, "Om andra.", block=2, quote="kolon")
    write(draft, editor, "Om allt.")

    assert places(draft) == [[], ["Om andra."], ["Om allt."], []]


def test_note_follows_its_words_into_the_newest_text(draft, editor):
    write(draft, editor, "Om ord.", block=2, quote="en trumpet")
    write(draft, editor, "Om borttaget.", block=1, quote="en paus")
    rewrite(draft, "<p>Nytt först.</p><p>Ett kolon är nog en trumpet.</p>")

    assert places(draft) == [[], ["Om ord."], [], ["Om borttaget."]]
    assert places(draft, 1) == [["Om borttaget."], ["Om ord."], [], []]


def test_note_on_words_that_are_there_twice_stands_at_the_nearest(draft, editor):
    rewrite(draft, "<p>Ja.</p><p>Nej.</p><p>Ja.</p>")
    write(draft, editor, "Om ja.", block=3, quote="Ja.")
    rewrite(draft, "<p>Ja.</p><p>Nej.</p><p>Jo.</p><p>Ja.</p>")

    assert places(draft) == [[], [], [], ["Om ja."], [], []]


def test_words_that_do_not_stand_in_the_paragraph_are_not_put_in_its_mouth(draft):
    reading = read(draft, 1)

    assert reading.quoted(1, " Ett \n kommatecken ") == "Ett kommatecken"
    assert reading.quoted(1, "en trumpet") == "Ett kommatecken är en paus."
    assert reading.quoted(None, "en trumpet") == ""


def test_guest_sees_own_threads_and_the_answers_there(draft, guest, editor):
    own = write(draft, guest, "Min.", block=1)
    write(draft, editor, "Svar.", parent=own)
    write(draft, editor, "Internt.", block=1)
    write(draft, invite(draft, editor, "Bo"), "Bos.")

    reading = read(draft, 1, guest)

    assert places(draft, seat=guest) == [["Min."], [], [], []]
    assert [answer.text for answer in reading.paragraphs[0].threads[0].answers] == ["Svar."]
    assert places(draft) == [["Min.", "Internt."], [], ["Bos."], []]


def test_answer_to_nothing_that_is_seen_is_left_out(draft, guest, editor):
    write(draft, guest, "Svar.", parent=write(draft, editor, "Internt."))

    assert places(draft, seat=guest) == [[], [], [], []]


# --- Resolving


def test_thread_is_resolved_by_who_is_first(draft, editor, moderator):
    note = write(draft, editor)
    write(draft, editor, "Svar.", parent=note)
    before = notes.open_notes(draft)

    notes.resolve(note, by=editor)
    notes.resolve(note, by=moderator)

    note.refresh_from_db()
    assert (before, notes.open_notes(draft), note.resolved_by) == (1, 0, editor)
    notes.reopen(note)
    note.refresh_from_db()
    assert (notes.open_notes(draft), note.resolved_at, note.resolved_by) == (1, None, None)


# --- Mentions


@pytest.mark.parametrize(
    ("username", "text"),
    [
        ("åsa.öberg-ek", "Vad säger @åsa.öberg-ek?"),
        ("åsa.öberg-ek", "Fråga @Åsa.Öberg-Ek."),
        ("asa", "(@asa), ja"),
        ("a@b.se", "Till @a@b.se."),
        ("åsa", "Till @a\u030asa, med ringen för sig."),
    ],
)
def test_mention_reaches_the_person(draft, editor, username, text):
    person = make_user("editor", username)

    assert notes.mentioned(text, draft, by=editor) == [person]


@pytest.mark.parametrize("text", ["asa", "asa@asa", "x@asa.se", "@asas", "@ asa", "@", "@@"])
def test_other_words_reach_nobody(draft, editor, text):
    make_user("editor", "asa")

    assert notes.mentioned(text, draft, by=editor) == []


def test_mention_reaches_only_who_may_see_the_post(draft, editor, moderator, author):
    own = make_post("Egen", created_by=author)
    former = make_user("editor", "former")
    User.objects.filter(pk=former.pk).update(is_staff=False)
    User.objects.create_user("reader", "reader@e.se")
    nameless = make_user("editor", "nameless")
    User.objects.filter(pk=nameless.pk).update(email="")
    text = "@author @moderator @former @reader @nameless @editor @nobody"

    assert notes.mentioned(text, draft, by=editor) == [moderator]
    assert notes.mentioned(text, own, by=editor) == [author, moderator]


def test_mention_is_mailed_once(draft, editor, moderator):
    key = uuid4()

    for _ in range(2):
        note = write(draft, editor, "@moderator, @moderator!", form_key=key)

    assert mailed() == ["moderator@blog.example"]
    message = outbox.outbox[0]
    assert f"/preview/{draft.pk}/#n{note.pk}" in message.body
    assert message.extra_headers["Message-ID"] == f"<note-{note.pk}-{moderator.pk}@127.0.0.1>"


def test_guest_mails_nobody(draft, guest, moderator):
    write(draft, guest, "@moderator")

    assert mailed() == []


def test_mail_is_not_sent_to_who_has_lost_the_right_meanwhile(draft, editor, moderator):
    write(draft, editor, "@moderator")
    User.objects.filter(pk=moderator.pk).update(is_active=False)

    assert mailed() == []


def test_title_with_line_ends_makes_a_mail(editor, moderator):
    post = make_post("Rad ett\nBcc: x@e.se", created_by=editor)

    write(post, editor, "@moderator")

    assert mailed() == ["moderator@blog.example"]
    assert "\n" not in outbox.outbox[0].subject


# --- Costs


@pytest.mark.parametrize("count", [1, 20])
def test_reading_costs_the_same_however_many_notes(draft, guest, editor, django_assert_num_queries, count):
    for number in range(count):
        write(draft, editor, "Svar.", parent=write(draft, guest, str(number), block=1 + number % 2))

    with django_assert_num_queries(3):  # the version, its bylines, the notes
        places(draft)
    with django_assert_num_queries(3):
        places(draft, seat=guest)


def test_body_stays_as_it_was(draft):
    assert "".join(each.html for each in read(draft, 1).paragraphs) == BODY.replace("<p>", '<p id="b1">', 1).replace(
        "<p>", '<p id="b2">', 1
    )
