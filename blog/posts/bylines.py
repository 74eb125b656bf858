"""Bylines: the names under which people write, with an account here or as guests."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class Byline(models.Model):
    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(_("slug"), max_length=100, unique=True, allow_unicode=True)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("account"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="byline",
        help_text=_("Empty for a guest author."),
    )
    bio = models.TextField(_("bio"), blank=True)
    picture = models.ForeignKey(
        "blog.Image", verbose_name=_("picture"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    call_to_action = models.CharField(
        _("call to action"), max_length=300, blank=True, help_text=_("A closing line under this author's posts.")
    )
    call_to_action_label = models.CharField(_("button text"), max_length=60, blank=True)
    call_to_action_url = models.URLField(_("button address"), blank=True)

    class Meta:
        verbose_name = _("byline")
        verbose_name_plural = _("bylines")
        ordering = ["name"]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("author", args=[self.slug])

    @property
    def is_guest(self):
        return self.user_id is None


class BylineLink(models.Model):
    byline = models.ForeignKey(Byline, on_delete=models.CASCADE, related_name="links")
    label = models.CharField(_("text"), max_length=60)
    url = models.URLField(_("address"))

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")
        ordering = ["pk"]

    def __str__(self):
        return self.label
