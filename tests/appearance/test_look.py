"""What the site's name and colours do to its pages, and when."""

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.urls import reverse

from blog.appearance import look
from blog.appearance.models import DARK, LIGHT, Appearance
from blog.text.colours import READABLE, contrast
from tests.factories import make_published

pytestmark = pytest.mark.django_db


def test_site_without_an_appearance_has_the_name_in_the_settings_and_no_style_of_its_own(client, settings):
    settings.SITE_NAME = "Kolumnen"

    page = client.get("/").text

    assert "Kolumnen</a></p>" in page
    assert "/look/" not in page


def test_name_and_tagline_are_on_the_next_page(client):
    appearance = Appearance.objects.create(pk=1, name="Vår & Spalt")
    first = client.get("/").text
    Appearance.objects.filter(pk=appearance.pk).update(name="Marginalen", tagline="Om språk")  # whoever writes it

    second = client.get("/").text

    assert "Vår &amp; Spalt</a></p>" in first
    assert "Marginalen</a></p>" in second
    assert '<p class="tagline">Om språk</p>' in second
    assert client.get("/manifest.webmanifest").json()["name"] == "Marginalen"
    assert "<title>Marginalen</title>" in client.get("/feed/").text


def test_page_asks_nothing_more_for_it(client, django_assert_max_num_queries):
    make_published()
    Appearance.objects.create(pk=1, name="Marginalen")
    client.get("/")

    with django_assert_max_num_queries(10) as asked:
        client.get("/")

    assert [query["sql"] for query in asked if 'FROM "blog_appearance"' in query["sql"]] == []


def test_colours_come_as_a_style_sheet_that_is_kept_for_long(client):
    Appearance.objects.create(pk=1, accent="#0b5d3c", typeface="sans")
    before = look.current().digest
    Appearance.objects.update(accent="#0b5d3b")

    page = client.get("/").text
    address = page.partition('<link rel="stylesheet" href="/look/')[2].partition('"')[0]
    style, former = client.get(f"/look/{address}"), client.get(reverse("look", args=[before]))

    assert "--accent: #0b5d3b;" in style.text
    assert "--serif: system-ui" in style.text
    assert f"--paper: {DARK[0]};" in style.text  # in the dark it stays as it was
    assert "immutable" in style["Cache-Control"]
    assert former.text == style.text
    assert "max-age=60" in former["Cache-Control"]
    assert 'rel="preload"' not in page  # the typeface is not asked for
    assert 'content="#fcfbf8"' in page


def test_all_colours_that_follow_can_be_read():
    for scheme in (LIGHT, DARK, ("#ffffff", "#000000", "#0000cc"), ("#101a30", "#f2f2f2", "#9fd0ff")):
        colours = dict(look.palette(scheme))

        for name in ("ink", "soft", "accent"):
            assert contrast(colours[name], colours["raised"]) > READABLE, (scheme, name)


@pytest.mark.parametrize("value", ["red", "#fff", "#12345g", "#ABCDEF", "#123456;} body{display:none}", ""])
def test_database_takes_colours_only(value):
    with pytest.raises(DatabaseError, match=r"colours_are_colours|too long"), transaction.atomic():
        Appearance.objects.create(pk=1, paper=value)


def test_there_is_one_appearance_only():
    with pytest.raises(IntegrityError, match="one_appearance"), transaction.atomic():
        Appearance.objects.create(pk=2)


def test_look_stays_what_it_was_while_the_database_does_not_answer(monkeypatch):
    Appearance.objects.create(pk=1, name="Marginalen")
    look.current()
    monkeypatch.setattr(look._Known, "heard_at", float("-inf"))

    with connection.execute_wrapper(_no_answer):
        assert look.current().name == "Marginalen"


def _no_answer(*_statement):
    raise DatabaseError


def test_change_empties_the_page_caches():
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM blog_purge")
        Appearance.objects.create(pk=1)
        cursor.execute("SELECT tags FROM blog_purge")

        assert cursor.fetchall() == [(["site"],)]
