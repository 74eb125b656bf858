"""The map of the walk: every address, the action that the table must allow to read there, and what can be done there.

It says what the site should do, and asks none of the site's own code about it.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from blog.appearance.models import COLOURS, DARK, LIGHT
from blog.comments.forms import token_for
from blog.moderation.forms import ReportForm
from blog.moderation.models import RemovalReason
from blog.newsletter.forms import token as newsletter_token
from blog.posts import revisions

EVERYBODY, SIGNED_IN, NOBODY = "everybody", "signed in", "nobody"
EITHER = "either"  # a page of signing in: it depends on what was done before
READERS = "readers"  # of a post that is published
LIST = "list"  # of those posts that the person may see


@dataclass(frozen=True)
class Deed:
    """What a POST does: the action that it needs, others that add to what it may write, and where it has an effect."""

    action: str
    body: Callable = lambda place: {}
    also: str = ""
    takes_effect: Callable | None = None  # None: always
    keeps: bool = False  # what was typed in vain, for its writer alone


@dataclass(frozen=True)
class Visit:
    """`path` is filled in from a Place; `read` is the action for GET."""

    path: str
    read: str
    deeds: tuple = ()


def visit(path, read, *deeds):
    return Visit(path, read, deeds)


# Fields that are in no form, or not in everybody's. They are sent along with everything.
FORGED = {
    "status": "approved", "state": "visible", "head": "99", "shown": "99", "approved": "1",
    "first_published_at": "2001-01-01 10:00", "created_by": "{person.pk}", "by": "{person.pk}", "user": "{person.pk}",
    "invited_by": "{person.pk}", "post": "{other.pk}", "is_superuser": "on", "user_permissions": "1", "key_hash": "0",
}  # fmt: skip


# --- A post's own addresses, walked for each post


def _form(place, **typed):
    """The form of a post with all the fields that anybody's has, each changed."""
    post = place.post or place.world.begun
    # Readers have what is public: its hour is not moved by a form.
    hour = timezone.localtime(post.publish_at if post.is_public() else timezone.now() + timedelta(days=30))
    content = revisions.newest_content(post)
    base = {"revision": post.head, "seen": content}
    return {
        "title": "Ändrad rubrik",
        "standfirst": content["standfirst"],
        "body": content["body"],
        "language": "sv",
        "tags": "Språk",
        "base": json.dumps(base),
        "slug": f"andrad-{post.pk}",
        "publish_at_0": f"{hour:%Y-%m-%d}",
        "publish_at_1": f"{hour:%H:%M:%S}",
        "comment_policy": "closed",
        "comments_close_after_days": "7",
        "comments_pause_minutes": "5",
        "reviewer": place.world.people["editor in chief"].pk,
        "due_on": "2030-01-01",
        "priority": "1",
        "relations-TOTAL_FORMS": "1",
        "relations-INITIAL_FORMS": "0",
        "relations-0-kind": "follow_up",
        "relations-0-to": place.world.talk.pk,
    } | typed  # fmt: skip


def _answer(place):
    month = timezone.localtime() + timedelta(days=30)
    hour = {"publish_at_0": f"{month:%Y-%m-%d}", "publish_at_1": "10:00:00"}
    return {"confirmed": "1", "note": "Skäl", "reason": "Skäl", "revision": place.post.head} | hour


def _moved(text, **fields):
    month = timezone.localtime() + timedelta(days=30)
    seen = text.publish_at.isoformat() if text and text.publish_at else ""
    return {"hour_0": f"{month:%Y-%m-%d}", "hour_1": "10:00", "seen": seen} | fields


def _waits_for_its_hour(place):
    return not place.state.is_public and place.name != "archived"


def _has_step(name):
    return lambda place: name in place.state.steps.split()


def _is_public(place):
    return place.state.is_public


STEPS = {
    "submit": "post.submit", "withdraw": "post.withdraw", "discard": "post.discard", "publish": "post.approve",
    "schedule": "post.approve", "changes": "post.approve", "now": "post.approve", "unschedule": "post.approve",
    "unpublish": "post.approve", "archive": "post.approve", "unarchive": "post.approve",
}  # fmt: skip
ADMIN, PREVIEW = "/admin/blog/post/{post.pk}/", "/preview/{post.pk}/"
PUBLIC = "{post_path}"
OF_POSTS = [
    visit(ADMIN, "desk.view"),
    visit(
        ADMIN + "change/", "post.view",
        Deed("post.change", _form, "post.plan post.assign post.relate hour", keeps=True),
        Deed("post.change", lambda place: _form(place, _step="publish"), "post.plan post.assign post.relate hour step",
             keeps=True),
    ),
    visit(ADMIN + "history/", "desk.view"),
    visit(ADMIN + "delete/", "post.delete", Deed("post.delete", lambda place: {"post": "yes"})),
    *[
        visit(f"{ADMIN}step/{name}/", action, Deed(action, _answer, takes_effect=_has_step(name)))
        for name, action in STEPS.items()
    ],
    visit("/admin/correct/{post.pk}/", "post.correct",
          Deed("post.correct", lambda place: {"text": "Fel år."}, takes_effect=_is_public)),
    visit("/admin/address/{post.pk}/?slug=ny-adress", "post.rename",
          Deed("post.rename", lambda place: {"slug": f"ny-{place.post.pk}", "former": place.post.slug})),
    visit("/admin/versions/{post.pk}/", "post.view"),
    visit("/admin/versions/{post.pk}/1/", "post.view"),
    visit("/admin/versions/{post.pk}/compare/?from=1&to={post.head}", "post.view"),
    visit("/admin/versions/{post.pk}/1/restore/", NOBODY,
          Deed("post.change", lambda place: {"base": place.post.head}, takes_effect=lambda place: place.post.head > 1)),
    visit("/admin/autosave/{post.pk}/", NOBODY, Deed("post.change", lambda place: {"title": "Halvfärdigt"})),
    visit("/admin/autosave/{post.pk}/forget/", NOBODY,
          Deed("post.add", takes_effect=lambda place: (place.person, place.post) == place.world.kept)),
    visit("/admin/calendar/move/{post.pk}/", NOBODY,
          Deed("hour", lambda place: _moved(place.post), takes_effect=_waits_for_its_hour),
          Deed("hour of update", lambda place: _moved(place.update, of_update="on"),
               takes_effect=lambda place: bool(place.update and place.update.publish_at))),
    visit("/admin/bulk/", NOBODY,
          Deed("post.change", lambda place: {"post": place.post.pk, "add": "Nytt", "byline": place.world.byline.pk,
               "reviewer": place.world.people["editor in chief"].pk}, "post.assign")),
    visit("/admin/blog/post/", LIST,
          Deed("post.delete", lambda place: {"action": "delete_selected", "_selected_action": place.post.pk,
               "post": "yes"}),
          Deed("post.change", lambda place: {"action": "change_several", "_selected_action": place.post.pk},
               takes_effect=lambda place: False)),
    visit(PREVIEW, "post.preview"),
    visit(PREVIEW + "notes/", NOBODY,
          Deed("post.note", lambda place: {"text": "Se här.", "form_key": uuid4(), "revision": place.post.head})),
    visit(PREVIEW + "notes/{post.note.pk}/", NOBODY, Deed("post.resolve", lambda place: {"resolved": "1"})),
    visit("/admin/review/{post.pk}/", "post.invite",
          Deed("post.invite", lambda place: {"name": "Nils Gäst", "email": "", "days": "7",
               "form_key": uuid4()})),
    visit("/admin/review/{post.pk}/{post.seat.pk}/", NOBODY,
          Deed("post.invite", lambda place: {"renew": "1", "mark": place.post.seat.mark}), Deed("post.invite")),
    visit(PUBLIC, READERS),
    visit(PUBLIC + "comments/feed/", READERS),
    visit(PUBLIC + "comments/new/", READERS, Deed(READERS, takes_effect=lambda place: False)),
    visit(PUBLIC + "comments/since/0/", READERS),
    visit(PUBLIC + "comments/1/feed/", NOBODY),
    visit(PUBLIC + "comments/1/", NOBODY),
    visit(PUBLIC + "comments/write/", READERS,
          Deed(READERS, lambda place: {"name": "Ada", "text": "Bra.", "token": token_for(place.post)})),
]  # fmt: skip


# --- Everything else, walked once


def crud(name, thing, noun, *, listed=(), **bodies):
    """The addresses of a kind of thing in the admin. `bodies` are those of the forms that there are."""
    base = f"/admin/{name}/"
    one = f"{base}{{world.{thing}.pk}}/"
    add, change = (
        [Deed(f"{noun}.{verb}", lambda place, verb=verb: bodies[verb](place))] if verb in bodies else []
        for verb in ("add", "change")
    )
    delete = [Deed(f"{noun}.delete", lambda place: {"post": "yes"})]
    chosen = {"action": "delete_selected", "post": "yes"}
    several = Deed(f"{noun}.delete", lambda place: chosen | {"_selected_action": getattr(place.world, thing).pk})
    return [
        visit(base, f"{noun}.view", several, *listed),
        visit(f"{base}add/", f"{noun}.add", *add),
        visit(one, "desk.view"),
        visit(f"{one}change/", f"{noun}.view", *change),
        visit(f"{one}history/", f"{noun}.view"),
        visit(f"{one}delete/", f"{noun}.delete", *delete),
    ]


def _person(place, **typed):
    roles = {"is_active": "on", "is_staff": "on", "groups": place.world.group.pk}
    return {"username": "ny", "is_superuser": "on"} | roles | typed


def _chosen(action):
    return lambda place: {"action": action, "_selected_action": [place.world.held.pk]}


def _picked(action):
    return lambda place: {"action": action, "_selected_action": [each.pk for each in place.world.same]}


def _copies(place, deed):
    group, (first, second) = place.world.group_of_same.pk, place.world.same
    reason = {f"reason-{group}": RemovalReason.objects.first().pk}
    return {deed: group, "comment": second.pk, f"keep-{group}": first.pk, f"seen-{second.pk}": "visible"} | reason


def _at_a_row(action, **fields):
    return lambda place: {"action": action, "comment": f"{place.world.held.pk} held"} | fields


def _removal(place):
    return {"because": place.world.reason.pk, "note": "Håll dig till ämnet."}


def _reported(place):
    return {"reason": "spam", "token": ReportForm(comment=place.world.same[0]).initial["token"]}


def _subscription(place):
    return {"email": "ny@lasare.example", "language": "sv", "token": newsletter_token()}


def _reason(place):
    words = {f"{name}_{language}": "Nytt" for name in ("name", "statement") for language in ("sv", "en")}
    return words | {"position": "9"}


def _merged(place):
    tags = [place.world.tag.pk, place.world.other_tag.pk]
    return {"action": "merge", "_selected_action": tags, "into": tags[0]}


LIGHT_AND_DARK = dict(zip(COLOURS, (*LIGHT, *DARK), strict=True))
PASSWORDS = {"password1": "en ny fras om hav", "password2": "en ny fras om hav", "usable_password": "true"}
NO_LINKS = {"links-TOTAL_FORMS": "0", "links-INITIAL_FORMS": "0"}
AUTOCOMPLETE = "/admin/autocomplete/?term=a&app_label=blog&model_name="
ACCOUNT = "/admin/account/"
FACTOR = ACCOUNT + "two-factor/"
ELSEWHERE = [
    *[visit(path, EVERYBODY) for path in (
        "/", "/search/", "/search/?q=ord", "/archive/", "/tag/sprak/", "/tag/sprak/feed/", "/author/karin-ek/",
        "/author/karin-ek/feed/", "/feed/", "/feed/atom/", "/sitemap.xml", "/sitemap-tags.xml", "{world.talk_sitemap}",
        "/robots.txt", "/healthz", "/readyz", "/manifest.webmanifest", "/look/0.css", "/favicon.ico", "/worker.js",
        "/offline/",
        "{world.talk_year}",
        "{world.talk_month}", "{world.talk_path}", "{world.talk_path}comments/1/", "{world.talk_path}comments/feed/",
        "{world.talk_path}comments/1/feed/",
        ACCOUNT + "inactive/", "/newsletter/thanks/",
    )],
    visit("/newsletter/", EVERYBODY, Deed(EVERYBODY, _subscription)),
    *[visit(path, NOBODY) for path in (
        "/media/finns-inte.jpg", "/metrics",
        "/review/fel.nyckel/", "/review/fel.nyckel/notes/", "/review/fel.nyckel/decision/",
        "/newsletter/confirm/fel.nyckel/", "/newsletter/leave/fel.nyckel/",
        "/mute/fel.nyckel/", *[f"/receipt/fel.nyckel/{end}" for end in (
            "", "address/", "text/", "withdrawal/", "return/", "mails/", "appeal/", "download/", "erasure/",
        )],
        "{world.talk_path}comments/{world.held.number}/", "{world.talk_path}comments/{world.held.number}/report/",
        "/admin/finns-inte/",
    )],
    *[visit(path, EITHER) for path in (
        ACCOUNT + "sign-in/", ACCOUNT + "sign-out/", FACTOR + "webauthn/login/", FACTOR + "authenticate/",
        FACTOR + "reauthenticate/", FACTOR + "webauthn/reauthenticate/", FACTOR + "totp/deactivate/",
        FACTOR + "recovery-codes/", FACTOR + "recovery-codes/download/",
    )],
    *[visit(path, SIGNED_IN) for path in (
        ACCOUNT + "confirm/", FACTOR, FACTOR + "totp/activate/", FACTOR + "recovery-codes/generate/",
        FACTOR + "webauthn/", FACTOR + "webauthn/add/",
    )],
    visit(FACTOR + "webauthn/keys/{world.key.pk}/remove/", NOBODY),
    visit(FACTOR + "webauthn/keys/{world.key.pk}/edit/", NOBODY),
    visit("/admin/", "desk.view"),
    visit("/admin/keys/", "desk.view"),
    visit("/admin/login/", NOBODY),
    visit("/admin/logout/", EITHER),
    visit("/admin/blog/", "desk.view"),
    visit("/admin/auth/", "user.view"),
    visit("/admin/jsi18n/", "desk.view"),
    visit("/admin/password_change/", "desk.view"),
    visit("/admin/password_change/done/", "desk.view"),
    visit(AUTOCOMPLETE + "comment&field_name=post", "post.view"),
    visit(AUTOCOMPLETE + "post&field_name=created_by", "user.view"),
    visit(AUTOCOMPLETE + "comment&field_name=parent", "comment.view"),
    visit("/admin/board/", "post.view"),
    visit("/admin/calendar/", "post.view"),
    visit("/admin/events.csv", "event.view"),
    visit("/admin/front/", "front.arrange"),
    visit("/admin/front/step/", NOBODY, Deed("front.arrange", lambda place: {"post": place.world.talk.pk})),
    visit("/admin/filters/", NOBODY, Deed("post.view", lambda place: {"name": "Mina", "query": "state=draft"})),
    visit("/admin/filters/{world.filter.pk}/delete/", NOBODY, Deed(NOBODY)),
    visit("/admin/autosave/new/{world.form_key}/", NOBODY, Deed("post.add", lambda place: {"title": "Halvfärdigt"})),
    visit("/admin/autosave/new/{world.begun.form_key}/", NOBODY, Deed(NOBODY, lambda place: {"title": "Inte min"})),
    visit("/admin/autosave/new/{world.form_key}/forget/", NOBODY, Deed("post.add", takes_effect=lambda place: False)),
    visit("/admin/blog/post/", "post.view"),
    visit("/admin/blog/post/add/", "post.add",
          Deed("post.add", lambda place: _form(place, slug="", form_key=uuid4()), "post.relate"),
          Deed(NOBODY, lambda place: _form(place, slug="", form_key=place.world.begun.form_key)),
          Deed("post.add", lambda place: _form(place, slug="", form_key=uuid4(), _step="publish"), "post.relate step")),
    *crud("blog/byline", "unused_byline", "byline",
          add=lambda place: NO_LINKS | {"name": "Ny", "slug": "ny"},
          change=lambda place: NO_LINKS | {"name": "Ny", "slug": "ny"}),
    *crud("blog/image", "image", "image", change=lambda place: {"alt": "En trut", "focus_x": "20", "focus_y": "80"}),
    visit("/admin/blog/image/pick/", "image.view"),
    *crud("blog/tag", "tag", "tag", listed=[Deed("tag.change", _merged)],
          add=lambda place: {"name": "Nytt"}, change=lambda place: {"name": "Nytt"}),
    *crud("blog/comment", "held", "comment",
          listed=[
              *[Deed("comment.moderate", _chosen(action)) for action in ("approve", "spam", "remove", "keep")],
              Deed("comment.moderate", _picked("hold")),
              Deed("comment.pick", _picked("pick")),
              Deed("comment.pick", _picked("unpick"), takes_effect=lambda place: False),
          ],
          change=lambda place: {"text": "Annat", "state": "visible", "name": "Annan"}),
    visit("/admin/blog/comment/{world.held.pk}/answer/", NOBODY,
          Deed("comment.moderate", lambda place: {"answer": "Så är det."})),
    visit("{world.talk_path}comments/1/report/", EVERYBODY, Deed(EVERYBODY, _reported)),
    visit("/admin/queue/", "comment.moderate"),
    *[visit(f"/admin/queue/{name}/", "comment.moderate") for name in ("held", "reported", "all")],
    visit("/admin/queue/all/?by={world.held.pk}&words=ord", "comment.moderate"),
    visit("/admin/moderate/", NOBODY,
          *[Deed("comment.moderate", _at_a_row(name)) for name in ("approve", "spam", "keep")],
          Deed("comment.moderate", lambda place: _at_a_row("remove")(place) | _removal(place)),
          Deed("comment.moderate", lambda place: {"action": "hold", "comment": f"{place.world.same[0].pk} visible"}),
          Deed("comment.moderate", lambda place: {"action": "merge", "comment": f"{place.world.same[0].pk} visible"}),
          Deed("comment.moderate", _at_a_row("reply", text="Så är det.")),
          Deed("comment.moderate", _at_a_row("note", text="Varnad.")),
          Deed("comment.pick", lambda place: {"action": "pick", "comment": f"{place.world.same[0].pk} visible"})),
    visit("/admin/person/{world.held.pk}/", "comment.moderate"),
    visit("/admin/person/{world.held.pk}/remove/", "comment.moderate", Deed("comment.moderate", _removal)),
    visit("/admin/person/note/{world.person_note.pk}/delete/", NOBODY, Deed(NOBODY)),
    *crud("blog/batch", "batch", "batch"),
    visit("/admin/blog/batch/{world.batch.pk}/undo/", NOBODY, Deed("batch.undo")),
    visit("/admin/blog/batch/duplicates/", "comment.moderate",
          Deed("comment.moderate", lambda place: {"comment": [each.pk for each in place.world.same]}),
          Deed("comment.moderate", lambda place: {"dismiss": place.world.group_of_same.pk}),
          *[Deed("comment.moderate", lambda place, name=name: _copies(place, name)) for name in ("spam", "remove")]),
    visit("/admin/blog/batch/duplicates/wave/?wave=click", "comment.moderate",
          Deed("comment.moderate", lambda place: {"wave": "click", "up_to": place.world.same[1].pk})),
    visit("/admin/blog/batch/duplicates/again/", NOBODY,
          Deed("comment.moderate", lambda place: {"comment": place.world.same[0].pk})),
    *crud("blog/ban", "ban", "ban"),
    visit("/admin/blog/ban/new/?comment={world.held.pk}", "ban.decide",
          Deed("ban.decide", lambda place: {"kind": "person", "term": "week", "everything": "remove"})),
    visit("/admin/blog/ban/{world.ban.pk}/lift/", NOBODY, Deed("ban.decide")),
    visit("/admin/blog/ban/{world.ban.pk}/renew/", NOBODY, Deed("ban.decide", lambda place: {"term": "day"})),
    *crud("blog/listedword", "word", "word",
          add=lambda place: {"word": "lotteri"}, change=lambda place: {"word": "lotteri"}),
    *crud("blog/removalreason", "reason", "reason", add=_reason, change=_reason),
    *crud("blog/event", "event", "event", change=lambda place: {"note": "Annat"}),
    *crud("blog/subscriber", "subscriber", "subscriber", change=lambda place: {"email": "annan@lasare.example"}),
    visit("/admin/blog/subscriber/table/", "subscriber.export"),
    *crud("blog/edition", "edition", "edition", change=lambda place: {"receivers": "9"}),
    visit("/admin/blog/edition/next/", "edition.view"),
    visit("/admin/blog/edition/next/sv/", "edition.view"),
    *crud("blog/appearance", "appearance", "appearance",
          change=lambda place: {"name": "Annat", "typeface": "sans", **LIGHT_AND_DARK}),
    visit("/admin/blog/appearance/preview/", "appearance.change"),
    *crud("auth/user", "victim", "user", add=lambda place: _person(place) | PASSWORDS, change=_person),
    visit("/admin/auth/user/{world.victim.pk}/password/", "user.change", Deed("user.change", lambda place: PASSWORDS)),
    *crud("auth/group", "group", "group", change=lambda place: {"name": "author"}),
]  # fmt: skip
