"""Choosing how the site looks."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from blog.appearance import look
from blog.appearance.models import COLOURS, IS_COLOUR, Appearance
from blog.text import colours

# What is read on what, by the names of look.NAMES.
READ_ON = (("ink", "paper"), ("ink", "mark"), ("accent", "paper"), ("accent", "raised"))


class ColourInput(forms.ColorInput):
    def use_required_attribute(self, initial):
        return False  # it is never empty


class ColourField(forms.CharField):
    widget = ColourInput
    default_validators = [IS_COLOUR]

    def widget_attrs(self, widget):
        return {}  # nor is it ever too long

    def clean(self, value):
        return super().clean(value and value.lower())


class AppearanceForm(forms.ModelForm):
    class Meta:
        model = Appearance
        fields = ("name", "tagline", "logo", "typeface", *COLOURS)
        field_classes = dict.fromkeys(COLOURS, ColourField)
        widgets = dict.fromkeys(COLOURS, ColourField.widget)

    def clean(self):
        for beginning in ("", "dark_"):
            scheme = tuple(self.cleaned_data.get(f"{beginning}{name}") for name in COLOURS[:3])
            if all(scheme):
                self._refuse_what_nobody_can_read(beginning, dict(look.palette(scheme)))

    def _refuse_what_nobody_can_read(self, beginning, palette):
        for name, ground in READ_ON:
            found = colours.contrast(palette[name], palette[ground])
            if found < colours.READABLE and f"{beginning}{name}" not in self.errors:
                words = _(
                    "Too close to the paper to be read: the contrast is %(found)s to 1, and must be 4.5 at least."
                )
                figure = number_format(int(found * 10) / 10, 1)
                self.add_error(f"{beginning}{name}", ValidationError(words % {"found": figure}, code="contrast"))
