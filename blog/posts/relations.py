"""How posts hang together: follow-ups, the right of reply, corrections, and the addresses that a post had before."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from blog.posts.models import Post


class Relation(models.Model):
    """`post` follows up, or replies to, the earlier post `to`."""

    class Kind(models.TextChoices):
        FOLLOW_UP = "follow_up", _("Follow-up to")
        REPLY = "reply", _("Reply to")

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="relations", verbose_name=_("post"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.FOLLOW_UP)
    to = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="answers", verbose_name=_("earlier post"))

    class Meta:
        verbose_name = _("relation")
        verbose_name_plural = _("relations")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["post", "to"], name="related_once"),
            models.CheckConstraint(
                condition=~Q(post=F("to")),
                name="not_related_to_itself",
                violation_error_message=_("A post cannot follow itself."),
            ),
        ]

    def __str__(self):
        return f"{self.post} → {self.to}"


class Correction(models.Model):
    """What was wrong in a published text: a dated box at its top."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="corrections", verbose_name=_("post"))
    text = models.TextField(_("correction"))
    at = models.DateTimeField(_("time"), default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        ordering = ["-at", "-pk"]

    def __str__(self):
        return self.text[:80]


class FormerSlug(models.Model):
    """An address that a post had before: it redirects."""

    slug = models.SlugField(_("slug"), max_length=100, unique=True, allow_unicode=True)
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="former_slugs")

    class Meta:
        verbose_name = _("former post address")
        verbose_name_plural = _("former post addresses")

    def __str__(self):
        return self.slug
