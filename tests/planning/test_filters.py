"""Saved selections of the list of posts."""

import pytest
from django.urls import reverse

from blog.planning.models import SavedFilter
from tests.factories import make_post, make_published, make_user
from tests.planning.test_calendar import make_scheduled, make_update

pytestmark = pytest.mark.django_db
LIST, FILTERS = "/admin/blog/post/", "/admin/filters/"


def saved(user):
    return dict(SavedFilter.objects.filter(user=user).values_list("name", "query"))


def delete(each):
    return reverse("filter-delete", args=[each.pk])


def test_selection_is_saved_under_a_name_and_stands_above_the_list(sign_in, editor):
    make_post()
    client = sign_in(editor)
    page = client.get(f"{LIST}?state=draft&q=å+ä")
    assert 'name="query" value="q=%C3%A5+%C3%A4&amp;state=draft"' in page.text

    response = client.post(FILTERS, {"name": "Mina utkast", "query": "state=draft&q=%C3%A5+%C3%A4&p=3"})

    assert saved(editor) == {"Mina utkast": "state=draft&q=%C3%A5+%C3%A4"}
    assert response["Location"] == f"{LIST}?state=draft&q=%C3%A5+%C3%A4"
    assert f'<a href="{LIST}?state=draft&amp;q=%C3%A5+%C3%A4">Mina utkast</a>' in client.get(LIST).text


@pytest.mark.parametrize(
    ("state", "shown"),
    [
        ("draft", ["Utkast"]),
        ("in_review", ["Uppdateras"]),
        ("scheduled", ["Planerat"]),
        ("published", ["Publicerat", "Uppdateras"]),
        ("update", ["Uppdateras"]),
        ("archived", ["Arkiverat"]),
        ("approved", ["Planerat", "Publicerat"]),  # as selections were saved once
        ("x", ["Arkiverat", "Planerat", "Publicerat", "Uppdateras", "Utkast"]),
    ],
)
def test_list_is_filtered_by_where_a_post_is(sign_in, editor, state, shown):
    make_post("Utkast")
    make_scheduled("Planerat")
    make_published("Publicerat")
    make_update(make_published("Uppdateras"), status="in_review")
    make_published("Arkiverat").archive()

    page = sign_in(editor).get(f"{LIST}?state={state}")

    assert sorted(post.title for post in page.context["cl"].queryset) == shown
    assert "With a pending update" in page.text


def test_same_name_again_means_the_new_selection(sign_in, editor):
    client = sign_in(editor)

    for query in ("state=draft", "state=archived"):
        client.post(FILTERS, {"name": "Min", "query": query})

    assert saved(editor) == {"Min": "state=archived"}


@pytest.mark.parametrize(
    ("query", "stored"),
    [
        ("javascript:alert(1)", "javascript%3Aalert%281%29="),
        ("//evil.example/?x=1", "%2F%2Fevil.example%2F%3Fx=1"),
        ('"><script>', "%22%3E%3Cscript%3E="),
        ("?state=draft#x", "state=draft%23x"),
        ("p=2&state=draft&csrfmiddlewaretoken=hemlig", "state=draft"),
    ],
)
def test_selection_is_never_more_than_the_query_of_the_list(sign_in, editor, query, stored):
    client = sign_in(editor)

    response = client.post(FILTERS, {"name": "Ond", "query": query})

    assert saved(editor) == {"Ond": stored}
    assert response["Location"] == f"{LIST}?{stored}"
    assert f'href="{LIST}?{stored.replace("&", "&amp;")}"' in client.get(LIST).text


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "", "query": "state=draft"},
        {"name": "x" * 61, "query": "state=draft"},
        {"name": "Tom", "query": ""},
        {"name": "Lång", "query": "q=" + "x" * 1000},
        {"name": "Lång som skriven", "query": "q=" + "å" * 400},
    ],
)
def test_what_is_no_selection_is_not_saved(sign_in, editor, fields):
    response = sign_in(editor).post(FILTERS, fields)

    assert (response.status_code, saved(editor)) == (302, {})


def test_person_keeps_at_most_fifty(sign_in, editor):
    SavedFilter.objects.bulk_create(SavedFilter(user=editor, name=str(number), query="q=x") for number in range(50))
    client = sign_in(editor)

    client.post(FILTERS, {"name": "En till", "query": "q=y"})
    client.post(FILTERS, {"name": "7", "query": "q=y"})

    assert (len(saved(editor)), saved(editor)["7"]) == (50, "q=y")


def test_selections_are_each_persons_own(sign_in, author, editor):
    each = SavedFilter.objects.create(user=editor, name="Redaktörens", query="state=draft")

    assert "Redaktörens" not in sign_in(author).get(LIST).text
    assert sign_in(author).post(delete(each)).status_code == 404
    assert saved(editor) == {"Redaktörens": "state=draft"}

    assert sign_in(editor).post(delete(each))["Location"] == LIST
    assert saved(editor) == {}


def test_selections_are_the_staffs_and_are_posted(client, sign_in, editor):
    each = SavedFilter.objects.create(user=editor, name="Min", query="state=draft")
    client.force_login(make_user("author", "avskedad"))
    client.get("/")
    client.logout()

    assert [client.post(FILTERS).status_code, client.post(delete(each)).status_code] == [302, 302]
    assert [sign_in(editor).get(address).status_code for address in (FILTERS, delete(each))] == [405, 405]
    assert saved(editor) == {"Min": "state=draft"}
