"""The page that gives a writer's text back while the database is down."""

import pytest
from django.db import OperationalError
from django.test import RequestFactory
from django.utils import translation
from django.utils.translation import gettext

from blog.web.unavailable import failed

FORM = {"text": "</textarea><script>x</script>", "name": 'Å "citat"', "token": "1:aB", "subject": ""}


def answer(request, error=None):
    """What is answered while this error, one that it caused, is being handled."""
    try:
        raise RuntimeError("a job could not be given") from (error or OperationalError("connection refused"))
    except RuntimeError:
        return failed(request)


def test_text_is_given_back_escaped():
    response = answer(RequestFactory().post("/2026/11/post/comments/write/?a=1", FORM))

    page = response.content.decode()
    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert "no-store" in response["Cache-Control"]
    assert "&lt;/textarea&gt;&lt;script&gt;x&lt;/script&gt;</textarea>" in page
    assert 'name="name" value="Å &quot;citat&quot;"' in page
    assert '<input type="hidden" name="token" value="1:aB">' in page
    assert 'action="/2026/11/post/comments/write/?a=1"' in page


def test_page_asks_nothing_of_the_database(django_db_blocker):
    with django_db_blocker.block():
        response = answer(RequestFactory().get("/receipt/nyckel/"))

    assert response.status_code == 503
    assert response["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("name", ["password", "old_password", "new_password1", "code", "credential"])
def test_secrets_of_a_form_are_not_repeated(name):
    page = answer(RequestFactory().post("/admin/account/sign-in/", {"login": "petra", name: "hav-och-vind"})).content

    assert b"hav-och-vind" not in page
    assert b'<form class="again"' not in page


@pytest.mark.parametrize(("path", "language"), [("/", "sv"), ("/admin/blog/post/", "en")])
def test_page_is_in_the_language_of_its_readers(path, language):
    request = RequestFactory().get(path, headers={"Accept-Language": "en"})

    page = answer(request).content.decode()

    with translation.override(language):
        assert f"<h1>{gettext('Not to be reached just now')}</h1>" in page


def test_our_own_mistakes_stay_500():
    assert answer(RequestFactory().get("/"), error=KeyError("x")).status_code == 500
