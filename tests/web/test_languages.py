"""Which language a page is in, and what it says about that."""

import re

import pytest
from django.urls import reverse

from tests.factories import make_comment, make_published

SWEDISH_FRAME, ENGLISH_FRAME = "Hoppa till innehållet", "Skip to the content"


@pytest.fixture
def english_post(db):
    return make_published("On commas", language="en", slug="on-commas")


@pytest.mark.parametrize(("language", "frame"), [("sv", SWEDISH_FRAME), ("en", ENGLISH_FRAME)])
def test_frame_speaks_the_sites_language_whatever_the_browser_asks_for(client, db, settings, language, frame):
    settings.LANGUAGE_CODE = language

    response = client.get("/", headers={"accept-language": "de, en, sv"})

    assert response.headers["Content-Language"] == language
    assert f'<html lang="{language}">' in response.text
    assert frame in response.text


def test_post_speaks_its_own_language_inside_the_frame(client, english_post):
    make_comment(english_post)

    response = client.get(english_post.get_absolute_url())

    assert response.headers["Content-Language"] == "en"
    assert re.findall(r'<html lang="(\w+)">|<div class="reading" lang="(\w+)"[^>]*>', response.text) == [
        ("sv", ""),
        ("", "en"),
    ]
    assert SWEDISH_FRAME in response.text
    assert re.findall(r'<h2 id="(?:comments-heading|write)">\s*(.*?)\s*</h2>', response.text) == [
        "1 comment",
        "Write a comment",
    ]


def test_page_of_the_form_speaks_the_posts_language(client, english_post):
    address = f"{english_post.get_absolute_url()}comments/write/"

    response = client.post(address, {"name": "", "text": ""}, headers={"sec-fetch-site": "same-origin"})

    assert response.headers["Content-Language"] == "en"
    assert "Please write a comment." in response.text


def test_feeds_name_their_language(client, english_post):
    site = client.get(reverse("atom"))
    comments = client.get(f"{english_post.get_absolute_url()}comments/feed/")

    assert (site.headers["Content-Language"], comments.headers["Content-Language"]) == ("sv", "en")
    assert 'xml:lang="sv"' in site.text
    assert 'xml:lang="en"' in comments.text


@pytest.mark.parametrize(("asked", "heading"), [("sv", "Redaktionen"), ("en", "The desk"), ("de", "Redaktionen")])
def test_admin_speaks_the_persons_language(client, editor, asked, heading):
    client.force_login(editor)

    response = client.get(reverse("admin:index"), headers={"accept-language": asked})

    assert f"<h1>{heading}</h1>" in response.text


def test_roles_are_named_in_the_persons_language(client, administrator, editor):
    client.force_login(administrator)

    page = client.get(reverse("admin:auth_user_changelist"), headers={"accept-language": "sv"}).text

    assert re.findall(r'"field-roles">([^<]*)<', page) == ["administratör", "redaktör"]


def test_scripts_of_the_admin_have_our_words_and_djangos(client, editor):
    client.force_login(editor)

    script = client.get(reverse("admin:jsi18n"), headers={"accept-language": "sv"}).text

    assert '"Insert Figure": "Infoga en bild"' in script
    assert '"Today": "I dag"' in script
