"""Review seats and notes."""

from django.conf import settings
from django.db import models
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from blog.posts.models import Post

MARK_CHARACTERS = 8  # of 64


class SeatQuerySet(models.QuerySet):
    def live(self, now=None):
        """Seats whose link is still good: the newest version is the one that the person was asked to read."""
        return self.filter(revoked_at=None, expires_at__gt=now or Now(), revision=F("post__head"))


class Seat(models.Model):
    """A person without an account who may read one version of a post before it is public, by a secret link.

    Only the hash of the link's key is stored. A newer version needs a new link: the seat stays, with a new key, and
    remembers what this person saw last.
    """

    class Decision(models.TextChoices):
        APPROVED = "approved", _("Approved")
        CHANGES = "changes", _("Asked for changes")

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="seats", verbose_name=_("post"))
    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("e-mail"), blank=True, help_text=_("The link is sent there. Empty: you send it."))
    key_hash = models.CharField(max_length=64, unique=True, editable=False)
    revision = models.PositiveIntegerField(_("version"), editable=False)
    expires_at = models.DateTimeField(_("valid until"))
    revoked_at = models.DateTimeField(_("revoked"), null=True, editable=False)
    seen_revision = models.PositiveIntegerField(null=True, editable=False)  # the version of the last visit
    seen_at = models.DateTimeField(_("last visit"), null=True, editable=False)
    decision = models.CharField(_("decision"), max_length=10, choices=Decision.choices, blank=True, editable=False)
    decided_at = models.DateTimeField(_("decided"), null=True, editable=False)
    decided_revision = models.PositiveIntegerField(null=True, editable=False)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    created_at = models.DateTimeField(_("invited"), default=timezone.now, editable=False)
    # Of the form in which the person was invited: sent twice, it is one invitation.
    form_key = models.UUIDField(null=True, unique=True, editable=False)

    objects = SeatQuerySet.as_manager()

    class Meta:
        verbose_name = _("review seat")
        verbose_name_plural = _("review seats")
        ordering = ["-pk"]

    def __str__(self):
        return self.name

    @property
    def asked_by(self):
        """The name of the person who invited, as readers know it; "" when their account is gone."""
        person = self.invited_by
        return str(getattr(person, "byline", None) or person.get_full_name() or person.get_username()) if person else ""

    @property
    def mark(self):
        """What tells the present link from the next one, and opens nothing."""
        return self.key_hash[:MARK_CHARACTERS]

    @property
    def has_decided(self):
        """Whether this person has decided on the version that the link is for."""
        return self.decided_revision == self.revision

    @property
    def link_state(self):
        """In words, whether the link is good, and until when or why not."""
        if self.revoked_at:
            return _("Revoked")
        if self.revision != self.post.head:
            return _("Ended: version %(number)s is newer") % {"number": self.post.head}
        state = _("Ended %(hour)s") if self.expires_at <= timezone.now() else _("Valid until %(hour)s")
        return state % {"hour": date_format(timezone.localtime(self.expires_at), "j F Y H:i")}


class NoteQuerySet(models.QuerySet):
    def open(self):
        """Threads that nobody has resolved, by their first notes."""
        return self.filter(parent=None, resolved_at=None)


class Note(models.Model):
    """A remark on a draft, anchored to a paragraph or some words of one version, with its replies."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="notes", verbose_name=_("post"))
    revision = models.PositiveIntegerField(_("version"))
    block = models.PositiveIntegerField(_("paragraph"), null=True, blank=True)  # 1-based; None: the whole text
    quote = models.CharField(_("words"), max_length=500, blank=True)
    text = models.TextField(_("note"), max_length=5000)
    parent = models.ForeignKey("self", null=True, on_delete=models.CASCADE, related_name="replies")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    seat = models.ForeignKey(Seat, null=True, on_delete=models.SET_NULL, related_name="notes")
    name = models.CharField(_("name"), max_length=200)
    at = models.DateTimeField(_("time"), default=timezone.now)
    resolved_at = models.DateTimeField(_("resolved"), null=True)
    resolved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    # Of the form in which it was written: sent twice, it is one note.
    form_key = models.UUIDField(null=True, unique=True, editable=False)

    objects = NoteQuerySet.as_manager()

    answers: list  # to the first note of a thread, from notes.threads
    is_about_all: bool  # of its paragraph, not about some words of it; from reading.lay_out

    class Meta:
        verbose_name = _("note on a draft")
        verbose_name_plural = _("notes on drafts")
        ordering = ["pk"]

    def __str__(self):
        return self.text[:80]
