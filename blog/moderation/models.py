"""The record of every moderation: who, when, what, and how each row was before and after."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class RemovalReason(models.Model):
    """One of the site's own reasons for removing a comment, and what its writer reads about it.

    Retired ones stay: earlier decisions name them.
    """

    name_sv = models.CharField(_("name in Swedish"), max_length=60)
    name_en = models.CharField(_("name in English"), max_length=60)
    statement_sv = models.TextField(_("what the writer reads, in Swedish"), max_length=1000)
    statement_en = models.TextField(_("what the writer reads, in English"), max_length=1000)
    position = models.PositiveSmallIntegerField(_("place in the list"), default=0)
    is_retired = models.BooleanField(_("no longer used"), default=False)

    class Meta:
        verbose_name = _("reason for removing")
        verbose_name_plural = _("reasons for removing")
        ordering = ["position", "pk"]

    def __str__(self):
        return self.name

    @property
    def name(self):
        return self.name_en if get_language() == "en" else self.name_sv

    @property
    def statement(self):
        return self.statement_en if get_language() == "en" else self.statement_sv


class PersonNote(models.Model):
    """What a moderator notes for the others about a person; readers never see it."""

    author_key = models.BinaryField(max_length=16)  # as comments hold it; goes when the person is erased
    text = models.CharField(_("note"), max_length=500)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("moderator")
    )
    at = models.DateTimeField(_("time"), default=timezone.now)

    class Meta:
        verbose_name = _("note about a person")
        verbose_name_plural = _("notes about persons")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["author_key"], name="note_about_person")]

    def __str__(self):
        return f"{self.pk}"


class Batch(models.Model):
    class Action(models.TextChoices):
        APPROVE = "approve", _("Approve")
        SPAM = "spam", _("Mark as spam")
        REMOVE = "remove", _("Remove")
        HOLD = "hold", _("Hold")
        MERGE = "merge", _("Merge duplicates")
        KEEP = "keep", _("Leave as it is: the reports are settled")
        PICK = "pick", _("Make it the editors’ choice")
        UNPICK = "unpick", _("End the editors’ choice")
        BAN = "ban", _("Ban")

    action = models.CharField(_("action"), max_length=10, choices=Action.choices)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("moderator")
    )
    at = models.DateTimeField(_("time"), auto_now_add=True)
    reason = models.ForeignKey(
        RemovalReason, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("reason")
    )
    note = models.CharField(_("note to the writer"), max_length=500, blank=True)
    ban = models.ForeignKey(
        "blog.Ban", null=True, on_delete=models.PROTECT, related_name="batches", verbose_name=_("ban")
    )
    # What else it changed: {"report": {id: [column values before, after]}}, likewise "following" and "appeal".
    besides = models.JSONField(default=dict)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("undone by")
    )
    undone_at = models.DateTimeField(_("undone"), null=True)

    class Meta:
        verbose_name = _("moderation batch")
        verbose_name_plural = _("moderation log")
        ordering = ["-pk"]

    def __str__(self):
        return f"{self.get_action_display()} ({self.pk})"


class BatchRow(models.Model):
    """One comment in a batch: the columns that the batch changed, before and after."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="rows")
    comment = models.ForeignKey("blog.Comment", on_delete=models.CASCADE, related_name="batch_rows")
    before = models.JSONField()
    after = models.JSONField()

    class Meta:
        verbose_name = _("comment in a batch")
        verbose_name_plural = _("comments in a batch")
        constraints = [
            models.UniqueConstraint(fields=["batch", "comment"], name="comment_once_per_batch"),
            models.CheckConstraint(condition=~Q(before=models.F("after")), name="batch_row_changes_something"),
        ]

    def __str__(self):
        return f"{self.comment_id}: {self.before} → {self.after}"


class Report(models.Model):
    """A reader says that a comment should not stand there."""

    class Reason(models.TextChoices):
        ABUSE = "abuse", _("It insults or threatens somebody")
        HATRED = "hatred", _("It stirs up hatred against a group")
        PRIVATE = "private", _("It tells private things of somebody")
        SPAM = "spam", _("It is advertising or spam")
        WRONG_PLACE = "off_topic", _("It does not belong here")
        OTHER = "other", _("Something else")

    comment = models.ForeignKey("blog.Comment", on_delete=models.CASCADE, related_name="reports")
    reason = models.CharField(_("reason"), max_length=10, choices=Reason.choices)
    note = models.CharField(_("note"), max_length=500, blank=True)
    at = models.DateTimeField(_("reported"), default=timezone.now)
    # The network it came from, as a keyed hash: one network counts once (moderation/reports.py). Dropped after 30 days.
    network_key = models.BinaryField(max_length=16, null=True)
    settled_at = models.DateTimeField(_("settled"), null=True)  # by a moderator's decision about the comment

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["comment", "network_key", "reason", "note"], name="report_once"),
        ]
        indexes = [models.Index("at", condition=Q(settled_at=None), name="report_open")]  # the queue

    def __str__(self):
        return f"{self.comment_id}: {self.get_reason_display()}"
