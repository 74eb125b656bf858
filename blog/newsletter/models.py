"""Who gets the weekly letter, and which editions of it have gone out."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from blog.web.languages import languages


class SubscriberQuerySet(models.QuerySet):
    def confirmed(self):
        return self.filter(confirmed_at__isnull=False)


class Subscriber(models.Model):
    """An address that wants the letter. Whoever leaves is deleted, and so is who never confirmed."""

    email = models.EmailField(_("e-mail"), unique=True)  # in lower case
    language = models.CharField(_("language"), max_length=10, choices=languages, default="sv")
    created_at = models.DateTimeField(_("asked"), default=timezone.now)
    confirmed_at = models.DateTimeField(_("subscribes since"), null=True)  # by the mailed link: before that, no letter

    objects = SubscriberQuerySet.as_manager()

    class Meta:
        verbose_name = _("subscriber")
        verbose_name_plural = _("subscribers")
        ordering = ["-pk"]
        constraints = [models.CheckConstraint(condition=Q(email=Lower("email")), name="subscriber_is_lower")]

    def __str__(self):
        return f"{self.pk}"  # an address belongs in no log


class Edition(models.Model):
    """One week's letter. A week without posts has an edition without posts, which goes to nobody."""

    due_at = models.DateTimeField(_("due"), unique=True)  # the hour of the week; of two workers one makes it
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    posts = models.ManyToManyField("blog.Post", through="blog.EditionPost", verbose_name=_("posts"))
    receivers = models.PositiveIntegerField(_("receivers"), default=0)

    class Meta:
        verbose_name = _("edition of the letter")
        verbose_name_plural = _("editions of the letter")
        ordering = ["-due_at"]

    def __str__(self):
        return f"{timezone.localtime(self.due_at):%Y-%m-%d}"


class EditionPost(models.Model):
    """That a post stood in an edition: in one only."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="entries")
    post = models.OneToOneField("blog.Post", on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("post in an edition")
        verbose_name_plural = _("posts in editions")

    def __str__(self):
        return f"{self.edition_id}: {self.post_id}"


class Delivery(models.Model):
    """That a subscriber is to get an edition, once."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="deliveries")
    subscriber = models.ForeignKey(Subscriber, on_delete=models.CASCADE, related_name="deliveries")
    sent_at = models.DateTimeField(null=True)  # when the mail was written

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [models.UniqueConstraint(fields=["edition", "subscriber"], name="delivery_once")]
        indexes = [models.Index("id", condition=Q(sent_at=None), name="delivery_to_write")]

    def __str__(self):
        return f"{self.edition_id}: {self.subscriber_id}"
