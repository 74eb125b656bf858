"""The audit trail: one row for each change of a post's state. The database refuses to change or delete a row."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import app


class Kind(models.TextChoices):
    CREATED = "created", _("Begun")
    SUBMITTED = "submitted", _("Submitted for review")
    CHANGES_REQUESTED = "changes_requested", _("Changes requested")
    WITHDRAWN = "withdrawn", _("Taken back from review")
    APPROVED = "approved", _("Approved")
    RESCHEDULED = "rescheduled", _("Moved to another hour")
    UNSCHEDULED = "unscheduled", _("Taken back from the schedule")
    PUBLISHED = "published", _("Published")
    UNPUBLISHED = "unpublished", _("Taken off the site")
    ARCHIVED = "archived", _("Archived")
    UNARCHIVED = "unarchived", _("Taken up again")
    CHANGED_AFTER_APPROVAL = "changed", _("Text changed after approval")
    UPDATED = "updated", _("Update took over")
    DISCARDED = "discarded", _("Update discarded")
    OVERRIDDEN = "overridden", _("Checks overridden")
    ASSIGNED = "assigned", _("Reviewer assigned")
    RENAMED = "renamed", _("Address changed")
    CORRECTED = "corrected", _("Correction added")
    INVITED = "invited", _("Reviewer invited by link")
    REVOKED = "revoked", _("Review link revoked")
    ENDORSED = "endorsed", _("Approved by an invited reviewer")
    OBJECTED = "objected", _("Changes asked for by an invited reviewer")
    IMPORTED = "imported", _("Changed by an import")
    DELETED = "deleted", _("Deleted")


# Of these the people concerned are told by mail (notices.py).
TOLD = {Kind.SUBMITTED, Kind.ASSIGNED, Kind.CHANGES_REQUESTED, Kind.ENDORSED, Kind.OBJECTED}


class EventQuerySet(models.QuerySet):
    def newest_first(self):
        return self.order_by("-pk")


class Event(models.Model):
    """Who did what to which post, when, from which state to which, and why.

    The keys have no constraint in the database, and the post's title and the person's name stand in the row: it
    outlives both. Without a person the site itself did it, at an hour that somebody had set.
    """

    post = models.ForeignKey(
        "blog.Post", on_delete=models.DO_NOTHING, db_constraint=False, related_name="events", verbose_name=_("post")
    )
    title = models.CharField(_("title"), max_length=200)
    kind = models.CharField(_("event"), max_length=20, choices=Kind.choices)
    of_update = models.BooleanField(_("of an update"), default=False)
    at = models.DateTimeField(_("time"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="+",
        verbose_name=_("account"),
    )
    by_name = models.CharField(_("person"), max_length=200, blank=True)
    from_status = models.CharField(_("from"), max_length=20, blank=True)
    to_status = models.CharField(_("to"), max_length=20, blank=True)
    publish_at = models.DateTimeField(_("publish at"), null=True)
    revision = models.PositiveIntegerField(_("version"), null=True)
    note = models.TextField(_("note"), blank=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["post", "-id"], name="event_of_post")]  # serves a post's own trail
        constraints = [
            # What an hour brings about is recorded once, whoever notices it.
            models.UniqueConstraint(
                fields=["post", "kind", "publish_at", "revision"],
                condition=Q(kind__in=["published", "updated"]),
                nulls_distinct=False,
                name="event_of_an_hour_once",
            ),
        ]

    def __str__(self):
        return f"{self.title}: {self.get_kind_display()}"

    @classmethod
    def record(cls, post, kind, *, by=None, note="", former="", **columns):
        """Add a row about `post` as it is now. `by` is an account, an invited reviewer, or None for the site."""
        account = by if hasattr(by, "is_staff") else None
        name = (account.get_full_name() or account.get_username()) if account else str(by or "")
        now = {"to_status": post.status, "publish_at": post.publish_at, "revision": post.head}
        event = cls.objects.create(
            post=post, title=post.title, kind=kind, by=account, by_name=name, from_status=former, note=note,
            **now | columns,
        )  # fmt: skip
        # What an invited reviewer objects to is told as that, and not a second time as the step that it brings about.
        if kind in TOLD and not (kind == Kind.CHANGES_REQUESTED and account is None):
            app.configure_task("blog.tasks.tell_of_event").defer(event=event.pk)
        return event
