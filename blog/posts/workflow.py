"""The editorial workflow: the states of a text, the steps between them, and what being public means.

A post goes through it, and so does each pending update of a post that is approved already (updates.py).
Every step is one UPDATE whose WHERE names what the person saw, and one row of the audit trail.
"""

from typing import ClassVar

from django.db import models, transaction
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from blog.posts import effects
from blog.posts.events import Event, Kind


class Status(models.TextChoices):
    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("In review")
    CHANGES_REQUESTED = "changes_requested", _("Changes requested")
    APPROVED = "approved", _("Approved")
    ARCHIVED = "archived", _("Archived")


IN_WORK = [Status.DRAFT, Status.IN_REVIEW, Status.CHANGES_REQUESTED]


class IllegalTransition(Exception):
    """The text has left the state from which the step is possible; the message says so to the editor."""


class WorkflowQuerySet(models.QuerySet):
    def published(self, now=None):
        """What the public sees. Nothing is switched at the hour of publishing: this query is the publishing.

        Without `now` the database's clock decides, which is one for all processes and machines.
        """
        return self.filter(status=Status.APPROVED, publish_at__lte=now or Now())

    def scheduled(self, now=None):
        return self.filter(status=Status.APPROVED, publish_at__gt=now or Now())

    def archived(self, now=None):
        """Posts that readers have seen and that were taken away: their addresses say so."""
        return self.filter(status=Status.ARCHIVED, first_published_at__lte=now or Now())


class Workflow(models.Model):
    NEWEST: ClassVar[str]  # the field that holds the number of the newest version

    status = models.CharField(_("status"), max_length=20, choices=Status.choices, default=Status.DRAFT, editable=False)
    publish_at = models.DateTimeField(
        _("publish at"), null=True, blank=True, help_text=_("Empty: at once when the post is approved.")
    )

    class Meta:
        abstract = True

    def submit(self, *, by=None, note="", revision=None):
        """Hand a text in for review."""
        allowed = [Status.DRAFT, Status.CHANGES_REQUESTED]
        self._step(Status.IN_REVIEW, Kind.SUBMITTED, allowed=allowed, by=by, note=note, revision=revision)

    def request_changes(self, note, *, by=None, revision=None):
        """Give a text back to its author, who is told in `note` what to change."""
        self._step(
            Status.CHANGES_REQUESTED,
            Kind.CHANGES_REQUESTED,
            allowed=[Status.IN_REVIEW],
            by=by,
            note=note,
            revision=revision,
        )

    def withdraw(self, *, by=None, note=""):
        """Take a text back from review."""
        self._step(Status.DRAFT, Kind.WITHDRAWN, allowed=[Status.IN_REVIEW], by=by, note=note)

    def plan(self, publish_at, *, by=None):
        """Write down the hour (an aware datetime) for which a text in work is meant."""
        self._step(self.status, Kind.RESCHEDULED, allowed=IN_WORK, by=by, publish_at=publish_at)

    def _step(self, status, kind, *, allowed, by, note="", revision=None, **changes):
        """Take one step. `revision` is the number of the newest text that the person saw, None if that is all one.

        The WHERE clause is the lock: of two editors clicking at once, one wins and the other is told. It names the
        state that this person saw: "back to draft" meant for a review must not take a post off the site.
        """
        former = self.status
        with transaction.atomic():
            texts = type(self)._default_manager.filter(pk=self.pk, status=former)
            seen = texts if revision is None else texts.filter(**{self.NEWEST: revision})
            if former not in allowed or not seen.update(status=status, **changes):
                raise IllegalTransition(self._refusal(allowed))
            self.refresh_from_db(fields=["status", *changes])
            self._record(kind, by=by, note=note, former=former)

    def _refusal(self, allowed):
        self.refresh_from_db(fields=["status"])
        if self.status in allowed:
            return _("The text was changed meanwhile. Look at the newest version first.")
        return _("The post is now “%(now)s”; this step is not possible any more.") % {"now": self.get_status_display()}

    def _record(self, kind, *, by, note="", former=""):
        raise NotImplementedError


class PublicWorkflow(Workflow):
    """The workflow of a post itself: it leads to the site, and back from it."""

    NEWEST = "head"

    first_published_at = models.DateTimeField(_("first published"), null=True, editable=False)

    class Meta:
        abstract = True

    def is_public(self, now=None):
        # APPROVED_HAS_AN_HOUR below: there is one.
        return self.status == Status.APPROVED and self.publish_at <= (now or timezone.now())  # type: ignore[operator]

    def was_ever_public(self, now=None):
        return self.first_published_at is not None and self.first_published_at <= (now or timezone.now())

    def approve(self, *, publish_at=None, by=None, note="", revision=None, now=None):
        """Make the post public at `publish_at` (an aware datetime; None: at once). From draft or review."""
        step = {"allowed": IN_WORK, "by": by, "note": note, "revision": revision}
        self._set_hour(Kind.APPROVED, publish_at, now, effects.plan, **step)

    def reschedule(self, publish_at, *, by=None, note="", now=None):
        """Move an approved post to another hour (an aware datetime; None: at once)."""
        is_correction = self.is_public(now) and publish_at is not None and publish_at <= (now or timezone.now())
        follow = effects.move if is_correction else effects.plan
        self._set_hour(Kind.RESCHEDULED, publish_at, now, follow, allowed=[Status.APPROVED], by=by, note=note)

    def return_to_draft(self, *, by=None, note="", now=None):
        """Take the post back from the schedule or from the site (from review: `withdraw`)."""
        kind = Kind.UNPUBLISHED if self.is_public(now) else Kind.UNSCHEDULED
        # An hour that was planned and taken back is not one at which the post was first published.
        first = _first_published_or(None, now or timezone.now())
        self._step(Status.DRAFT, kind, allowed=[Status.APPROVED], by=by, note=note, first_published_at=first)

    def archive(self, *, by=None, note=""):
        """Take the post off the site for good: its address says so."""
        self._step(Status.ARCHIVED, Kind.ARCHIVED, allowed=[Status.APPROVED], by=by, note=note)

    def unarchive(self, *, by=None, note=""):
        """Take an archived post up again as a draft: it goes to the site as every text does."""
        self._step(Status.DRAFT, Kind.UNARCHIVED, allowed=[Status.ARCHIVED], by=by, note=note)

    def _set_hour(self, kind, publish_at, now, follow, **step):
        now = now or timezone.now()
        publish_at = publish_at or now
        first = _first_published_or(publish_at, now)
        with transaction.atomic():
            self._step(Status.APPROVED, kind, publish_at=publish_at, first_published_at=first, **step)
            follow(self)

    def _record(self, kind, *, by, note="", former=""):
        Event.record(self, kind, by=by, note=note, former=former)


def _first_published_or(otherwise, now):
    """The hour at which the post was first public, as the database knows it, if that has come; else `otherwise`."""
    return Case(
        When(first_published_at__lte=now, then=F("first_published_at")),
        default=Value(otherwise, output_field=models.DateTimeField(null=True)),
    )


APPROVED_HAS_AN_HOUR = models.CheckConstraint(
    condition=~Q(status__in=[Status.APPROVED, Status.ARCHIVED]) | Q(publish_at__isnull=False),
    name="approved_post_has_an_hour",
)
