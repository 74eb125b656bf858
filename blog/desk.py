"""The admin site, and its index page: the desk."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _


class SpaltAdminSite(admin.AdminSite):
    site_header = "Spalt"
    index_title = _("The desk")
