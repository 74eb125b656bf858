"""Review seats: inviting somebody without an account to read a draft, and what that person decides about it.

The address holds a key of 128 random bits and its signature; the database holds the key's hash. So a made-up address is
refused without a query, and neither a copy of the database nor the audit trail opens a draft.
"""

import secrets
from contextlib import suppress
from datetime import timedelta
from hashlib import sha256
from uuid import uuid5

from django.core import signing
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from blog.posts.events import Event, Kind
from blog.posts.models import Post
from blog.posts.workflow import IllegalTransition
from blog.review.models import Seat
from blog.web.addresses import on_site

KEY_BYTES = 16
VALID_FOR = timedelta(days=14)


class AlreadyDone(Exception):
    """The same form was sent before."""


class DeadLink(Exception):
    """The link was good a moment ago: it was revoked, or a newer version was saved."""


@transaction.atomic
def invite(post, *, name, email="", by, valid_for, form_key=None):
    """Return a new Seat for the newest version of `post`, and its key, which is stored nowhere; AlreadyDone."""
    post = _locked(post.pk)
    # Who goes back to the form and writes another name means another person.
    form_key = form_key and uuid5(form_key, f"{post.pk} {name} {email}")
    if form_key and Seat.objects.filter(form_key=form_key).exists():
        raise AlreadyDone
    key = secrets.token_urlsafe(KEY_BYTES)
    expires_at = timezone.now() + valid_for
    seat = Seat.objects.create(
        post=post, name=name, email=email, invited_by=by, key_hash=_hash(key), revision=post.head,
        expires_at=expires_at, form_key=form_key,
    )  # fmt: skip
    _record(post, Kind.INVITED, by=by, note=name)
    return seat, key


@transaction.atomic
def renew(seat, *, by, valid_for, mark=None):
    """Give the seat a new key, for the newest version, and return the Seat and the key. The old link is dead.

    `mark` is that of the link which the person saw, None if that is all one; AlreadyDone where there is a newer one.
    """
    post = _locked(seat.post_id)
    seat = Seat.objects.select_for_update().get(pk=seat.pk)
    if mark not in (None, seat.mark):
        raise AlreadyDone
    if seat.seen_at:  # what this person has seen: the new version is compared with it
        seat.seen_revision = seat.revision
    key = secrets.token_urlsafe(KEY_BYTES)
    seat.key_hash, seat.revision, seat.expires_at = _hash(key), post.head, timezone.now() + valid_for
    seat.seen_at = seat.revoked_at = None
    seat.invited_by = by
    seat.save(
        update_fields=[
            "key_hash", "revision", "expires_at", "seen_at", "seen_revision", "revoked_at", "invited_by",
        ]
    )  # fmt: skip
    _record(post, Kind.INVITED, by=by, note=seat.name)
    return seat, key


@transaction.atomic
def revoke(seat, *, by):
    """End the seat's link; return whether it was this call that did."""
    post = _locked(seat.post_id)
    ended = Seat.objects.filter(pk=seat.pk, revoked_at=None).update(revoked_at=timezone.now())
    if ended:
        _record(post, Kind.REVOKED, by=by, note=seat.name)
    return bool(ended)


def address_of(key):
    """Return the full address that opens the seat with this key."""
    return on_site(reverse("review", args=[_signer().sign(key)]))


def find(token, now=None):
    """Return the live Seat, with its post, that the last part of an address opens, or None. At most one query."""
    try:
        key = _signer().unsign(token)
    except signing.BadSignature:
        return None
    seats = (
        Seat.objects.live(now)
        .select_related("post__pending", "post__cover", "invited_by__byline")
        .defer("post__search")
    )
    return seats.filter(key_hash=_hash(key)).first()


def visit(seat, now=None):
    """Remember that the person has opened the link."""
    Seat.objects.filter(pk=seat.pk, key_hash=seat.key_hash).update(seen_at=now or timezone.now())


@transaction.atomic
def decide(seat, decision, note="", now=None):
    """Store what the person thinks of this version, once. A text in review for which changes are asked goes back.

    DeadLink; IllegalTransition where there is a decision on this version.
    """
    now = now or timezone.now()
    post = _locked(seat.post_id)  # nobody saves a newer version meanwhile
    seats = Seat.objects.filter(pk=seat.pk, key_hash=seat.key_hash, revoked_at=None, expires_at__gt=now)
    if post.head != seat.revision or not seats.exists():
        raise DeadLink
    undecided = seats.filter(~Q(decided_revision=seat.revision) | Q(decided_revision=None))
    if not undecided.update(decision=decision, decided_at=now, decided_revision=seat.revision):
        raise IllegalTransition(_("You have decided on this version already."))
    wants_changes = decision == Seat.Decision.CHANGES
    _record(post, Kind.OBJECTED if wants_changes else Kind.ENDORSED, by=seat, note=note)
    if wants_changes:
        with suppress(IllegalTransition):  # the text is not in review
            post.newest.request_changes(note, by=seat)


def _record(post, kind, **columns):
    Event.record(post, kind, to_status=post.newest.status, of_update=post.newest is not post, **columns)


def _locked(key):
    return Post.objects.locked().get(pk=key)


def _hash(key):
    return sha256(key.encode()).hexdigest()


def _signer():
    # The dot: a colon at the end of a word is where some mail programs cut an address.
    return signing.Signer(salt="blog.review.seats", sep=".")
