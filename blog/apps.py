"""The one Django app of Spalt, and the admin site it brings."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.utils.translation import gettext_lazy as _


class BlogConfig(AppConfig):
    name = "blog"
    verbose_name = _("Blog")


class SpaltAdminConfig(AdminConfig):
    default_site = "blog.desk.SpaltAdminSite"
