"""Mails that are written now and sent by a job, tried again while the mail server does not take them.

The job holds the mail's key only: what is in a queue's table or a log names nobody.
"""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from procrastinate.contrib.django import app

from blog.web.models import Letter


def post_letter(key, subject, text, to, headers=None, html=""):
    """Have a mail sent once to the address `to`; it leaves if the present transaction is committed.

    `html` says the same as `text`, for programs that show it.

    `key` is what it is about, unique among all mails. It becomes the Message-ID: should a killed worker's mail be sent
    again, the reader's program sees that it is the same.
    """
    values = {"to": to, "subject": header_text(subject), "text": text, "html": html, "headers": headers or {}}
    letter, is_new = Letter.objects.get_or_create(key=key, defaults=values)
    if is_new:
        app.configure_task("blog.tasks.send_letter").defer(letter=letter.pk)


@transaction.atomic
def send(key):
    """Send the Letter with this primary key, and forget it; nothing is sent for one that is gone."""
    # Locked until it is sent: whoever takes it back meanwhile, as erasing does, finds it gone and writes no second one.
    letter = Letter.objects.select_for_update().filter(pk=key).first()
    if letter is None:
        return
    message_id = f"<{letter.key}@{urlsplit(settings.SITE_URL).hostname}>"
    headers = letter.headers | {"Message-ID": message_id}
    mail = EmailMultiAlternatives(letter.subject, letter.text, to=[letter.to], headers=headers)
    if letter.html:
        mail.attach_alternative(letter.html, "text/html")
    mail.send()
    letter.delete()


def header_text(text):
    """Return a person's words as one line that a mail program shows as they are.

    "=?" would begin an encoded word (RFC 2047), behind which a line end and a further header could hide: an invisible
    space parts it, and what is not ASCII is encoded by ourselves.
    """
    return " ".join(text.split()).replace("=?", "=\u2060?")
