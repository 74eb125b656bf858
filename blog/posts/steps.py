"""What may be done with a post next: the buttons under its form, each worded by what it does and when."""

from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from blog import policy
from blog.posts import updates
from blog.posts.revisions import Revision
from blog.posts.updates import PendingUpdate
from blog.posts.workflow import IllegalTransition, Status

SUBMIT, PUBLISH, SCHEDULE, CHANGES, WITHDRAW = "submit", "publish", "schedule", "changes", "withdraw"
NOW, UNSCHEDULE, UNPUBLISH, ARCHIVE = "now", "unschedule", "unpublish", "archive"
UNARCHIVE, DISCARD = "unarchive", "discard"
ACTIONS = dict.fromkeys([PUBLISH, SCHEDULE, NOW, CHANGES, UNSCHEDULE, UNPUBLISH, ARCHIVE, UNARCHIVE], "post.approve")
ACTIONS |= {SUBMIT: "post.submit", WITHDRAW: "post.withdraw", DISCARD: "post.discard"}
APPROVING = (PUBLISH, SCHEDULE)

# From the state of the newest text. What an approved post without a pending update leaves to do: `_possible`.
FROM = {
    Status.DRAFT: [SUBMIT, PUBLISH, SCHEDULE],
    Status.IN_REVIEW: [PUBLISH, SCHEDULE, CHANGES, WITHDRAW],
    Status.CHANGES_REQUESTED: [SUBMIT, PUBLISH, SCHEDULE],
    Status.APPROVED: [],
    Status.ARCHIVED: [UNARCHIVE],
}


WORDED_BEFORE_ITS_HOUR = {
    PUBLISH: gettext_lazy("Approve the new text (publishes %(hour)s)"),
    NOW: gettext_lazy("Publish now with the new text"),
    UNPUBLISH: gettext_lazy("Take back from the schedule"),
}


@dataclass
class Step:
    name: str  # of the button
    label: str


def next_steps(user, post):
    """Return the Steps that `user` may take with `post` now; None stands for a post that is not saved yet."""
    names = _possible(post) if post else FROM[Status.DRAFT]
    return [Step(name, _label(name, post)) for name in names if _may(user, name, post)]


def steps_after_a_change(user, post):
    """Return the Steps that the form of an approved post offers for what is typed there: it becomes an update first."""
    if post is None or post.newest is not post or post.status != Status.APPROVED or not settings.REAPPROVE_CHANGES:
        return []
    steps = [Step(SUBMIT, _("Submit the changes for review"))] if policy.may(user, "post.change", post) else []
    may_approve = policy.may(user, "post.approve", post) and not settings.FOUR_EYES
    if may_approve and not post.is_public():
        steps.append(Step(PUBLISH, _("Approve the changes (publishes %(hour)s)") % {"hour": hour(post.publish_at)}))
    elif may_approve:
        steps += [Step(PUBLISH, _("Publish the changes now")), Step(SCHEDULE, _("Schedule the changes…"))]
    return steps


def is_own_approval(user, post):
    """Whether it would be an approval of `user`'s own words, which settings.FOUR_EYES forbids."""
    if not settings.FOUR_EYES or post is None:
        return settings.FOUR_EYES
    since = post.shown if post.newest is not post else 0
    if hasattr(post, "last_own_version"):
        wrote = post.last_own_version > since
    else:
        wrote = post.revisions.filter(number__gt=since, by=user).exists()
    return wrote or (since == 0 and post.is_by(user))


def with_last_version_by(user, posts):
    """Let the posts bring along what `is_own_approval` would ask the database about each of them."""
    own = Revision.objects.filter(post=OuterRef("pk"), by=user).values("number")[:1]
    return posts.annotate(last_own_version=Coalesce(Subquery(own), 0))


def is_over_a_schedule(name, post):
    """Whether the step publishes at once what is to be published later."""
    waits = post.newest is not post and post.newest.approved
    return name == NOW or bool(name == PUBLISH and waits and post.newest.publish_at > timezone.now())


def scheduled_for(post):
    """Return the hour that comes next: of a post that is not public yet its own, else that of its update, or None."""
    return post.newest.publish_at if post.is_public() else post.publish_at


def take(name, post, *, by, note="", revision=None, publish_at=None):
    """Take one step and return what to tell the person. PermissionDenied; IllegalTransition says why not.

    `revision` is the number of the newest text that the person saw. `publish_at` is the hour of SCHEDULE.
    """
    with transaction.atomic():
        post = _locked(post)
        if name in FROM[Status.DRAFT] and post.status == Status.APPROVED and post.newest is post:
            raise IllegalTransition(_("Nothing was changed: readers have this text already, or get it at its hour."))
        if name not in _possible(post):
            raise IllegalTransition(
                _("The post is now “%(now)s”; this step is not possible any more.") % {"now": situation(post)}
            )
        if not policy.may(by, ACTIONS[name], post):
            raise PermissionDenied
        if _approves(name, post) and is_own_approval(by, post):
            raise IllegalTransition(_("Somebody else must approve this: some of the words are your own."))
        _take(name, post, publish_at, {"by": by, "note": note}, revision)
    return _("“%(title)s”: %(situation)s.") % {"title": post, "situation": situation(_locked(post, lock=False))}


def _locked(post, lock=True):
    """The post as it is now; what waits for its row sees what the one before it did."""
    posts = type(post)._default_manager.all()
    fresh = (posts.locked() if lock else posts).filter(pk=post.pk).first()
    if fresh is None:
        raise IllegalTransition(_("The post was deleted meanwhile."))
    if lock and fresh.status != post.status:
        raise IllegalTransition(
            _("The post is now “%(now)s”; this step is not possible any more.") % {"now": situation(fresh)}
        )
    return fresh


def _take(name, post, publish_at, who, revision):
    text = post.newest
    if name == SUBMIT:
        text.submit(revision=revision, **who)
    elif name == CHANGES:
        text.request_changes(who["note"], by=who["by"], revision=revision)
    elif name == WITHDRAW:
        text.withdraw(**who)
    elif name in APPROVING:
        hour = None if name == PUBLISH else _hour(publish_at)
        text.approve(publish_at=hour, revision=revision, **who)
    elif name == NOW:
        _publish_now(post, text, who, revision)
    elif name == UNSCHEDULE:
        text.return_to_draft(**who)
    elif name == UNPUBLISH:
        post.return_to_draft(**who)
        updates.fold_in(post, by=who["by"])
    elif name == DISCARD:
        updates.discard(post, by=who["by"], revision=revision)
    elif name == ARCHIVE:
        post.archive(**who)
    else:
        post.unarchive(**who)


def _publish_now(post, text, who, revision):
    if text is not post and not post.is_public():  # with the new text, which is approved by this
        text.approve(revision=revision, **who)
        post = _locked(post, lock=False)
    (post if not post.is_public() else text).reschedule(None, **who)


def _approves(name, post):
    """Whether the step makes a text public that nobody has approved yet."""
    return name in APPROVING or (name == NOW and post.newest.status != Status.APPROVED)


def _hour(publish_at):
    if publish_at is None:
        raise IllegalTransition(_("Not scheduled: first say when."))
    return publish_at


def _possible(post):
    """The names of the steps that the post's state has, whoever asks."""
    text, public = post.newest, post.is_public()
    if text is post and post.status == Status.APPROVED:
        return [UNPUBLISH, ARCHIVE] if public else [NOW, UNSCHEDULE]
    if text is post:
        return FROM[post.status]
    if not public:
        return _possible_before_its_hour(text)
    waits = text.approved is not None
    names = [NOW] if text.status == Status.APPROVED else FROM[text.status]
    dropped = [] if text.status == Status.IN_REVIEW or waits else [DISCARD]
    return [*names, *([UNSCHEDULE] if waits else []), *dropped, UNPUBLISH]


def _possible_before_its_hour(update):
    """The steps of a newer text of a post that is scheduled: once approved, it is published at the post's hour."""
    names = [name for name in FROM[update.status] if name != SCHEDULE]
    return [*names, NOW, *([] if update.status == Status.IN_REVIEW else [DISCARD]), UNPUBLISH]


def _may(user, name, post):
    own = (name in APPROVING if post is None else _approves(name, post)) and is_own_approval(user, post)
    return policy.may(user, ACTIONS[name], post) and not own


def situation(post, now=None):
    """Return the post's status in words, with the hour where there is one, and that of its pending update."""
    update = post.newest if post.newest is not post else None
    own = _situation_of(post, now)
    if update is None:
        return own
    words = _("update scheduled for %(hour)s") % {"hour": hour(update.publish_at)} if update.approved else ""
    if update.status != Status.APPROVED:
        state = _("update: %(state)s") % {"state": update.get_status_display().lower()}
        words = f"{words}; {state}" if words else state
    return f"{own}; {words}"


def _situation_of(post, now):
    if post.status != Status.APPROVED:
        return post.get_status_display()
    if post.is_public(now):
        return _("Published %(hour)s") % {"hour": hour(post.publish_at)}
    return _("Scheduled for %(hour)s") % {"hour": hour(post.publish_at)}


def hour(moment):
    """Return an aware datetime in the site's time zone and the person's language: Monday 23 November 2026 08:00."""
    return date_format(timezone.localtime(moment), "l j F Y H:i")


def _label(name, post):
    update = post is not None and isinstance(post.newest, PendingUpdate)
    if name == SCHEDULE:
        return _schedule_label(post and post.newest.publish_at, update)
    if update and not post.is_public() and name in WORDED_BEFORE_ITS_HOUR:
        return WORDED_BEFORE_ITS_HOUR[name] % {"hour": hour(post.publish_at)}
    if name in (PUBLISH, NOW) and update:
        return _("Publish the update now")
    labels = {
        SUBMIT: _("Submit the update for review") if update else _("Submit for review"),
        PUBLISH: _("Publish now"),
        NOW: _("Publish now"),
        CHANGES: _("Ask for changes…"),
        WITHDRAW: _("Back to draft"),
        UNSCHEDULE: _("Take the update back from the schedule") if update else _("Take back from the schedule"),
        UNPUBLISH: _("Take off the site…"),
        ARCHIVE: _("Archive…"),
        UNARCHIVE: _("Take up again as a draft"),
        DISCARD: _("Discard the update…"),
    }
    return labels[name]


def _schedule_label(publish_at, update):
    if publish_at is None:
        return _("Schedule the update…") if update else _("Publish at the hour given")
    values = {"hour": hour(publish_at)}
    if publish_at <= timezone.now():
        return _("Publish with the date %(hour)s") % values
    return (_("The update takes over %(hour)s") if update else _("Publishes %(hour)s")) % values
