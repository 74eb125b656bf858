"""The forms of the image library."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from blog.posts import images

WORDS = ["alt", "caption", "credit"]
FOCUS = ["focus_x", "focus_y"]


class ImageForm(forms.ModelForm):
    """The words of a picture, and the point that no crop cuts off."""

    class Meta:
        model = images.Image
        fields = [*WORDS, *FOCUS]
        help_texts = {
            "focus_x": _(
                "What matters most in the picture, in per cent of its width: crops keep it. Or click on it above."
            ),
            "focus_y": _("In per cent of its height."),
        }


class UploadForm(ImageForm):
    """A new picture with its words. A file that the library has gives the image that is there, with its own words."""

    file = forms.FileField(
        label=_("File"),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,image/avif,image/gif"}),
        help_text=_("JPEG, PNG, WebP, AVIF or GIF; at most 8 MB and 40 million pixels."),
    )
    field_order = ["file"]

    def clean(self):
        fields = super().clean()
        if not self.errors:
            words = {name: fields[name] for name in WORDS}
            try:
                self.instance, self.instance.is_new = images.store(fields["file"], **words)
            except ValidationError as refusal:
                self.add_error("file", refusal)
        return fields

    def fill_empty(self):
        """Let the typed words stand where the image has none."""
        typed = {name: self.cleaned_data[name] for name in WORDS}
        missing = {name: text for name, text in typed.items() if text and not getattr(self.instance, name)}
        for name, text in missing.items():
            setattr(self.instance, name, text)
        if missing:
            self.instance.save(update_fields=missing)

    def _post_clean(self):
        """Nothing is left to do: `images.store` has written the row, or found it."""

    def save(self, commit=True):
        self.save_m2m = lambda: None  # the admin calls it
        return self.instance
