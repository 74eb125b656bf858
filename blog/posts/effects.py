"""What happens besides when a post becomes public: each effect once for each hour of publishing, done by jobs.

The row is the message: it is written with the approval, and done in one transaction with its mark. A worker that
is killed in between leaves it undone for the next.
"""

from django.db import models
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from blog.posts.models import Post


class EffectQuerySet(models.QuerySet):
    def due(self):
        """Effects of posts that are public by the hour for which the effect was meant."""
        public = Post.objects.published()
        return self.filter(done_at=None, due_at__lte=Now(), due_at=F("post__publish_at"), post__in=public)


class Effect(models.Model):
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="effects")
    name = models.CharField(max_length=40)
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    objects = EffectQuerySet.as_manager()

    class Meta:
        verbose_name = _("effect of publishing")
        verbose_name_plural = _("effects of publishing")
        constraints = [
            models.UniqueConstraint(fields=["post", "name", "due_at"], name="effect_once"),
        ]
        indexes = [models.Index("due_at", condition=models.Q(done_at=None), name="effect_to_do")]  # serves the sweep

    def __str__(self):
        return f"{self.name}: {self.post}"


class Heartbeat(models.Model):
    """When something that runs in the background was last alive."""

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("heartbeat")
        verbose_name_plural = _("heartbeats")

    def __str__(self):
        return self.name
