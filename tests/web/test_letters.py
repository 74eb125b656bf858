"""Mails that wait to be sent: once, by a job that names nobody, with nothing slipped into their headers."""

import json
from email import message_from_bytes, policy

import pytest
from django.core import mail
from django.db import connection, transaction

from blog.web import letters
from blog.web.letters import header_text, post_letter
from blog.web.models import Letter
from tests.factories import send_letters

pytestmark = pytest.mark.django_db


def write(key="receipt-1", subject="Din kommentar", **fields):
    post_letter(key, subject, "Hej!", "anna@blog.example", **fields)


def jobs():
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name, args FROM procrastinate_jobs")
        return [(name, args if isinstance(args, dict) else json.loads(args)) for name, args in cursor.fetchall()]


def test_letter_is_sent_to_its_address_and_forgotten():
    write(headers={"List-Unsubscribe": "<https://blog.example/mute/x/>"})

    assert send_letters() == 1

    [sent] = mail.outbox
    assert (sent.to, sent.subject, sent.body) == (["anna@blog.example"], "Din kommentar", "Hej!")
    assert sent.message().get_content_type() == "text/plain"
    assert sent.extra_headers["List-Unsubscribe"] == "<https://blog.example/mute/x/>"
    assert not Letter.objects.exists()


def test_message_id_is_the_same_if_it_is_sent_again(settings):
    settings.SITE_URL = "https://blog.example"
    write()
    [letter] = Letter.objects.all()

    letters.send(letter.pk)
    letter.save(force_insert=True)  # as if the worker had been killed between sending and forgetting
    letters.send(letter.pk)

    assert [sent.extra_headers["Message-ID"] for sent in mail.outbox] == ["<receipt-1@blog.example>"] * 2


def test_letter_is_written_once_however_often_it_is_asked_for():
    write()
    write(subject="En gång till")

    assert list(Letter.objects.values_list("subject", flat=True)) == ["Din kommentar"]
    assert len(jobs()) == 1


def test_job_names_nobody():
    write()

    assert jobs() == [("blog.tasks.send_letter", {"letter": Letter.objects.get().pk})]


def test_letter_of_what_came_to_nothing_is_never_sent():
    with transaction.atomic():
        write()
        transaction.set_rollback(True)

    assert (Letter.objects.count(), jobs()) == (0, [])


def test_nothing_is_sent_for_a_letter_that_was_erased():
    write()
    key = Letter.objects.get().pk
    Letter.objects.all().delete()

    letters.send(key)

    assert mail.outbox == []


def test_letter_stays_while_the_mail_server_does_not_take_it(monkeypatch):
    write()

    def refuse(mail):
        raise ConnectionRefusedError

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
    with pytest.raises(ConnectionRefusedError):
        letters.send(Letter.objects.get().pk)

    assert Letter.objects.count() == 1


HOSTILE = [
    "Anna\r\nBcc: alla@blog.example",
    "Anna\nBcc: alla@blog.example",
    "Anna\rBcc: alla@blog.example",
    "Anna\u2028Bcc: alla@blog.example",
    "Anna\x85Bcc: alla@blog.example",
    "Anna\x0bBcc: alla@blog.example",
    "=?utf-8?q?Anna=0D=0ABcc:_alla@blog.example?=",
    "=?utf-8?b?QQ0KQmNjOiBhbGxhQGJsb2cuZXhhbXBsZQ==?=",
    "å =?utf-8?q?=0ABcc:_alla@blog.example?=",
    "=\n?utf-8?q?=0ABcc:_alla@blog.example?=",
    "=?=?utf-8?q?=0ABcc:_alla@blog.example?=?=",
]


@pytest.mark.parametrize("title", HOSTILE)
def test_no_subject_brings_a_header_along(title):
    write(subject=f"Om “{title}”")

    send_letters()

    source = mail.outbox[0].message().as_bytes()
    message = message_from_bytes(source, policy=policy.default)
    assert "Bcc" not in message
    assert b"\nBcc" not in source.replace(b"\r", b"\n")
    assert not {"\r", "\n"} & set(message["Subject"])
    assert message["Subject"].strip() == header_text(f"Om “{title}”")


@pytest.mark.parametrize("text", ["Om kommatecken", "Räksmörgås 🦐", "a=b? ja", "1 < 2 & 3"])
def test_header_text_keeps_what_people_write(text):
    assert header_text(text) == text
