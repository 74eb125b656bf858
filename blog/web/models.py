"""Mails on their way, and how often things were done: the same for every process."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Letter(models.Model):
    """A mail that waits to be sent. Its row goes when the mail server has taken it (blog/web/letters.py)."""

    key = models.CharField(max_length=100, unique=True)  # what it is about; the Message-ID is made of it
    to = models.EmailField()
    subject = models.TextField()
    text = models.TextField()
    html = models.TextField(default="")  # the same once more, or nothing
    headers = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("mail to be sent")
        verbose_name_plural = _("mails to be sent")

    def __str__(self):
        return self.key


class Allowance(models.Model):
    """How often something was done within a while: one row for each limit and person (blog/web/rates.py).

    The table is unlogged: after a crash of the database everybody begins anew, and nothing slows a comment down.
    """

    key = models.BinaryField(max_length=16, primary_key=True)
    used = models.PositiveIntegerField()
    ends_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("allowance")
        verbose_name_plural = _("allowances")

    def __str__(self):
        return f"{self.used} until {self.ends_at}"
