"""The one Django app of Spalt, and the admin site it brings."""

from importlib import import_module

from django.apps import AppConfig
from django.contrib.admin.apps import SimpleAdminConfig
from django.utils.translation import gettext_lazy as _


class BlogConfig(AppConfig):
    name = "blog"
    verbose_name = _("Blog")


class SpaltAdminConfig(SimpleAdminConfig):
    """The admin holds what blog/admin.py lists, and nothing that other apps would bring along."""

    default_site = "blog.desk.SpaltAdminSite"

    def ready(self):
        super().ready()
        import_module("blog.admin")
