"""The mails of reviewing, in the site's language."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from blog import policy
from blog.appearance import look
from blog.posts.steps import hour
from blog.review.models import Note
from blog.web.addresses import on_site


def send_link(seat, address):
    """Mail the link to the invited person; OSError if the mail server does not take it.

    It is sent while the editor waits, not by a job: the link is to stand in no table.
    """
    with translation.override(settings.LANGUAGE_CODE):
        subject = _("Please read: %(title)s") % {"title": _in_one_line(seat.post.title)}
        text = _(
            "%(name)s,\n\n%(by)s asks you to read a draft on %(site)s before it is published:\n\n%(address)s\n\n"
            "The link is yours alone, and is valid until %(hour)s. Please do not pass it on.\n"
        ) % {
            "name": seat.name,
            "by": seat.asked_by or look.current().name,
            "site": look.current().name,
            "address": address,
            "hour": hour(seat.expires_at),
        }
    EmailMessage(subject, text, to=[seat.email]).send()


def tell_mentioned(note, person):
    """Mail a member of the staff that a note mentions them, if they may see the post still. Both are given by key."""
    note = Note.objects.select_related("post__pending").filter(pk=note).first()
    person = User.objects.filter(pk=person).exclude(email="").first()
    if note is None or person is None or not policy.may(person, "post.view", note.post):
        return
    with translation.override(settings.LANGUAGE_CODE):
        subject = _("%(name)s mentions you: %(title)s") % {
            "name": _in_one_line(note.name),
            "title": _in_one_line(note.post.title),
        }
        address = on_site(reverse("preview", args=[note.post_id]))
        text = f"{note.text}\n\n{address}#n{note.pk}\n"
    # Should a killed worker's mail be sent again, the reader's program sees that it is the same.
    message_id = f"<note-{note.pk}-{person.pk}@{urlsplit(settings.SITE_URL).hostname}>"
    EmailMessage(subject, text, to=[person.email], headers={"Message-ID": message_id}).send()


def _in_one_line(text):
    return " ".join(text.split())
