"""How staff sign in: the parts of django-allauth that are mounted. There is no sign-up and no password by mail."""

from allauth.account import views
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.urls import include, path
from django.utils.translation import gettext_lazy as _

urlpatterns = [
    path("sign-in/", views.login, name="account_login"),
    path("sign-out/", views.logout, name="account_logout"),
    path("confirm/", views.reauthenticate, name="account_reauthenticate"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("two-factor/", include("allauth.mfa.urls")),
]


class NewKeyForm(AddWebAuthnForm):
    """A new passkey. allauth's own has no label that could be translated."""

    name = forms.CharField(label=_("Name"), required=False)


class KeyForm(EditWebAuthnForm):
    name = forms.CharField(label=_("Name"))
