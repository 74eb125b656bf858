"""What is kept to find comments that say the same, and the groups that were found (docs/duplicates.md)."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import connection, models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from blog.text.keys import MIN_CHARACTERS
from blog.text.sameness import Tier

GROUPING = 7_305_812_244_150_613  # an advisory lock; migration 0009 knows it too
PENDING = 0  # the version of a fingerprint that is still to be made


class Fingerprint(models.Model):
    """Keys of a comment's wording. A trigger makes a PENDING one for whatever text is written (migration 0009)."""

    comment = models.OneToOneField(
        "blog.Comment", on_delete=models.CASCADE, primary_key=True, related_name="fingerprint"
    )
    version = models.PositiveSmallIntegerField(default=PENDING)
    full = models.BigIntegerField(default=0)
    core = models.BigIntegerField(default=0)
    characters = models.PositiveIntegerField(default=0)  # of the core
    domains = ArrayField(models.TextField(), default=list)  # of its links, and of its writer's website

    class Meta:
        verbose_name = _("fingerprint")
        verbose_name_plural = _("fingerprints")
        indexes = [
            # The same words; with another link.
            models.Index(fields=["full"], include=["comment"], condition=Q(version__gt=0), name="fingerprint_full"),
            models.Index(
                fields=["core"],
                include=["comment"],
                condition=Q(version__gt=0, characters__gte=MIN_CHARACTERS),
                name="fingerprint_core",
            ),
            models.Index(fields=["version"], name="fingerprint_pending"),
            GinIndex(fields=["domains"], name="fingerprint_domains", fastupdate=False),  # the search by domain
        ]

    def __str__(self):
        return f"{self.comment_id}"


class Band(models.Model):
    """One of a comment's keys of nearly the same wording. Its primary key is the index that look-ups read alone.

    There are sixteen for each comment. What is out of date finds nothing but a text to compare with.
    """

    pk = models.CompositePrimaryKey("key", "comment_id")
    key = models.BigIntegerField()
    comment_id = models.BigIntegerField()  # no foreign key: that would want an index of its own

    class Meta:
        verbose_name = _("band")
        verbose_name_plural = _("bands")

    def __str__(self):
        return f"{self.comment_id}"


class Group(models.Model):
    """Comments that say the same: a star around the oldest. Which of them still stand is for the moderators."""

    class Cause(models.TextChoices):
        """Why the same was said more than once, as the pattern shows (comments/causes.py)."""

        IMPORT = "import", _("The import ran twice")
        CLICK = "click", _("A double click")
        AGAIN = "again", _("The same form was sent again")
        CAMPAIGN = "campaign", _("Many people paste the same text")
        SPREAD = "spread", _("One person sends one text to many posts")
        UNKNOWN = "unknown", _("No pattern")

    TIERS = [
        (Tier.EXACT.value, _("Same text")),
        (Tier.LINK.value, _("Same text, other link or greeting")),
        (Tier.EXTENDED.value, _("One has more added")),
        (Tier.NEAR.value, _("Nearly the same text")),
        (Tier.TEMPLATE.value, _("The same pattern, filled in")),
    ]

    tier = models.CharField(_("likeness"), max_length=8, choices=TIERS)  # the least certain of its members
    cause = models.CharField(_("cause"), max_length=8, choices=Cause.choices, default=Cause.UNKNOWN)
    # Visible and held members, kept by a trigger (migration 0009): a group with two waits for a moderator.
    standing = models.PositiveIntegerField(_("size"), default=0)
    first_at = models.DateTimeField(_("first posted"))
    last_at = models.DateTimeField(_("last posted"))
    found_at = models.DateTimeField(_("found"), default=timezone.now)

    class Meta:
        verbose_name = _("group of duplicates")
        verbose_name_plural = _("groups of duplicates")
        ordering = ["-last_at", "-pk"]
        indexes = [
            # The desk: the newest first, by tier, by cause.
            models.Index(fields=["-last_at", "-id"], condition=Q(standing__gte=2), name="group_open"),
            models.Index(fields=["tier", "-last_at", "-id"], condition=Q(standing__gte=2), name="group_open_by_tier"),
            models.Index(fields=["cause", "-last_at", "-id"], condition=Q(standing__gte=2), name="group_open_by_cause"),
        ]

    def __str__(self):
        return f"{self.get_tier_display()} ({self.pk})"


class Member(models.Model):
    """A comment in a group; no comment is in two."""

    comment = models.OneToOneField(
        "blog.Comment", on_delete=models.CASCADE, primary_key=True, related_name="membership"
    )
    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="members")
    # What it is to the oldest of the group, or to `via`; "" for the oldest itself.
    tier = models.CharField(_("likeness"), max_length=8, choices=Group.TIERS, blank=True)
    via = models.ForeignKey("blog.Comment", null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        verbose_name = _("member of a group")
        verbose_name_plural = _("members of groups")

    def __str__(self):
        return f"{self.comment_id} in {self.group_id}"


def hold_groups():
    """Let nobody else change groups until the transaction ends. The triggers that count their members take it too."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [GROUPING])


class Different(models.Model):
    """Two wordings that a moderator called no duplicates, by their keys: they are never brought together again."""

    pk = models.CompositePrimaryKey("one", "other")
    one = models.BigIntegerField()
    other = models.BigIntegerField()

    class Meta:
        verbose_name = _("pair of different texts")
        verbose_name_plural = _("pairs of different texts")
        constraints = [models.CheckConstraint(condition=Q(one__lte=F("other")), name="different_in_order")]
        indexes = [models.Index(fields=["other"], name="different_other")]  # the primary key serves `one`

    def __str__(self):
        return f"{self.one} ≠ {self.other}"
