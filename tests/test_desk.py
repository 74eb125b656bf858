"""The desk, who sees what on it, and the policy under which every page of the admin stands."""

import re

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from blog.comments import groups
from blog.comments.models import Comment
from blog.moderation import batches
from tests.factories import make_comment, make_post, make_published, make_user

pytestmark = pytest.mark.django_db
INLINE_SCRIPT = re.compile(r"<script(?![^>]*\bsrc=)([^>]*)>")


@pytest.fixture
def edition(author, editor, moderator):
    """Something of everything."""
    public = make_published("Publik")
    make_published("Kommande", created_by=editor)
    make_published("Planerad av redaktören", ago=-public_age(), created_by=editor)
    make_post("Utkast", created_by=author)
    make_post("Inlämnat", status="in_review", created_by=author)
    make_comment(public, "Samma text")
    make_comment(public, "Samma text")
    make_comment(public, "Väntar", state="held")
    batches.moderate("spam", Comment.objects.filter(pk=make_comment(public, "Reklam").pk), by=moderator)
    groups.catch_up()


def public_age():
    return make_published.__kwdefaults__["ago"]


def desk(client):
    return {
        part.title: (part.total, [str(text) for text, _url, _remark in part.lines])
        for part in client.get("/admin/").context["parts"]
    }


def test_desk_shows_each_role_what_it_may_see(sign_in, edition, author, editor, moderator):
    waiting = {"Waiting for my review": (1, ["Inlämnat"])}
    scheduled = {"Scheduled next": (1, ["Planerad av redaktören"])}

    shown = {
        role: desk(sign_in(user)) for role, user in [("author", author), ("editor", editor), ("moderator", moderator)]
    }

    for role in ("editor", "moderator"):
        (done,) = shown[role].pop("Done lately")[1]
        assert done.startswith("Mark as spam, ")
    moderation = {
        "Held comments": (1, ["Anna: Väntar"]),
        "Reported comments": (0, []),
        "Appeals": (0, []),
        "Groups of duplicates": (1, ["Compare and merge"]),
    }
    assert shown == {
        "author": {"My drafts": (1, ["Utkast"]), "Scheduled next": (0, [])},
        "editor": waiting | {"My drafts": (0, [])} | scheduled | moderation,
        "moderator": scheduled | moderation,
    }


def test_desk_is_closed_to_strangers_readers_and_staff_without_a_role():
    reader = User.objects.create_user("reader")
    staff = User.objects.create_user("staff", is_staff=True)
    clients = [Client() for _ in range(3)]
    clients[1].force_login(reader)
    clients[2].force_login(staff)

    assert [client.get("/admin/").status_code for client in clients] == [302, 302, 302]


def test_desk_costs_the_same_with_little_and_with_much(sign_in, edition, editor, django_assert_num_queries):
    client = sign_in(editor)

    for number in (1, 4):
        with django_assert_num_queries(29):
            client.get("/admin/")
        for each in range(number):
            post = make_post(f"Till {number} {each}", status="in_review")
            make_comment(post, "Väntar", state="held")


def test_admin_shows_only_what_somebody_needs():
    registered = {model._meta.model_name for model in admin.site._registry}

    assert registered == {
        "appearance", "ban", "batch", "byline", "comment", "edition", "event", "group", "image", "listedword", "post",
        "removalreason", "subscriber", "tag", "user",
    }  # fmt: skip


def test_accounts_are_the_administrators_business(sign_in, administrator, editor):
    answers = [client.get("/admin/auth/user/").status_code for client in (sign_in(editor), sign_in(administrator))]

    assert answers == [403, 200]


def test_administrator_gives_a_role_but_no_single_permissions(sign_in, administrator):
    person = make_user("author", "ny")
    page = sign_in(administrator).get(reverse("admin:auth_user_change", args=[person.pk]))

    assert set(page.context["adminform"].form.fields) == {
        "username", "password", "first_name", "last_name", "email", "is_active", "is_staff", "groups",
    }  # fmt: skip


def test_every_page_of_the_admin_stands_under_the_policy(sign_in, edition, administrator):
    client = sign_in(administrator)
    addresses = ["/admin/", "/admin/password_change/", "/admin/blog/batch/duplicates/", "/admin/blog/image/pick/"]
    for model, model_admin in admin.site._registry.items():
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        addresses += [reverse(f"{name}_changelist")]
        addresses += [reverse(f"{name}_change", args=[thing.pk]) for thing in model.objects.all()[:1]]
        if model_admin.has_add_permission(client.get("/admin/").wsgi_request):
            addresses += [reverse(f"{name}_add")]

    for address in addresses:
        response = client.get(address)
        policy = response["Content-Security-Policy"]
        nonce = re.search(r"script-src 'self' 'nonce-([^']+)'", policy)

        assert response.status_code == 200, address
        assert "unsafe" not in policy
        for attributes in INLINE_SCRIPT.findall(response.text):
            assert nonce is not None, address
            assert f'nonce="{nonce[1]}"' in attributes, address
        assert not re.search(r'<[^>]+\s(?:style|on\w+)="', response.text), address
        assert ("nonce-" in policy) == ("/post/" in address and address != "/admin/blog/post/"), address


FILTERS = [
    "post/?state=draft", "post/?whose=mine", "post/?language__exact=sv", "post/?publish_at__isnull=True",
    "post/?publish_at__gte=2026-01-01 00:00%2B01:00&publish_at__lt=2026-02-01 00:00%2B01:00", "post/?q=x&o=1&p=1&all=",
    "image/?_to_field=id&_popup=1&q=x", "event/?kind__exact=approved&by__id__exact=1",
    "comment/?state__exact=held&origin__exact=form", "batch/?action__exact=spam",
]  # fmt: skip
ODD_VALUES = [
    "post/?publish_at__gte=x", "post/?publish_at__gte=0001-01-01", "post/?publish_at__lt=9999-12-31 23:59-12:00",
    "post/?publish_at__gte=999999-01-01", "post/?language__exact=%00", "event/?by__id__exact=999999999999999999999999",
    "event/?by__id__exact=x", "event/?at__gte=0001-01-01 00:00%2B12:00", "post/?publish_at__isnull=x",
]  # fmt: skip
OTHER_LOOKUPS = [
    "tag/?post=1", "tag/?items=1", "tag/?post__title__startswith=C", "byline/?post=1", "byline/?user=1",
    "image/?covers=1", "image/?covers__isnull=1", "post/?reviewer=1", "post/?reviewer__password__startswith=a",
    "event/?by__password__startswith=a", "event/?at__year=99999999", "comment/?email=a@b.se",
]  # fmt: skip


@pytest.mark.parametrize("address", FILTERS)
def test_lists_are_filtered_by_what_their_filters_offer(sign_in, edition, editor, address):
    assert sign_in(editor).get(f"/admin/blog/{address}").status_code in (200, 302)


@pytest.mark.filterwarnings("ignore:DateTimeField")
@pytest.mark.parametrize("address", ODD_VALUES)
def test_filters_survive_values_that_make_no_sense(sign_in, edition, editor, address):
    assert sign_in(editor).get(f"/admin/blog/{address}").status_code in (200, 302, 400)


@pytest.mark.parametrize("address", OTHER_LOOKUPS)
def test_lists_tell_nothing_by_other_lookups(sign_in, edition, editor, address):
    assert sign_in(editor).get(f"/admin/blog/{address}").status_code == 400


def test_administrator_finds_accounts_by_role(sign_in, administrator, editor):
    group = editor.groups.get().pk

    page = sign_in(administrator).get("/admin/auth/user/", {"groups__id__exact": group, "is_active__exact": "1"})

    assert list(page.context["cl"].queryset) == [editor]
