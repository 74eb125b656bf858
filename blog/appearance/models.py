"""How the site looks: one row, or none as long as nobody has chosen anything."""

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

COLOURS = ("paper", "ink", "accent", "dark_paper", "dark_ink", "dark_accent")
# As in static/blog/css/site.css: paper, ink and accent.
LIGHT, DARK = ("#fcfbf8", "#1c1a17", "#9a2a1b"), ("#171614", "#e8e3d9", "#f09a84")
IS_COLOUR = RegexValidator(r"^#[0-9a-f]{6}\Z", _("Write a colour as # and six digits or letters from a to f."))


def colour(words, default):
    return models.CharField(words, max_length=7, default=default, validators=[IS_COLOUR])


def name_in_settings():
    return settings.SITE_NAME[:60]


class Appearance(models.Model):
    class Typeface(models.TextChoices):
        OWN = "own", _("Newsreader, which comes with the pages")
        SERIF = "serif", _("A serif that the reader’s device has")
        SANS = "sans", _("A sans serif that the reader’s device has")

    name = models.CharField(_("name of the site"), max_length=60, default=name_in_settings)
    tagline = models.CharField(_("tagline"), max_length=120, blank=True, help_text=_("A line beside the name."))
    logo = models.ForeignKey(
        "blog.Image",
        verbose_name=_("logo"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("A picture from the library, in the place of the name. It is shown 40 pixels high."),
    )
    typeface = models.CharField(_("typeface"), max_length=10, choices=Typeface.choices, default=Typeface.OWN)
    paper, ink, accent = colour(_("paper"), LIGHT[0]), colour(_("text"), LIGHT[1]), colour(_("accent"), LIGHT[2])
    dark_paper, dark_ink, dark_accent = (
        colour(_("paper"), DARK[0]),
        colour(_("text"), DARK[1]),
        colour(_("accent"), DARK[2]),
    )

    class Meta:
        verbose_name = _("appearance")
        verbose_name_plural = _("appearance")
        constraints = [
            models.CheckConstraint(name="one_appearance", condition=Q(pk=1)),
            # They are written into a style sheet.
            models.CheckConstraint(
                name="colours_are_colours", condition=Q(**{f"{name}__regex": r"^#[0-9a-f]{6}$" for name in COLOURS})
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def light(self):
        return self.paper, self.ink, self.accent

    @property
    def dark(self):
        return self.dark_paper, self.dark_ink, self.dark_accent
