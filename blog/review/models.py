"""Review seats and notes."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from blog.posts.models import Post


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

    class Meta:
        verbose_name = _("review seat")
        verbose_name_plural = _("review seats")
        ordering = ["-pk"]

    def __str__(self):
        return self.name


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

    class Meta:
        verbose_name = _("note on a draft")
        verbose_name_plural = _("notes on drafts")
        ordering = ["pk"]

    def __str__(self):
        return self.text[:80]
