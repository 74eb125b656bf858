"""What happens besides when a post becomes public: each effect once for each hour of publishing, done by jobs.

The row is the message: it is written with the approval, and done in one transaction with its mark. A worker that
is killed in between leaves it undone for the next.
"""

import logging

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone, translation
from django.utils.translation import gettext  # fmt: skip
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import app

from blog.posts.events import Event, Kind
from blog.web.letters import post_letter

logger = logging.getLogger(__name__)


class EffectQuerySet(models.QuerySet):
    def due(self):
        """Effects of posts that are public by the very hour for which the effect was meant."""
        return self.filter(
            done_at=None, due_at__lte=Now(), post__status="approved", post__publish_at=F("due_at")
        )  # fmt: skip


class Effect(models.Model):
    post = models.ForeignKey("blog.Post", on_delete=models.CASCADE, related_name="effects")
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
        indexes = [models.Index("due_at", condition=Q(done_at=None), name="effect_to_do")]  # serves the sweep

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


def plan(post):
    """Write down what is to happen at the post's hour of publishing, and give a job for each effect.

    One that was done for an hour is not done again for it; nor when the date of a public post is corrected (`move`).
    """
    post.effects.filter(done_at=None).exclude(due_at=post.publish_at).delete()
    for name in EFFECTS:
        effect, is_new = post.effects.get_or_create(name=name, due_at=post.publish_at)
        if is_new:
            job = app.configure_task("blog.tasks.run_effect", schedule_at=post.publish_at)
            job.defer(effect=effect.pk)


def move(post):
    """What is not done yet belongs to the corrected date of a post that is public already; what is done is done."""
    post.effects.filter(done_at=None).update(due_at=post.publish_at)


@transaction.atomic
def run(key):
    """Do one effect if its hour has come and nobody has done it; return whether it was done here."""
    waiting = Effect.objects.due().select_for_update(of=("self",), skip_locked=True)
    effect = waiting.filter(pk=key).first()
    if effect is None:
        return False
    EFFECTS[effect.name](effect)
    return bool(Effect.objects.filter(pk=key, done_at=None).update(done_at=timezone.now()))


def run_due(limit=1000):
    """Do the effects that are due, whatever became of their jobs, and return how many were done."""
    keys = Effect.objects.due().order_by("due_at").values_list("pk", flat=True)[:limit]
    return sum(_run_safely(key) for key in keys)


def _run_safely(key):
    try:
        return run(key)
    except Exception:  # one that fails keeps none of the others from being done
        logger.exception("Effect %s of a publishing failed; it is tried again.", key)
        return False


def _record_it(effect):
    post = effect.post
    Event.record(post, Kind.PUBLISHED, former=post.status, at=effect.due_at, revision=post.shown)


def _tell_writers(effect):
    """Mail those who wrote the post that it is out."""
    writers = {byline.user for byline in effect.post.bylines.select_related("user") if byline.user}
    writers |= {effect.post.created_by} - {None}
    with translation.override(settings.LANGUAGE_CODE):
        subject = gettext("Published: %(title)s") % {"title": effect.post.title}
        text = gettext("Your post is out:\n%(address)s\n")
        text %= {"address": settings.SITE_URL + effect.post.get_absolute_url()}
    for writer in writers:
        if writer.email and writer.is_active:
            post_letter(f"published-{effect.pk}-{writer.pk}", subject, text, writer.email)


EFFECTS = {"record": _record_it, "tell": _tell_writers}
