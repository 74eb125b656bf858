"""What may be done with a post next: the buttons under its form, each worded by what it does and when."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from blog import policy
from blog.posts.workflow import IllegalTransition, Status

SUBMIT, PUBLISH, SCHEDULE, RETURN, WITHDRAW = "_submit", "_publish", "_schedule", "_return", "_withdraw"
ACTIONS = {
    SUBMIT: "post.submit",
    PUBLISH: "post.approve",
    SCHEDULE: "post.approve",
    RETURN: "post.approve",
    WITHDRAW: "post.withdraw",
}
FROM = {
    Status.DRAFT: [SUBMIT, PUBLISH, SCHEDULE],
    Status.IN_REVIEW: [PUBLISH, SCHEDULE, WITHDRAW],
    Status.APPROVED: [RETURN],
}


@dataclass
class Step:
    name: str  # of the button
    label: str


def next_steps(user, post):
    """Return the Steps that `user` may take with `post` now; None stands for a post that is not saved yet."""
    status = post.status if post else Status.DRAFT
    return [Step(name, _label(name, post)) for name in FROM[status] if policy.may(user, ACTIONS[name], post)]


def take(name, post, *, by):
    """Take one step and return what to tell the person. PermissionDenied; IllegalTransition says why not."""
    if name not in FROM[post.status]:
        raise IllegalTransition(
            _("The post is now “%(now)s”; this step is not possible any more.") % {"now": situation(post)}
        )
    if not policy.may(by, ACTIONS[name], post):
        raise PermissionDenied
    if name == SCHEDULE and post.publish_at is None:
        raise IllegalTransition(_("Saved, but not scheduled: first say in “publish at” when."))
    if name == SUBMIT:
        post.submit()
    elif name in (PUBLISH, SCHEDULE):
        post.approve(publish_at=post.publish_at if name == SCHEDULE else None)
    else:
        post.return_to_draft()
    return _("“%(title)s”: %(situation)s.") % {"title": post, "situation": situation(post)}


def situation(post, now=None):
    """Return the post's status in words, with the hour where there is one."""
    if post.status != Status.APPROVED:
        return post.get_status_display()
    if post.is_public(now):
        return _("Published %(hour)s") % {"hour": hour(post.publish_at)}
    return _("Scheduled for %(hour)s") % {"hour": hour(post.publish_at)}


def hour(moment):
    """Return an aware datetime in the site's time zone and the person's language: Monday 23 November 2026 08:00."""
    return date_format(timezone.localtime(moment), "l j F Y H:i")


def _label(name, post):
    if name == SUBMIT:
        return _("Submit for review")
    if name == PUBLISH:
        return _("Publish now")
    if name == SCHEDULE:
        return _schedule_label(post and post.publish_at)
    if name == WITHDRAW:
        return _("Back to draft")
    return _("Take off the site") if post.is_public() else _("Take back from the schedule")


def _schedule_label(publish_at):
    if publish_at is None:
        return _("Publish at the hour given")
    if publish_at <= timezone.now():
        return _("Publish with the date %(hour)s") % {"hour": hour(publish_at)}
    return _("Schedule for %(hour)s") % {"hour": hour(publish_at)}
