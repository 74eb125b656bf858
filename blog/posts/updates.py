"""Pending updates: the next text of an approved post, reviewed and scheduled while the approved one stays public."""

from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from blog.appearance import look
from blog.posts import lists, revisions
from blog.posts.events import Event, Kind
from blog.posts.models import Post
from blog.posts.workflow import IN_WORK, IllegalTransition, Status, Workflow, WorkflowQuerySet

# What UpdateQuerySet.due() says: putting that into SQL before every page cost three times what the answer does.
DUE = f"""
    SELECT ARRAY(
        SELECT post.id FROM blog_pendingupdate due JOIN blog_post post ON post.id = due.post_id
        WHERE post.status = 'approved' AND due.approved IS NOT NULL AND due.publish_at <= statement_timestamp()
        ORDER BY post.id
    ), {look.VERSION}
"""  # noqa: S608


class UpdateQuerySet(WorkflowQuerySet):
    def due(self, now=None):
        """Updates whose hour has come but that do not stand in their post's row yet."""
        return self.filter(post__status=Status.APPROVED, approved__isnull=False, publish_at__lte=now or Now())


class PendingUpdate(Workflow):
    """The newest text of an approved post, as long as readers get an older one.

    `status` is that of the newest text. `approved` is the version that takes over at `publish_at`: it keeps its hour
    also while a newer text is being written.
    """

    NEWEST = "post__head"

    post = models.OneToOneField(Post, on_delete=models.CASCADE, related_name="pending", verbose_name=_("post"))
    approved = models.PositiveIntegerField(_("approved version"), null=True)

    objects = UpdateQuerySet.as_manager()

    class Meta:
        verbose_name = _("pending update")
        verbose_name_plural = _("pending updates")
        indexes = [
            # Serves `due`, asked before each page: the few rows with an hour.
            models.Index("publish_at", condition=Q(approved__isnull=False), name="update_due"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(approved__isnull=True) | Q(publish_at__isnull=False), name="approved_update_has_an_hour"
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.APPROVED) | Q(approved__isnull=False), name="approved_update_has_a_version"
            ),
        ]

    def __str__(self):
        return str(self.post)

    @classmethod
    def begin(cls, post, *, by=None):
        """Let the newest text of an approved post wait for approval, again if it was approved already.

        A version that is approved for an hour keeps it. The caller holds the post's row lock.
        """
        update, is_new = cls.objects.get_or_create(post=post)
        update.post = post
        if update.status == Status.APPROVED:
            update._step(Status.DRAFT, Kind.CHANGED_AFTER_APPROVAL, allowed=[Status.APPROVED], by=by)
        elif is_new:
            update._record(Kind.CHANGED_AFTER_APPROVAL, by=by, former=post.status)

    def approve(self, *, publish_at=None, by=None, note="", revision=None, now=None):
        """Let the newest text take over at `publish_at` (an aware datetime; None: at once)."""
        with transaction.atomic():
            self.post = Post.objects.locked().get(pk=self.post_id)  # nobody adds a version meanwhile
            hour = publish_at or now or timezone.now()
            changes = {"publish_at": hour, "approved": self.post.head}
            step = {"allowed": IN_WORK, "by": by, "note": note, "revision": revision}
            self._step(Status.APPROVED, Kind.APPROVED, **step, **changes)
            take_due(now, only=self.post_id)

    def reschedule(self, publish_at, *, by=None, note="", now=None):
        """Move the approved version to another hour (an aware datetime; None: at once)."""
        with transaction.atomic():
            self._change_as_seen(publish_at=publish_at or now or timezone.now())
            self._record(Kind.RESCHEDULED, by=by, note=note, former=self.status)
            take_due(now, only=self.post_id)

    def return_to_draft(self, *, by=None, note=""):
        """Take the approved version back from the schedule."""
        with transaction.atomic():
            former, later = self.status, Status.DRAFT if self.status == Status.APPROVED else self.status
            self._change_as_seen(approved=None, publish_at=None, status=later)
            self._record(Kind.UNSCHEDULED, by=by, note=note, former=former)

    def _change_as_seen(self, **columns):
        """Write the columns if the version that waits, and its hour, are still those that the person saw."""
        waiting = type(self).objects.filter(pk=self.pk, approved=self.approved, publish_at=self.publish_at)
        if self.approved is None or not waiting.update(**columns):
            raise IllegalTransition(_("The update was changed or published meanwhile."))
        self.refresh_from_db(fields=list(columns))

    def _record(self, kind, *, by, note="", former=""):
        columns = {"to_status": self.status, "publish_at": self.publish_at, "of_update": True}
        Event.record(self.post, kind, by=by, note=note, former=former, **columns)


def take_due(now=None, only=None):
    """Put the texts of updates whose hour has come into their posts' rows, and return how many there were.

    It is asked before every page, so that a due update is public at its second with no worker running; of those who
    ask at once one does it. One query where nothing is due; it also tells whether the site has got another look.
    """
    if now or only:
        due = PendingUpdate.objects.due(now)
        keys = list((due.filter(post=only) if only else due).order_by("post").values_list("post", flat=True))
    else:
        [(keys, version)] = lists.rows(DUE, {})
        look.note(version)
    return sum(_take(key, now) for key in keys)


@transaction.atomic
def _take(key, now):
    post = Post.objects.locked().get(pk=key)
    update = PendingUpdate.objects.due(now).filter(post=post).first()
    if update is None:  # another process was quicker
        return 0
    revisions.put(post, update.approved)
    columns = {
        "revision": update.approved,
        "publish_at": update.publish_at,
        "of_update": True,
        "to_status": post.status,
    }
    Event.record(post, Kind.UPDATED, former=post.status, **columns)
    if post.head == post.shown:
        update.delete()
    else:  # a newer text is in work
        PendingUpdate.objects.filter(pk=update.pk).update(approved=None, publish_at=None)
    return 1


@transaction.atomic
def discard(post, *, by=None, revision=None):
    """Drop the pending update: the text that readers see is the newest again, as a new version.

    `revision` is the number of the newest text that the person saw, None if that is all one.
    """
    post = Post.objects.locked().get(pk=post.pk)
    if revision not in (None, post.head):
        raise IllegalTransition(_("The text was changed meanwhile. Look at the newest version first."))
    dropped = PendingUpdate.objects.filter(post=post).delete()[0]
    if not dropped:
        raise IllegalTransition(_("There is no pending update any more."))
    note = _("version %(shown)s again") % {"shown": post.shown}
    post.shown = revisions.record(post, revisions.content_of(post), by=by, note=note)
    Post.objects.filter(pk=post.pk).update(shown=post.shown)
    Event.record(post, Kind.DISCARDED, by=by, of_update=True)


@transaction.atomic
def fold_in(post, *, by=None):
    """Make the newest text that of the post's own row, and end its pending update: the post has left the site."""
    update = PendingUpdate.objects.filter(post=post).first()
    if update is None:
        return
    if update.approved:
        update.return_to_draft(by=by)
    update.delete()
    revisions.put(post, post.head)
