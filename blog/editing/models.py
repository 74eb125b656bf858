"""What the open form of a post leaves behind."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from blog.posts.models import Post


class Autosave(models.Model):
    """What a person has typed into a post's form and not saved: a crash, or a clash with another save, costs no word.

    `fields` are the form's fields as they were typed, name → list of values. A text that is not saved for the first
    time yet is known by its form's key.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    post = models.ForeignKey(Post, null=True, on_delete=models.CASCADE, related_name="autosaves")
    form_key = models.UUIDField(null=True)
    fields = models.JSONField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("unsaved text")
        verbose_name_plural = _("unsaved texts")
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(fields=["user", "post"], name="autosave_once_per_post"),
            models.UniqueConstraint(fields=["user", "form_key"], name="autosave_once_per_form"),
            models.CheckConstraint(
                condition=models.Q(post=None) ^ models.Q(form_key=None), name="autosave_of_a_post_or_a_form"
            ),
        ]

    def __str__(self):
        return f"{self.user}: {self.post or self.form_key}"


class Presence(models.Model):
    """Who had a post's form open when: advice for others, not a lock."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="presences")
    seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("open form")
        verbose_name_plural = _("open forms")
        constraints = [models.UniqueConstraint(fields=["post", "user"], name="presence_once")]

    def __str__(self):
        return f"{self.user}: {self.post}"
