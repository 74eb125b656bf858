"""Saving a text that others may be writing too: every save names the version it started from, and nothing is lost."""

from dataclasses import dataclass

from django.conf import settings
from django.db import transaction

from blog.posts import revisions
from blog.posts.events import Event, Kind
from blog.posts.models import Post
from blog.posts.updates import PendingUpdate
from blog.posts.workflow import Status
from blog.text.merging import merge_content, resolve


@dataclass
class Saved:
    """What a save came to: the number of the newest version now."""

    number: int
    is_new: bool  # False: nothing was different from the newest version
    is_merged: bool  # somebody else's changes were there, and are in it


class Clashing(Exception):
    """Somebody else changed the same place. Nothing was saved; `clashes` holds both texts of each place."""

    def __init__(self, clashes, head):
        super().__init__()
        self.clashes, self.head = clashes, head


@transaction.atomic
def begin(post, content, *, by):
    """Store the new `post`, not saved yet, with its first version."""
    post.created_by = by
    post.save()
    revisions.put(post, revisions.record(post, content, by=by))
    Event.record(post, Kind.CREATED, by=by)


@transaction.atomic
def save(post, content, *, base, by, note="", seen=None, choices=None, settled_at=None):
    """Add `content` as a version of `post`, which began as version `base`, and return Saved.

    What others saved since is merged into it. `seen` holds those fields of the content that the form showed, where
    they may differ from the stored version (a tag was renamed). Clashes raise Clashing, unless `choices`, as for
    `text.merging.resolve`, settles them; they were made when the version `settled_at` was the newest.
    The text of an approved post becomes a pending update, unless settings.REAPPROVE_CHANGES is off.
    """
    post = Post.objects.locked().get(pk=post.pk)
    theirs = revisions.newest_content(post)
    beginning = revisions.content_at(post, base) | (seen or {})
    merge = merge_content(beginning, content, theirs)
    is_settled = settled_at == post.head and all((each.field, each.place) in choices for each in merge.clashes)
    if merge.clashes and not is_settled:
        raise Clashing(merge.clashes, post.head)
    merged = resolve(beginning, content, theirs, choices) if merge.clashes else merge.content
    if merged == theirs:
        return Saved(post.head, False, False)
    revisions.keep_found(post)
    number = revisions.record(post, merged, by=by, note=note)
    _place(post, number, by=by)
    return Saved(number, True, merged != content)


def _place(post, number, *, by):
    is_pending = PendingUpdate.objects.filter(post=post).exists()  # begun before the setting was switched off
    if post.status == Status.APPROVED and (settings.REAPPROVE_CHANGES or is_pending):
        PendingUpdate.begin(post, by=by)
    else:
        revisions.put(post, number)
