"""Bans, listed words, and what the filter has learned from this site's own decisions."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Ban(models.Model):
    """Comments of a person, of a network or with links to a domain are held. Nothing here names the person."""

    class Kind(models.TextChoices):
        PERSON = "person", _("Person")
        NETWORK = "network", _("Network")
        DOMAIN = "domain", _("Domain")

    kind = models.CharField(_("kind"), max_length=7, choices=Kind.choices)
    key = models.BinaryField(max_length=16)  # keyed hash of the author key, the network key or the domain
    domain = models.CharField(_("domain"), max_length=253, blank=True)
    # Where it was decided: the desk names the person by it, as long as the comment has a name.
    comment = models.ForeignKey(
        "blog.Comment", null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("comment")
    )
    note = models.CharField(_("note for moderators"), max_length=500, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("moderator")
    )
    at = models.DateTimeField(_("time"), default=timezone.now)
    ends_at = models.DateTimeField(_("ends"), null=True, blank=True)
    lifted_at = models.DateTimeField(_("lifted"), null=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("lifted by")
    )

    class Meta:
        verbose_name = _("ban")
        verbose_name_plural = _("bans")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], condition=Q(lifted_at=None), name="ban_once"),
            models.CheckConstraint(
                condition=Q(kind="domain") & ~Q(domain="") | ~Q(kind="domain") & Q(domain=""),
                name="ban_of_a_domain_names_it",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.domain or self.pk}"


class ListedWord(models.Model):
    """A word, or several in a row, for which a comment is held: as a whole word, in its inflections too."""

    word = models.CharField(_("word"), max_length=80, unique=True)
    note = models.CharField(_("note for moderators"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("listed word")
        verbose_name_plural = _("listed words")
        ordering = ["word"]

    def __str__(self):
        return self.word


class Token(models.Model):
    """In how many comments of each kind a word stood, as a keyed hash: no comment's words can be read from it."""

    token = models.BigIntegerField(primary_key=True)
    spam = models.PositiveIntegerField(default=0)
    wanted = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("word of the filter")
        verbose_name_plural = _("words of the filter")

    def __str__(self):
        return f"{self.spam}:{self.wanted}"


class Lesson(models.Model):
    """The one row that says from how many comments the tokens were learned, and when."""

    spam = models.PositiveIntegerField(default=0)
    wanted = models.PositiveIntegerField(default=0)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("lesson of the filter")
        verbose_name_plural = _("lessons of the filter")

    def __str__(self):
        return f"{self.spam}:{self.wanted}"
