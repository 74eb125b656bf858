"""What is known of the external addresses that posts point to: each was asked once, for all posts."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class LinkCheck(models.Model):
    """The last answer of one address. `reason` is a code; what it says to a person is in `REASONS`."""

    url_hash = models.CharField(max_length=64, unique=True)  # an address is too long for an index
    url = models.TextField(_("address"))
    ok = models.BooleanField(_("answers"))
    status = models.PositiveSmallIntegerField(_("status"), null=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    checked_at = models.DateTimeField(_("checked"), default=timezone.now)

    class Meta:
        verbose_name = _("link check")
        verbose_name_plural = _("link checks")

    def __str__(self):
        return self.url
