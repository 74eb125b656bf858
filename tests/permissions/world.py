"""A small newspaper to walk through: people of every sort, and posts in every state, each made by the site's verbs."""

from dataclasses import dataclass, field
from datetime import timedelta
from itertools import product
from types import SimpleNamespace
from uuid import uuid4

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import AnonymousUser, Group, User
from django.utils import timezone

from blog.appearance.models import Appearance
from blog.comments import groups
from blog.comments.models import Comment
from blog.editing import desk, saving
from blog.moderation import bans, batches
from blog.moderation.models import PersonNote, RemovalReason, Report
from blog.newsletter.models import Edition, Subscriber
from blog.planning.models import SavedFilter
from blog.posts import steps
from blog.posts.images import Image
from blog.posts.models import Post
from blog.receipts.models import Appeal
from blog.review import notes, seats
from blog.screening.models import ListedWord
from blog.tags.models import Tag
from tests.factories import make_byline, make_comment, make_post, make_published, make_user

YESTERDAY, NEXT_WEEK = timedelta(days=-1), timedelta(days=7)


@dataclass(frozen=True)
class State:
    """How a post comes into a state, and which steps are possible there, whoever may take them."""

    way: str
    steps: str
    is_public: bool = False


NEW, SENT_BACK = "submit publish schedule", "submit changes"
STATES = {
    "draft": State("", NEW),
    "in review": State("submit", "publish schedule changes withdraw"),
    "changes requested": State(SENT_BACK, NEW),
    "scheduled": State("schedule", "now unschedule"),
    "published": State("rewrite publish", "unpublish archive", is_public=True),
    "archived": State("publish archive", "unarchive"),
    "taken off": State("publish unpublish", NEW),
    "update": State("publish rewrite", f"{NEW} discard unpublish", is_public=True),
    "update in review": State(
        "publish rewrite submit", "publish schedule changes withdraw unpublish", is_public=True
    ),
    "update with changes requested": State(
        f"publish rewrite {SENT_BACK}", f"{NEW} discard unpublish", is_public=True
    ),
    "scheduled update": State("publish rewrite schedule", "now unschedule unpublish", is_public=True),
    "scheduled update, rewritten": State(
        "publish rewrite schedule rewrite", f"{NEW} unschedule unpublish", is_public=True
    ),
    "update of a scheduled post": State("schedule rewrite", "submit publish now discard unpublish"),
}  # fmt: skip


def content(title, **fields):
    """A text in which the gate finds nothing."""
    words = {"title": title, "standfirst": f"Om {title}.", "body": f"<p>{title} och mer.</p>", "sign_off": ""}
    return words | {"language": "sv", "tags": ["Språk"], "bylines": [], "cover": None, "sources": []} | fields


def make_in_state(state, by, editor, words=content):
    """Return a post in one of the STATES; `words` gives the content of each of its texts, from the text's title."""
    post = Post(title=state, publish_at=timezone.now() + NEXT_WEEK)
    post.slug = f"{by.username}-{state}".replace(" ", "-").replace(",", "")
    saving.begin(post, words(state), by=by)
    for number, step in enumerate(STATES[state].way.split()):
        post = Post.objects.select_related("pending").get(pk=post.pk)
        if step == "rewrite":
            saving.save(post, words(f"{state} {number}"), base=post.head, by=by)
        else:
            # Published yesterday, not in this moment: the transaction of the test began before it.
            hour = YESTERDAY if step == "publish" else NEXT_WEEK
            name = "schedule" if step == "publish" else step
            steps.take(name, post, by=editor, note="Skäl", publish_at=timezone.now() + hour)
    return Post.objects.select_related("pending").get(pk=post.pk)


@dataclass
class World:
    people: dict
    posts: dict = field(default_factory=dict)  # by owner's name and state
    differences: dict = field(default_factory=dict)  # what Place has found out


def make_world(owners, states=STATES, words=content):
    world = World(make_people())
    editor = world.people["editor in chief"]
    for owner, state in product(owners, states):
        post = make_in_state(state, world.people[owner], editor, words)
        post.seat, post.key = seats.invite(post, name="Eva Gäst", by=editor, valid_for=NEXT_WEEK)
        post.note = notes.write(post, by=editor, text="Stryk.", revision=post.head, form_key=uuid4())[0]
        world.posts[owner, state] = post
        if state == "draft":
            desk.keep(world.people[owner], _Typed(title=["Ofärdigt"]), post=post)
    world.kept = world.people["author"], world.posts.get(("author", "draft"))
    _make_things(world, world.people["another"], editor)
    return world


def make_people():
    people = {role: make_user(role) for role in ("author", "editor", "moderator", "administrator")}
    people |= {"another": make_user("author", "another"), "editor in chief": make_user("editor", "chief")}
    people["former staff"] = make_user("administrator", "former")
    people["dismissed"] = make_user("editor", "dismissed")
    people["without a role"] = User.objects.create_user("temp", password="correct horse", is_staff=True)
    people["reader"] = User.objects.create_user("reader", password="correct horse")
    User.objects.filter(username="former").update(is_staff=False)
    User.objects.filter(username="dismissed").update(is_active=False)
    return {name: User.objects.get(pk=user.pk) for name, user in people.items()} | {"anonymous": AnonymousUser()}


def _make_things(world, another, editor):
    world.byline = make_byline("Karin Ek", user=another)
    world.unused_byline = make_byline("Nils Alm")
    world.image = Image.objects.create(key="a" * 16, width=400, height=300, alt="En mås")
    world.tag, world.other_tag = Tag.objects.create(name="Kök"), Tag.objects.create(name="Hav")
    world.talk = make_published("Samtal", tags=["Språk"], bylines=[world.byline], created_by=another)
    world.talk_path = world.talk.get_absolute_url()
    world.talk_year, world.talk_month = world.talk_path[:6], world.talk_path[:9]
    world.talk_sitemap = f"/sitemap-{world.talk_path[1:5]}-{world.talk_path[6:8]}.xml"
    first, second, world.held = (make_comment(world.talk, text) for text in ("Samma ord.", "Samma ord.", "Väntar."))
    world.same = [first, second]
    Comment.objects.filter(pk=world.held.pk).update(state="held")
    Report.objects.create(comment=world.held, reason="abuse", note="Han menar mig.")
    Appeal.objects.create(comment=world.held, text="Det var ironi.")
    removed = make_comment(world.talk, "Borttagen.")
    world.batch = batches.moderate("remove", Comment.objects.filter(pk=removed.pk), by=editor)
    world.ban = bans.ban("person", removed, by=editor).ban
    world.word, world.reason = ListedWord.objects.create(word="kasino"), RemovalReason.objects.order_by("-pk").first()
    groups.catch_up()
    world.group_of_same = first.membership.group
    world.reason = RemovalReason.objects.first()
    key = world.held.author_key
    world.person_note = PersonNote.objects.create(author_key=key, text="Varnad i maj.", by=editor)
    world.filter = SavedFilter.objects.create(user=another, name="Mina", query="state=draft")
    world.form_key = uuid4()
    world.begun = make_post("Redan sparad", created_by=another, form_key=uuid4())
    desk.keep(another, _Typed(title=["Ofärdigt"]), form_key=world.form_key)
    world.key = Authenticator.objects.create(user=another, type="webauthn", data={"name": "Nyckel"})
    world.group = Group.objects.get(name="author")
    world.event = next(iter(world.posts.values())).events.first()
    world.appearance = Appearance.objects.create(pk=1)
    world.subscriber = Subscriber.objects.create(email="bo@lasare.example", confirmed_at=timezone.now())
    two_days_ago = timezone.now() - timedelta(days=2)  # what was published since is in the next one
    world.edition = Edition.objects.create(due_at=two_days_ago, made_at=two_days_ago, receivers=1)
    world.edition.deliveries.create(subscriber=world.subscriber)
    world.victim = world.people["editor in chief"]


class _Typed(SimpleNamespace):
    """As much of a QueryDict as `desk.keep` asks for."""

    def lists(self):
        return vars(self).items()
