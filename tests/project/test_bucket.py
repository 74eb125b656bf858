"""Pictures on S3-compatible storage: stored and found there, and named in texts as if they lay here."""

import io
import os
import subprocess
import sys
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from PIL import Image as Pillow

from blog.posts.images import store
from blog.text.figures import with_pictures
from project import environment
from tests.posts.pictures import jpeg, uploaded
from tests.project import bucket

ELSEWHERE = """
from django.conf import settings
from django.test import RequestFactory
from django.urls import resolve
view = resolve("/media/images/x/1.jpg")
picture = view.func(RequestFactory().get("/"), **view.kwargs)
print(settings.MISSING_SETTINGS, picture.status_code, picture["Location"], settings.MEDIA_URL)
print(settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]["img-src"])
"""


@pytest.fixture
def elsewhere(monkeypatch, settings):
    """The pictures of this test lie on a storage elsewhere; gives its files by path."""
    with bucket.running() as (address, files):
        names = {"BUCKET": "bilder", "ENDPOINT": address, "REGION": "eu-north-1", "KEY": "key", "SECRET": "secret"}
        for name, value in (names | {"URL": f"{address}/bilder/"}).items():
            monkeypatch.setenv(f"MEDIA_S3_{name}", value)
        settings.MEDIA_URL = f"{address}/bilder/"
        settings.STORAGES = settings.STORAGES | {"default": environment.bucket()}
        yield files


@pytest.mark.django_db
def test_picture_is_stored_in_the_bucket_and_shown_from_there(elsewhere):
    image, is_new = store(uploaded(jpeg(600, 300)), alt="Rött")
    again, is_new_again = store(uploaded(jpeg(600, 300)))

    kinds = {"avif": "image/avif", "jpg": "image/jpeg", "webp": "image/webp"}
    assert (is_new, is_new_again, again) == (True, False, image)
    assert {path: kind for path, (kind, _age, _body) in elsewhere.items()} == {
        f"/bilder/{image.folder}/{width}.{ending}": kind for width in (480, 600) for ending, kind in kinds.items()
    }
    assert {age for _kind, age, _body in elsewhere.values()} == {"public, max-age=31536000, immutable"}
    assert Pillow.open(io.BytesIO(elsewhere[f"/bilder/{image.folder}/480.jpg"][2])).size == (480, 240)
    assert image.thumbnail == f"{settings.MEDIA_URL}{image.folder}/480.jpg"
    assert urlsplit(image.thumbnail).path in elsewhere


@pytest.mark.django_db
def test_text_names_a_picture_as_if_it_lay_here(elsewhere):
    image, _ = store(uploaded(jpeg(600, 300)))

    html = with_pictures(f'<p><img src="{image.src}" alt="x"></p>')

    assert image.src == f"/media/{image.folder}/600.jpg"
    assert html.count(f"{settings.MEDIA_URL}{image.folder}/") == 7
    assert '"/media/' not in html


@pytest.mark.django_db
def test_bucket_knows_what_it_has_not(elsewhere):
    assert not default_storage.exists("images/none/1.jpg")


def test_old_addresses_lead_to_the_bucket_which_pages_may_show():
    given = {"MEDIA_S3_BUCKET": "b", "MEDIA_S3_URL": "https://pictures.example/b", "MEDIA_ROOT": "", "DEBUG": "1"}

    command = [sys.executable, "manage.py", "shell", "--no-imports", "--command", ELSEWHERE]
    printed = subprocess.run(command, cwd=settings.BASE_DIR, env=os.environ | given, capture_output=True, text=True)

    assert printed.stdout.splitlines() == [
        "[] 302 https://pictures.example/b/images/x/1.jpg https://pictures.example/b/",
        "[\"'self'\", 'data:', 'https://pictures.example/b/']",
    ], printed.stderr
