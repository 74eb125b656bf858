"""The editorial workflow of a post: its states, the steps between them, and what being public means."""

from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("In review")
    APPROVED = "approved", _("Approved")


class IllegalTransition(Exception):
    """The post has left the state from which the step is possible; the message says so to the editor."""


class WorkflowQuerySet(models.QuerySet):
    def published(self, now=None):
        """What the public sees. Nothing is switched at the hour of publishing: this query is the publishing."""
        return self.filter(status=Status.APPROVED, publish_at__lte=now or timezone.now())

    def scheduled(self, now=None):
        return self.filter(status=Status.APPROVED, publish_at__gt=now or timezone.now())

    def awaiting_review(self):
        return self.filter(status=Status.IN_REVIEW)


class Workflow(models.Model):
    status = models.CharField(_("status"), max_length=20, choices=Status.choices, default=Status.DRAFT, editable=False)
    publish_at = models.DateTimeField(
        _("publish at"), null=True, blank=True, help_text=_("Empty: at once when the post is approved.")
    )
    first_published_at = models.DateTimeField(_("first published"), null=True, editable=False)

    class Meta:
        abstract = True

    def is_public(self, now=None):
        # APPROVED_HAS_AN_HOUR below: there is one.
        return self.status == Status.APPROVED and self.publish_at <= (now or timezone.now())  # type: ignore[operator]

    def was_ever_public(self, now=None):
        return self.first_published_at is not None and self.first_published_at <= (now or timezone.now())

    def submit(self):
        """Hand a draft in for review."""
        self._step(Status.IN_REVIEW, allowed=[Status.DRAFT])

    def approve(self, *, publish_at=None, now=None):
        """Make the post public at `publish_at` (an aware datetime; None: at once). From draft or review."""
        self._set_hour(publish_at, now or timezone.now(), allowed=[Status.DRAFT, Status.IN_REVIEW])

    def reschedule(self, publish_at, *, now=None):
        """Move an approved post to another hour (an aware datetime)."""
        self._set_hour(publish_at, now or timezone.now(), allowed=[Status.APPROVED])

    def return_to_draft(self, *, now=None):
        """Take the post back from review, from the schedule or from the site."""
        # An hour that was planned and taken back is not one at which the post was first published.
        first = _first_published_or(None, now or timezone.now())
        self._step(Status.DRAFT, allowed=[Status.IN_REVIEW, Status.APPROVED], first_published_at=first)

    def _set_hour(self, publish_at, now, *, allowed):
        publish_at = publish_at or now
        first = _first_published_or(publish_at, now)
        self._step(Status.APPROVED, allowed=allowed, publish_at=publish_at, first_published_at=first)

    def _step(self, status, *, allowed, **changes):
        # The WHERE clause is the lock: of two editors clicking at once, one wins and the other is told. It names
        # the state that this person saw: "back to draft" meant for a review must not take a post off the site.
        posts = type(self)._default_manager.filter(pk=self.pk, status=self.status)
        if self.status not in allowed or not posts.update(status=status, **changes):
            self.refresh_from_db(fields=["status"])
            raise IllegalTransition(
                _("The post is now “%(now)s”; this step is not possible any more.") % {"now": self.get_status_display()}
            )
        self.refresh_from_db(fields=["status", *changes])


def _first_published_or(otherwise, now):
    """The hour at which the post was first public, as the database knows it, if that has come; else `otherwise`."""
    return Case(
        When(first_published_at__lte=now, then=F("first_published_at")),
        default=Value(otherwise, output_field=models.DateTimeField(null=True)),
    )


APPROVED_HAS_AN_HOUR = models.CheckConstraint(
    condition=~Q(status=Status.APPROVED) | Q(publish_at__isnull=False), name="approved_post_has_an_hour"
)
