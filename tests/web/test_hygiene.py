"""Input that no part of the site can use is refused at the door."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/%00/", "/2026/01/a%00b/", "/search/?q=a%00b", "/?%00=1"])
def test_nul_in_an_address_is_refused(client, path):
    assert client.get(path).status_code == 400


def test_nul_in_a_cookie_is_refused(client):
    assert client.get("/", HTTP_COOKIE="a=b\0c").status_code == 400


@pytest.mark.parametrize("form", [{"text": "a\0b"}, {"te\0xt": "a"}])
def test_nul_in_a_form_is_refused(client, post, form):
    response = client.post(f"{post.get_absolute_url()}comments/write/", form)

    assert response.status_code == 400


def test_nul_in_a_form_of_the_admin_is_refused():
    response = Client().post("/admin/account/sign-in/", {"login": "a\0b", "password": "c"})

    assert response.status_code == 400


def test_an_escaped_percent_sign_is_no_nul(client):
    assert client.get("/search/?q=100%2500").status_code == 200


@pytest.mark.parametrize("charset", ["utf-7", "latin-1"])
def test_a_request_in_another_encoding_is_refused(client, charset):
    response = client.get("/search/?q=%2BAAA-", CONTENT_TYPE=f"text/plain; charset={charset}")

    assert response.status_code == 400


@pytest.mark.parametrize("charset", ["UTF-8", "utf8", "nonsense"])
def test_a_request_that_says_utf8_is_read(client, charset):
    assert client.get("/search/?q=a", CONTENT_TYPE=f"text/plain; charset={charset}").status_code == 200
