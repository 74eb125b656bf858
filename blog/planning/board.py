"""The board: the texts in work and those just out, in columns by the state of the newest text."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, F, OuterRef, Prefetch, Q, Subquery, prefetch_related_objects
from django.db.models.functions import Coalesce, Now
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from blog.posts import steps
from blog.posts.models import Authorship, Post
from blog.posts.workflow import IN_WORK, Status
from blog.review.models import Note

SHOWN = 50  # cards of a column
STAYS = timedelta(days=14)  # how long a published post stays on the board

APPROVED = Q(pending__status=Status.APPROVED) | Q(pending=None, status=Status.APPROVED, publish_at__gt=Now())
PUBLISHED = Q(pending=None, status=Status.APPROVED, publish_at__lte=Now(), publish_at__gt=Now() - STAYS)
MOST_PRESSING = ["-priority", F("due_on").asc(nulls_last=True), "updated_at", "pk"]
HOUR = Coalesce("pending__publish_at", "publish_at")


def _in_state(status):
    return Q(pending=None, status=status) | Q(pending__status=status)


@dataclass(frozen=True)
class Place:
    """What a column is for: which posts in which order, the steps that lead there, and all of them in the list."""

    name: Promise
    condition: Q
    order: list
    steps: tuple
    query: str


PLACES = {
    "draft": Place(
        _("Drafts"),
        _in_state(Status.DRAFT),
        MOST_PRESSING,
        (steps.WITHDRAW, steps.UNSCHEDULE, steps.UNPUBLISH),
        "state=draft",
    ),
    "changes": Place(
        _("Changes requested"),
        _in_state(Status.CHANGES_REQUESTED),
        MOST_PRESSING,
        (steps.CHANGES,),
        "state=changes_requested",
    ),
    "review": Place(_("In review"), _in_state(Status.IN_REVIEW), MOST_PRESSING, (steps.SUBMIT,), "state=in_review"),
    "approved": Place(_("Scheduled"), APPROVED, [HOUR, "pk"], (steps.SCHEDULE,), "whose=scheduled"),
    "published": Place(
        _("Published in the last 14 days"),
        PUBLISHED,
        ["-publish_at", "-pk"],
        (steps.PUBLISH, steps.NOW),
        "state=published",
    ),
}
LEADS_TO = {step: key for key, place in PLACES.items() for step in place.steps}


@dataclass
class Column:
    key: str
    name: str
    cards: list
    total: int
    query: str  # of the list of posts, for all of them


@dataclass
class Card:
    post: Post
    steps: list  # pairs of a Step and the key of the column to which it leads, or ""
    is_update: bool
    is_overdue: bool
    hour: str


def columns(user, chosen, now=None):
    """Return the Columns with what `user` may see of the posts that the condition `chosen` names.

    A column shows its SHOWN most pressing cards, and says how many there are. Nine queries, however many posts.
    """
    posts = steps.with_last_version_by(user, Post.objects.seen_by(user).filter(chosen))
    totals = posts.aggregate(**{key: Count("pk", filter=place.condition) for key, place in PLACES.items()})
    rows = {
        key: list(_with_all_shown(posts.filter(place.condition)).order_by(*place.order)[:SHOWN])
        for key, place in PLACES.items()
    }
    signed = Prefetch("authorships", Authorship.objects.select_related("byline"))
    prefetch_related_objects([post for column in rows.values() for post in column], signed, "bylines")
    today = timezone.localdate(now)
    return [
        Column(key, str(place.name), [_card(user, post, today) for post in rows[key]], totals[key], place.query)
        for key, place in PLACES.items()
    ]


def _with_all_shown(posts):
    notes = Note.objects.filter(post=OuterRef("pk"), parent=None, resolved_at=None)
    counted = notes.order_by().values("post").annotate(number=Count("pk")).values("number")
    return posts.select_related("pending", "reviewer").defer("body", "search").annotate(open_notes=Subquery(counted))


def _card(user, post, today):
    text = post.newest
    following = [(step, LEADS_TO.get(step.name, "")) for step in steps.next_steps(user, post)]
    is_overdue = post.due_on is not None and post.due_on < today and text.status in IN_WORK
    return Card(post, following, text is not post, is_overdue, text.publish_at and steps.hour(text.publish_at))
