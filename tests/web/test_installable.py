"""The manifest names what is there."""

import re

import pytest
from django.contrib.staticfiles import finders
from PIL import Image

STATIC = "/static/"


def test_manifest_names_the_site_and_icons_of_their_size(client, db, settings):
    settings.SITE_NAME = "En ganska lång blogg"

    response = client.get("/manifest.webmanifest")
    words = response.json()

    assert response["Content-Type"] == "application/manifest+json"
    assert (words["name"], words["short_name"], words["start_url"]) == ("En ganska lång blogg", "En ganska lå", "/")
    assert finders.find(words["icons"][0]["src"].removeprefix(STATIC))
    for icon in words["icons"][1:]:
        with Image.open(finders.find(icon["src"].removeprefix(STATIC))) as picture:
            assert f"{picture.width}x{picture.height}" == icon["sizes"]


def test_words_that_are_shared_with_the_site_are_searched_for(client, db):
    target = client.get("/manifest.webmanifest").json()["share_target"]

    page = client.get(target["action"], {target["params"]["text"]: "kommatecken"})

    assert 'value="kommatecken"' in page.text


@pytest.mark.parametrize(("is_wanted", "says"), [(True, "respondWith"), (False, "unregister")])
def test_worker_goes_when_it_is_not_wanted(client, db, settings, is_wanted, says):
    settings.OFFLINE_READING = is_wanted

    worker, page = client.get("/worker.js"), client.get("/")

    assert says in worker.text
    assert ("data-worker" in page.text) == is_wanted


def test_worker_is_small(client, db):
    assert len(client.get("/worker.js").text.splitlines()) < 60


def test_pages_name_manifest_and_icons_that_are_there(client, db):
    page = client.get("/").text

    assert client.get(re.search('rel="manifest" href="([^"]+)"', page)[1]).status_code == 200
    icons = re.findall(f'rel="(?:apple-touch-)?icon" href="{STATIC}([^"]+)"', page)
    assert len(icons) == 1
    assert 'rel="icon" href="data:image/svg+xml,' in page
    assert [icon for icon in icons if finders.find(icon) is None] == []
