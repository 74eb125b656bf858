"""Readers' addresses and what they follow; former texts of comments; appeals."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from blog.comments.models import Scope
from blog.web.languages import languages


class Address(models.Model):
    """An e-mail address of a reader, as far as mails to it go. Nothing is trusted because of it."""

    class Pace(models.TextChoices):
        HOUR = "hour", _("at most one mail an hour")
        DAY = "day", _("at most one mail a day")

    email = models.EmailField(_("e-mail"), unique=True)  # in lower case
    language = models.CharField(_("language"), max_length=10, choices=languages, default="sv")
    pace = models.CharField(_("how often"), max_length=4, choices=Pace.choices, default=Pace.HOUR)
    proved_at = models.DateTimeField(_("proved"), null=True)
    muted_at = models.DateTimeField(_("muted"), null=True)  # no mails about comments at all
    told_at = models.DateTimeField(null=True)  # when the last mail about comments was written

    class Meta:
        verbose_name = _("reader’s address")
        verbose_name_plural = _("readers’ addresses")
        constraints = [models.CheckConstraint(condition=Q(email=Lower("email")), name="address_is_lower")]

    def __str__(self):
        return f"{self.pk}"  # an address belongs in no log

    @property
    def interval(self):
        return timedelta(days=1) if self.pace == self.Pace.DAY else timedelta(hours=1)


class Following(models.Model):
    """What an address wants to hear of: one post, one thread, or the replies to one comment."""

    address = models.ForeignKey(Address, on_delete=models.CASCADE, related_name="followings")
    scope = models.CharField(max_length=7, choices=Scope.choices)
    post = models.ForeignKey("blog.Post", on_delete=models.CASCADE, related_name="+")
    # The comment whose replies, or any comment of the thread that is followed; None for a whole post.
    comment = models.ForeignKey("blog.Comment", null=True, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True)  # by the link in a mail, or by an account: before that, no mail
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("following")
        verbose_name_plural = _("followings")
        constraints = [
            models.UniqueConstraint(
                fields=["address", "scope", "post", "comment"], nulls_distinct=False, name="following_once"
            ),
            models.CheckConstraint(
                condition=Q(scope="post", comment__isnull=True) | (~Q(scope="post") & Q(comment__isnull=False)),
                name="following_names_what_it_follows",
            ),
        ]
        indexes = [
            models.Index("post", condition=Q(confirmed_at__isnull=False, ended_at=None), name="following_live"),
        ]

    def __str__(self):
        return f"{self.scope} {self.post_id} {self.comment_id or ''}"


class Notice(models.Model):
    """A comment of which an address is to be told; the row stays, so that it is told once."""

    address = models.ForeignKey(Address, on_delete=models.CASCADE, related_name="notices")
    comment = models.ForeignKey("blog.Comment", on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("notice of a comment")
        verbose_name_plural = _("notices of comments")
        constraints = [models.UniqueConstraint(fields=["address", "comment"], name="notice_once")]
        indexes = [models.Index("address", condition=Q(sent_at=None), name="notice_to_send")]

    def __str__(self):
        return f"{self.address_id}: {self.comment_id}"


class FormerText(models.Model):
    """What a comment said before its writer changed it; for moderators."""

    comment = models.ForeignKey("blog.Comment", on_delete=models.CASCADE, related_name="former_texts")
    text = models.TextField(_("text"))
    replaced_at = models.DateTimeField(_("replaced"), default=timezone.now)

    class Meta:
        verbose_name = _("former text")
        verbose_name_plural = _("former texts")
        ordering = ["-pk"]

    def __str__(self):
        return f"{self.comment_id}, {self.replaced_at:%Y-%m-%d %H:%M}"


class Appeal(models.Model):
    """What the writer of a held, removed or discarded comment asks the moderators to think over; once for a comment."""

    comment = models.OneToOneField("blog.Comment", on_delete=models.CASCADE, related_name="appeal")
    text = models.TextField(_("reasons"), max_length=2000)
    created_at = models.DateTimeField(_("received"), default=timezone.now)
    answer = models.TextField(_("answer"), max_length=2000, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("moderator")
    )

    class Meta:
        verbose_name = _("appeal")
        verbose_name_plural = _("appeals")
        ordering = ["pk"]
        indexes = [models.Index("created_at", condition=Q(answered_at=None), name="appeal_open")]  # the queue

    def __str__(self):
        return self.text[:60]
