"""The forms of the admin: a post, and a picture for the library."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from blog.posts import images
from blog.posts.workflow import Status

WORDS = ["alt", "caption", "credit"]


class PostForm(forms.ModelForm):
    def __init__(self, *arguments, **named):
        super().__init__(*arguments, **named)
        if "slug" in self.fields:
            self.fields["slug"].required = False
            self.fields["slug"].help_text = _("The post's address. Empty: made from the title.")

    def clean(self):
        fields = super().clean()
        if "slug" in self.fields and not fields.get("slug") and fields.get("title"):
            self.instance.title = fields["title"]
            fields["slug"] = self.instance.free_slug()
        if self.instance.status == Status.APPROVED and "publish_at" in fields and not fields["publish_at"]:
            self.add_error("publish_at", _("The post is approved and needs its hour. To stop it, take it back."))
        return fields


class ImageForm(forms.ModelForm):
    """The words of a picture."""

    class Meta:
        model = images.Image
        fields = WORDS


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

    def _post_clean(self):
        """Nothing is left to do: `images.store` has written the row, or found it."""

    def save(self, commit=True):
        self.save_m2m = lambda: None  # the admin calls it
        return self.instance
