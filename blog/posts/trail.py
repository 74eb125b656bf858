"""A post's versions and the events of its audit trail, as one list in time."""

from collections import defaultdict
from dataclasses import dataclass
from heapq import merge
from itertools import islice

from django.utils.translation import gettext as _

from blog.posts import steps
from blog.posts.events import Event
from blog.posts.revisions import Revision
from blog.posts.workflow import Status

PAGE = 50


@dataclass
class Page:
    """A page of the trail, newest first, and what leads to the older ones."""

    lines: list  # Revisions, each with its `marks`, and Events, each with its `states`
    version: int | None = None  # the oldest version's number and the oldest event's key up to here,
    event: int | None = None
    has_older: bool = False


def page(post, version=None, event=None):
    """Return the Page below a version's number and an event's key. Two queries, of at most 51 rows each.

    The clock only mixes the two: each of them is in its own order, so no line is missed or told twice.
    """
    versions = post.revisions.defer("content").select_related("by").order_by("-number")
    events = Event.objects.filter(post=post.pk).newest_first()
    versions = versions if version is None else versions.filter(number__lt=version)
    events = events if event is None else events.filter(pk__lt=event)
    both = merge(versions[: PAGE + 1], events[: PAGE + 1], key=lambda line: line.at, reverse=True)
    lines = list(islice(both, PAGE + 1))
    page = Page(lines[:PAGE], version, event, has_older=len(lines) > PAGE)
    marks = marks_of(post)
    for line in page.lines:
        if isinstance(line, Revision):
            page.version, line.marks = line.number, marks[line.number]  # type: ignore[attr-defined]
        else:
            page.event, line.states = line.pk, states(line)
    return page


def marks_of(post):
    """Return a defaultdict: the number of a version → what is special about it, in words."""
    marks, update = defaultdict(list), getattr(post, "pending", None)
    if post.is_public():
        marks[post.shown].append(_("published version"))
    elif post.status == Status.APPROVED:
        marks[post.shown].append(_approved_for(post))
    if update and update.approved:
        marks[update.approved].append(_approved_for(update))
    marks[post.head].append(_("newest"))
    return marks


def states(event):
    """Return an event's states in words, "Draft → In review"; one where it changed none."""
    labels = dict(Status.choices)  # the trail outlives also a state that the workflow gives up
    both = dict.fromkeys(filter(None, [event.from_status, event.to_status]))
    return " → ".join(str(labels.get(status, status)) for status in both)


def _approved_for(text):
    return _("approved for %(hour)s") % {"hour": steps.hour(text.publish_at)}
