"""Every page of the admin in a real browser, under the strict policy: it has nothing to complain about."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.apps import apps
from django.urls import get_resolver, reverse
from django.utils import timezone

from blog.appearance.models import Appearance
from blog.comments.models import Comment
from blog.moderation import bans, batches
from blog.newsletter.models import Edition, Subscriber
from blog.planning.models import SavedFilter
from blog.posts.images import store
from blog.review import notes, seats
from blog.screening.models import ListedWord
from tests.factories import make_byline, make_comment, make_published
from tests.permissions.addresses import patterns
from tests.permissions.world import content, make_in_state
from tests.posts.pictures import jpeg, uploaded

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

STEPS = ["schedule", "changes", "unpublish"]  # with an hour, with a note that must be, with one that may be
# Behind these routes of the admin's there is no page for an administrator who looks at it: they take what a form
# sends, answer scripts, hand out files, or refuse, since nobody adds or deletes such a thing by hand.
NO_PAGES = {
    "autosave", "autosave-forget", "autosave-new", "autosave-forget-new", "bulk", "calendar-move", "events-table",
    "front-page-step", "filters", "filter-delete", "restore-version", "review-seat", "admin:autocomplete",
    "admin:blog_batch_undo",
    "admin:blog_duplicates_again",
    "admin:blog_comment_answer", "moderate", "person-note-delete", "admin:blog_ban_lift", "admin:blog_ban_renew",
    "admin:blog_ban_new", "admin:blog_ban_add", "admin:blog_ban_delete", "admin:blog_removalreason_delete",
    "admin:jsi18n", "admin:logout", "admin:blog_batch_add", "admin:blog_batch_delete", "admin:blog_comment_add",
    "admin:blog_comment_delete", "admin:blog_event_add", "admin:blog_event_delete", "admin:auth_group_add",
    "admin:auth_group_delete", "admin:blog_subscriber_add", "admin:blog_subscriber_table",
    "admin:blog_edition_add", "admin:blog_edition_delete", "admin:blog_appearance_add",
    "admin:blog_appearance_delete",
}  # fmt: skip


def make_a_site(staff):
    """One thing of each kind; return a post whose update is in review."""
    image, _ = store(uploaded(jpeg()), alt="Rött")
    body = f'<p>Ett stycke.</p><figure><img src="{image.src}" alt="Rött"><figcaption>Rött</figcaption></figure>'

    def words(title):
        return content(title, body=body, cover=image.pk, bylines=[make_byline(title, user=None).pk])

    post = make_in_state("update in review", staff["author"], staff["editor"], words)
    seats.invite(post, name="Eva Gäst", by=staff["editor"], valid_for=timedelta(days=7))
    notes.write(post, by=staff["editor"], text="Stryk.", revision=post.head, block=1, form_key=uuid4())
    discussed = make_published("Samtal", tags=["Språk"], cover=image)
    for number in range(3):
        make_comment(discussed, "Samma text", name=f"Namn {number}")
    batches.moderate("remove", Comment.objects.filter(name="Namn 2"), by=staff["editor"])
    bans.ban("person", Comment.objects.get(name="Namn 1"), by=staff["editor"])
    ListedWord.objects.create(word="kasino")
    two_days_ago = timezone.now() - timedelta(days=2)
    Edition.objects.create(due_at=two_days_ago, made_at=two_days_ago)
    Subscriber.objects.create(email="bo@post.example", confirmed_at=two_days_ago)
    Appearance.objects.create(pk=1)
    SavedFilter.objects.create(user=staff["administrator"], name="Utkast", query="state=draft")
    return post


def pages_of(post, client):
    """The paths of all pages of the admin, and the addresses at which there is none."""
    paths, none = list(more_pages(post)), set()
    for address, route in patterns(get_resolver()):
        if not route.startswith("admin/") or "account/" in route or "^" in route or address.startswith("admin/"):
            continue
        found = [path for path in filled(route, post) if is_page(client, path)]
        paths += found
        none |= set() if found else {address}
    return paths, none


def filled(route, post):
    """A route as paths: with the first thing of its kind, and for `post` what has to do with posts."""
    if "object_id" in route or "<id>" in route:
        thing = apps.get_model(*route.split("/")[1:3]).objects.order_by("pk").first()
        route = route.replace("<path:object_id>", str(thing.pk)).replace("<id>", str(thing.pk))
    if "person/" in route:
        route = route.replace("<int:pk>", str(Comment.objects.order_by("pk")[0].pk))
    route = route.replace("<slug:name>", "held") if "queue/" in route else route.replace("<slug:language>", "sv")
    route = route.replace("<int:pk>", str(post.pk)).replace("<int:number>", "1").replace("<uuid:key>", str(uuid4()))
    query = "?from=1&to=2" if route.endswith("/compare/") else ""
    for name in STEPS if "<slug:name>" in route else [""]:
        yield f"/{route.replace('<slug:name>', name)}{query}"


def is_page(client, path):
    answer = client.get(path, follow=True)
    assert answer.status_code < 500
    return answer.status_code == 200 and answer["Content-Type"].startswith("text/html")


def more_pages(post):
    """What no route names: other views of a page, the pages of the account, and the draft with its notes."""
    names = ["account_reauthenticate", "mfa_index", "mfa_activate_totp", "mfa_list_webauthn", "mfa_add_webauthn"]
    yield from map(reverse, names)
    yield reverse("preview", args=[post.pk])
    yield f"/admin/versions/{post.pk}/compare/?from=1&to=2&side"
    yield f"/admin/address/{post.pk}/?slug=ny"
    yield f"/admin/blog/post/{post.pk}/change/?unsaved=1"
    yield f"/admin/blog/ban/new/?comment={Comment.objects.get(name='Namn 1').pk}"
    yield "/admin/blog/post/?state=draft&q=kommat"


def change_two_posts(page):
    page.goto("/admin/blog/post/")
    page.check("#action-toggle")
    page.select_option("[name=action]", "change_several")
    page.click("button[name=index]")
    page.wait_for_selector(".bulk")


def test_no_page_of_the_admin_makes_the_browser_complain(browser, staff, sign_in):
    post = make_a_site(staff)

    paths, none = pages_of(post, sign_in(staff["administrator"]))
    with browser.desk_of(staff["administrator"]) as page:
        for path in paths:
            assert page.goto(path).status == 200, path
        change_two_posts(page)

    assert none == NO_PAGES
    assert browser.complaints == []
