"""What came from where: the memory that makes a second import change nothing."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ImportedRow(models.Model):
    """One thing of another system and the row here that it became."""

    class Kind(models.TextChoices):
        BYLINE = "byline", _("Byline")
        POST = "post", _("Post")
        COMMENT = "comment", _("Comment")

    source = models.CharField(_("source"), max_length=300)  # the other site's address
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    foreign_id = models.CharField(_("id there"), max_length=300)
    object_id = models.BigIntegerField(_("id here"))
    digest = models.BinaryField(max_length=16)  # of the record: equal means nothing to do
    written = models.BinaryField(max_length=16)  # of the columns as imported: different means edited here since

    class Meta:
        verbose_name = _("imported row")
        verbose_name_plural = _("imported rows")
        constraints = [models.UniqueConstraint(fields=["source", "kind", "foreign_id"], name="imported_once")]

    def __str__(self):
        return f"{self.source} {self.kind} {self.foreign_id}"
