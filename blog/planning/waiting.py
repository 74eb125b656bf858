"""My desk: what of the posts waits for a person, and whether the worker is alive."""

from dataclasses import dataclass
from datetime import timedelta

from django.contrib.humanize.templatetags.humanize import naturaltime
from django.db.models import Case, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from blog import policy
from blog.editing.models import Autosave
from blog.posts.effects import Heartbeat
from blog.posts.events import Event, Kind
from blog.posts.models import Post
from blog.posts.steps import hour, situation
from blog.posts.workflow import IN_WORK, Status
from blog.review.models import Note

SHOWN = 8  # things in one part of the desk
SOON = timedelta(days=7)
WORKER = "worker"  # its heartbeat's name
SILENT = timedelta(minutes=3)  # a worker that lives says so every minute
MAX_REMARK = 120  # characters


@dataclass
class Part:
    """One part of the desk: what lies there, and the address of all of it."""

    title: str
    url: str
    lines: list  # of (text, address, remark)
    total: int | str | None = None  # where there may be more than the lines show; "1000+" for very many
    empty: str = ""  # what it says where nothing lies in it


@dataclass
class Light:
    """Whether the worker is alive, in words."""

    is_green: bool
    words: str


def parts_for(user, now=None):
    """Return the Parts about posts that `user` may see, each from two queries and a bounded number of rows.

    Some are there only while something lies in them.
    """
    parts = [_scheduled(user)] if policy.may(user, "post.view") else []
    if policy.may(user, "post.add"):
        today = timezone.localdate(now)
        passing = [_sent_back(user), _open_notes(user), _unsaved(user), _due(user, today)]
        parts = [*(part for part in passing if part.lines), _drafts(user), *parts]
    if policy.may(user, "post.approve"):
        parts = [_to_review(user), *parts]
    return parts


def light(now=None):
    """Return the Light of the worker. Publishing needs none: its hour is a query."""
    now = now or timezone.now()
    beat = Heartbeat.objects.filter(name=WORKER).first()
    if beat is None:
        return Light(False, _("No worker has run yet: publishing goes on, mails and link checks wait."))
    if now - beat.at <= SILENT:
        return Light(True, _("The worker was alive %(ago)s.") % {"ago": naturaltime(beat.at)})
    return Light(
        False,
        _("No sign of the worker since %(hour)s: publishing goes on, mails and link checks wait.")
        % {"hour": hour(beat.at)},
    )


def for_review_by(user, posts):
    """Those in review that are this person's, or nobody's yet."""
    return posts.in_state(Status.IN_REVIEW).filter(Q(reviewer=user) | Q(reviewer=None))


def pressing(posts, today):
    """Those in work that are due within a week, or overdue."""
    return posts.in_state(*IN_WORK).filter(due_on__lte=today + SOON)


def scheduled(posts):
    """Those of which a text, perhaps an update, is approved for a later hour."""
    updates = Post.objects.filter(pending__approved__isnull=False).values("pk")
    return posts.filter(pk__in=Post.objects.scheduled().values("pk").union(updates))


def _to_review(user):
    mine = Case(When(reviewer=user, then=Value(0)), default=Value(1))
    posts = for_review_by(user, Post.objects.all())
    posts = posts.order_by(mine, "-priority", F("due_on").asc(nulls_last=True), "updated_at")
    empty = _("Every text is read. Here lies what an author submits.")
    return _posts(_("Waiting for my review"), posts, "whose=review", _assigned, empty)


def _sent_back(user):
    asked = Event.objects.filter(post=OuterRef("pk"), kind=Kind.CHANGES_REQUESTED).newest_first()
    posts = Post.objects.by(user).in_state(Status.CHANGES_REQUESTED).annotate(asked=Subquery(asked.values("note")[:1]))
    return _posts(_("Sent back to me"), posts.order_by("-updated_at"), "whose=mine&state=changes_requested", _note)


def _open_notes(user):
    notes = Note.objects.filter(post__in=Post.objects.by(user), parent=None, resolved_at=None)
    notes = notes.exclude(user=user).exclude(post__status=Status.ARCHIVED)
    newest = notes.select_related("post").defer("post__body", "post__search").order_by("-pk")[:SHOWN]
    lines = [
        (_short(note.text), reverse("preview", args=[note.post_id]), f"{note.name}: {note.post}") for note in newest
    ]
    return Part(_("Open notes on my texts"), _list("whose=mine"), lines, notes.count())


def _drafts(user):
    posts = Post.objects.by(user).in_state(Status.DRAFT).order_by("-updated_at")
    empty = _("You have no draft. What you save lies here until you hand it in.")
    return _posts(_("My drafts"), posts, "whose=mine&state=draft", empty=empty)


def _unsaved(user):
    kept = Autosave.objects.filter(user=user)
    newest = kept.select_related("post").defer("post__body", "post__search")[:SHOWN]
    lines = [(_unsaved_title(each), _unsaved_address(each), hour(each.at)) for each in newest]
    return Part(_("My unsaved texts"), lines[0][1] if lines else _list("whose=mine"), lines, kept.count())


def _unsaved_title(kept):
    typed = " ".join(kept.fields.get("title", []))
    return typed or str(kept.post or _("A new text"))


def _unsaved_address(kept):
    if kept.post:
        return _address(kept.post) + "?unsaved=1"
    return f"{reverse('admin:blog_post_add')}?unsaved={kept.form_key}"


def _due(user, today):
    posts = Post.objects.all() if policy.may(user, "post.assign") else Post.objects.by(user)
    posts = pressing(posts, today).order_by("due_on", "-priority", "pk")
    return _posts(_("Due soon"), posts, "whose=due", lambda post: _due_words(post, today))


def _scheduled(user):
    hours = Coalesce("pending__publish_at", "publish_at")
    posts = scheduled(Post.objects.seen_by(user)).order_by(hours, "pk")
    empty = _("Nothing is scheduled. Give a text an hour, and it goes out by itself.")
    return _posts(_("Scheduled next"), posts, "whose=scheduled", empty=empty)


def _posts(title, posts, query, remark=situation, empty=""):
    newest = posts.select_related("pending", "reviewer").defer("body", "search")[:SHOWN]
    lines = [(post.title, _address(post), remark(post)) for post in newest]
    return Part(title, _list(query), lines, posts.count(), empty)


def _list(query):
    return f"{reverse('admin:blog_post_changelist')}?{query}"


def _address(post):
    return reverse("admin:blog_post_change", args=[post.pk])


def _assigned(post):
    due = _("due %(day)s") % {"day": date_format(post.due_on, "j F")} if post.due_on else ""
    return "; ".join(filter(None, ["" if post.reviewer else _("without a reviewer"), due]))


def _note(post):
    return _short(post.asked or "")


def _due_words(post, today):
    day = {"day": date_format(post.due_on, "j F")}
    return _("overdue since %(day)s") % day if post.due_on < today else _("due %(day)s") % day


def _short(text):
    return text if len(text) <= MAX_REMARK else text[: MAX_REMARK - 1].rstrip() + "…"
