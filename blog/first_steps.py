"""What leads a new site to its first post: shown on the desk until something is published."""

from typing import NamedTuple

from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils.translation import gettext as _

from blog import policy
from blog.appearance.models import Appearance
from blog.posts.models import Post


class FirstStep(NamedTuple):
    title: str
    explanation: str
    words: str  # of the button
    url: str
    is_done: bool


def for_person(user):
    """Return the FirstSteps that `user` may take, in order; none as soon as readers have something to read."""
    if not policy.may(user, "post.add") or Post.objects.published().exists():
        return []
    may_name, may_invite = policy.may(user, "appearance.change"), policy.may(user, "user.add")
    return [*([_name()] if may_name else []), *([_invite()] if may_invite else []), _write(user)]


def _name():
    return FirstStep(
        _("Name the site"),
        _("Its name, a logo, its colours and its typeface."),
        _("Choose how it looks"),
        reverse("admin:blog_appearance_changelist"),
        Appearance.objects.exists(),
    )


def _invite():
    return FirstStep(
        _("Invite your colleagues"),
        _("Each has an account of their own and a role: author, editor, moderator or administrator."),
        _("Add a person"),
        reverse("admin:auth_user_add"),
        get_user_model()._default_manager.filter(is_staff=True, is_active=True).count() > 1,
    )


def _write(user):
    return FirstStep(
        _("Write the first post, or import those you have"),
        _("An export of WordPress is read by a command: manage.py import_wordpress. Nothing is taken in twice."),
        _("Write a post"),
        reverse("admin:blog_post_add"),
        Post.objects.exists(),
    )
