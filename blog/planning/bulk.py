"""The same change in many posts, each in a transaction of its own: what somebody else saves meanwhile stays."""

from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from blog import policy
from blog.editing import saving
from blog.posts import revisions
from blog.posts.events import Event, Kind
from blog.posts.models import Post

MAX_POSTS = 500  # changed at once


@dataclass
class Outcome:
    changed: int = 0
    skipped: list = field(default_factory=list)  # of (title, why)


def bulk_tag(posts, add, remove, by):
    """Give each post the tags named in `add`, and take those in `remove` off; return the Outcome.

    Each change is a version of the newest text, which for an approved post waits for approval like any other.
    """
    unwanted = {name.casefold() for name in remove}

    def retag(content):
        kept = [name for name in content["tags"] if name.casefold() not in unwanted]
        there = {name.casefold() for name in kept}
        new = [name for name in dict.fromkeys(add) if name.casefold() not in there | unwanted]
        return content | {"tags": sorted([*kept, *new])}

    return _each(posts, lambda post: _rewrite(post, retag, by, _("tags changed in several posts")))


def sign(posts, byline, by):
    """Put `byline` in the place of the bylines of each post; return the Outcome."""

    def resign(content):
        return content | {"bylines": [byline.pk]}

    return _each(posts, lambda post: _rewrite(post, resign, by, _("byline changed in several posts")))


def assign(posts, reviewer, by):
    """Make `reviewer` the one who reviews each post; return the Outcome."""
    return _each(posts, lambda post: _assign(post, reviewer, by))


class _Skipped(Exception):
    """This post is left as it is; the message says why."""


def _each(posts, change):
    outcome = Outcome()
    for post in posts:
        try:
            with transaction.atomic():
                locked = Post.objects.locked().filter(pk=post.pk)
                change(_found(locked.first()))
            outcome.changed += 1
        except _Skipped as reason:
            outcome.skipped.append((post.title, str(reason)))
    return outcome


def _found(post):
    if post is None:
        raise _Skipped(_("it was deleted meanwhile"))
    return post


def _rewrite(post, change, by, note):
    if not policy.may(by, "post.change", post):
        raise _Skipped(_("you may not change it"))
    former = revisions.newest_content(post)
    changed = change(former)
    if changed == former:
        raise _Skipped(_("it is so already"))
    saving.save(post, changed, base=post.head, by=by, note=note)  # the row is locked: nothing newer can be there


def _assign(post, reviewer, by):
    if not policy.may(by, "post.assign", post):
        raise _Skipped(_("you may not assign its reviewer"))
    if post.reviewer == reviewer:
        raise _Skipped(_("it is so already"))
    Post.objects.filter(pk=post.pk).update(reviewer=reviewer)
    Event.record(post, Kind.ASSIGNED, by=by, note=str(reviewer), former=post.status)
