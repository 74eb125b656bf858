"""Notes on drafts: writing them once, resolving them, and telling the staff who are mentioned."""

import re
import unicodedata
from uuid import uuid5

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import app

from blog import policy
from blog.review.models import Note, Seat

SEAT_NOTES = 500
TEXT_CHARACTERS = 5000
QUOTE_CHARACTERS = 500
# A user name holds letters, digits and @ . + - _; what ends a sentence is cut off below.
MENTION = re.compile(r"(?<![\w@.+-])@([\w@.+-]+)")


class TooMany(Exception):
    """An invited reviewer has written so many notes that no more are taken; the message says so."""


@transaction.atomic
def write(post, *, by, text, revision, form_key, block=None, quote="", parent=None):
    """Return the Note on one version of `post`, and the people of the staff who get a mail because it mentions them.

    `by` is an account or a Seat. `parent` is the note that begins the thread. The same words sent twice with one form
    are one note, and mails go once. TooMany.
    """
    seat = by if isinstance(by, Seat) else None
    if seat and seat.notes.count() >= SEAT_NOTES:
        raise TooMany(_("That is %(count)s notes: no more are taken here.") % {"count": SEAT_NOTES})
    user = None if seat else by
    note, is_new = Note.objects.get_or_create(
        # Who goes back to the form and writes something else means another note.
        form_key=uuid5(form_key, f"{post.pk} {block} {parent and parent.pk} {text}"),
        defaults={
            "post": post, "revision": revision, "block": block, "quote": quote, "parent": parent, "text": text,
            "user": user, "seat": seat, "name": seat.name if seat else by.get_full_name() or by.get_username(),
        },
    )  # fmt: skip
    people = mentioned(text, post, by=user) if user else []
    if is_new:
        for person in people:
            app.configure_task("blog.tasks.tell_mentioned").defer(note=note.pk, person=person.pk)
    return note, people


def mentioned(text, post, *, by):
    """Return those of the staff whom `@name` in a text means: not its writer, and only who may see the post."""
    names = {form for name in MENTION.findall(unicodedata.normalize("NFKC", text)) for form in _forms(name.lower())}
    if not names:
        return []
    staff = User.objects.filter(is_active=True, is_staff=True).exclude(Q(email="") | Q(pk=by.pk))
    people = staff.annotate(lower=Lower("username")).filter(lower__in=names).order_by("username")
    return [person for person in people if policy.may(person, "post.view", post)]


def _forms(name):
    # "@per.svensson." at the end of a sentence; a name may end in a dot all the same.
    return {name, name.rstrip(".-+@")}


def resolve(note, *, by):
    """Mark a thread as done; whoever does it first stands there."""
    Note.objects.open().filter(pk=note.pk).update(resolved_at=timezone.now(), resolved_by=by)


def reopen(note):
    Note.objects.filter(pk=note.pk, parent=None).update(resolved_at=None, resolved_by=None)


def open_notes(post):
    """Return how many threads on the post nobody has resolved. One query."""
    return post.notes.open().count()


def threads(post, seat=None):
    """Return the notes on the post that begin a thread, oldest first, each with its `answers`. One query.

    A Seat sees its own threads: what the staff say among themselves is not for it.
    """
    notes = post.notes.order_by("pk")
    if seat:
        notes = notes.filter(Q(seat=seat, parent=None) | Q(parent__seat=seat))
    begun = {}
    for note in notes:
        note.answers = []
        if note.parent_id is None:
            begun[note.pk] = note
        elif note.parent_id in begun:
            begun[note.parent_id].answers.append(note)
    return list(begun.values())
