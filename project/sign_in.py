"""How staff sign in: the parts of django-allauth that are mounted. There is no sign-up and no password by mail."""

from allauth.account import views
from django.urls import include, path

urlpatterns = [
    path("sign-in/", views.login, name="account_login"),
    path("sign-out/", views.logout, name="account_logout"),
    path("confirm/", views.reauthenticate, name="account_reauthenticate"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("two-factor/", include("allauth.mfa.urls")),
]
