"""Mails that are written now and sent by a job, tried again while the mail server does not take them."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from procrastinate.contrib.django import app


def post_letter(key, subject, text, to):
    """Have a mail sent once to the address `to`; it leaves if the present transaction is committed.

    `key` is what it is about, unique among all mails. It becomes the Message-ID: should a killed worker's mail be sent
    again, the reader's program sees that it is the same.
    """
    subject = " ".join(subject.split())
    app.configure_task("blog.tasks.send_letter").defer(key=key, subject=subject, text=text, to=to)


def send(key, subject, text, to):
    message_id = f"<{key}@{urlsplit(settings.SITE_URL).hostname}>"
    EmailMessage(subject, text, to=[to], headers={"Message-ID": message_id}).send()
