"""Signing in: password, second factor, limits; and what is not there."""

import re

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.contrib.auth.models import User
from django.urls import NoReverseMatch, get_resolver, reverse

PASSWORD = "correct horse"


def sign_in(client, username, password=PASSWORD, next="/admin/"):
    return client.post(reverse("account_login"), {"login": username, "password": password, "next": next})


def current_code(secret):
    return totp.format_hotp_value(totp.hotp_value(secret, next(totp.yield_hotp_counters_from_time())))


def test_admin_sends_a_stranger_to_the_sign_in_page_and_back(client, editor):
    response = client.get("/admin/blog/post/")
    assert (response.status_code, response.url) == (302, "/admin/login/?next=/admin/blog/post/")
    response = client.get(response.url)
    assert response.url == "/admin/account/sign-in/?next=/admin/blog/post/"

    assert client.get(response.url).status_code == 200
    assert sign_in(client, "editor", next="/admin/blog/post/").url == "/admin/blog/post/"


def test_a_wrong_password_is_told_and_signs_nobody_in(client, editor):
    response = sign_in(client, "editor", "wrong")

    assert response.status_code == 200
    assert response.context["form"].errors
    assert "_auth_user_id" not in client.session


def test_the_address_to_return_to_must_be_here(client, editor):
    assert sign_in(client, "editor", next="https://evil.example/").url == "/admin/"


def test_guessing_is_slowed_down(client, editor):
    for number in range(12):
        sign_in(client, "editor", f"wrong {number}")

    response = sign_in(client, "editor")

    assert response.context["form"].errors
    assert "_auth_user_id" not in client.session


def test_with_a_second_factor_the_password_is_not_enough(client, editor):
    secret = totp.generate_totp_secret()
    Authenticator.objects.create(
        user=editor, type=Authenticator.Type.TOTP, data={"secret": get_adapter().encrypt(secret)}
    )

    response = sign_in(client, "editor")
    assert response.url.startswith(reverse("mfa_authenticate"))
    assert client.get("/admin/").status_code == 302

    page = client.get(response.url)
    assert page.status_code == 200
    response = client.post(reverse("mfa_authenticate"), {"code": current_code(secret)})
    assert response.status_code == 302
    assert client.get("/admin/").status_code == 200


def test_somebody_signed_in_cannot_become_another_by_a_password_alone(client, editor, administrator):
    client.force_login(editor)

    client.post("/admin/login/", {"username": "administrator", "password": PASSWORD})

    assert client.session["_auth_user_id"] == str(editor.pk)


def test_admin_login_refuses_who_has_no_business_there(client, db):
    client.force_login(User.objects.create_user("reader"))

    assert client.get("/admin/login/").status_code == 403
    assert client.post("/admin/login/", {}).status_code == 403


@pytest.mark.parametrize("name", ["mfa_index", "mfa_activate_totp", "mfa_list_webauthn", "account_logout"])
def test_pages_of_a_persons_own_account_open_after_signing_in(client, editor, name):
    assert client.get(reverse(name)).status_code == 302
    sign_in(client, "editor")

    response = client.get(reverse(name), follow=True)

    assert response.status_code == 200
    assert not re.search(r"<script(?![^>]*(src=|application/json))|\son\w+=|\sstyle=", response.content.decode())


def test_form_of_a_new_key_speaks_swedish(client, editor):
    sign_in(client, "editor")
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})

    page = client.get(reverse("mfa_add_webauthn"), headers={"Accept-Language": "sv"})

    assert [field.label for field in page.context["form"].visible_fields()] == ["Namn", "Utan lösenord"]


@pytest.mark.parametrize("name", ["account_signup", "account_reset_password", "account_email", "mfa_signup_webauthn"])
def test_there_is_no_sign_up_and_no_password_by_mail(name):
    with pytest.raises(NoReverseMatch):
        reverse(name)
    assert not [key for key in get_resolver().reverse_dict if isinstance(key, str) and "signup" in key]
