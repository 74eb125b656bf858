"""The forms of the admin: a post, and a picture for the library."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from blog.posts import images
from blog.posts.workflow import Status
from blog.tags.models import Tag

WORDS = ["alt", "caption", "credit"]
YEARS = range(1990, 2200)
MAX_BODY = 1_000_000  # characters
MAX_TAG = Tag._meta.get_field("name").max_length


class PostForm(forms.ModelForm):
    def __init__(self, *arguments, **named):
        super().__init__(*arguments, **named)
        if "slug" in self.fields:
            self.fields["slug"].required = False
            self.fields["slug"].help_text = _("The post's address. Empty: made from the title.")

    def clean_publish_at(self):
        hour = self.cleaned_data["publish_at"]
        if hour and timezone.localtime(hour).year not in YEARS:
            raise ValidationError(_("The year must lie between 1990 and 2199."))
        return hour

    def clean_body(self):
        body = self.cleaned_data["body"]
        if len(body) > MAX_BODY:
            raise ValidationError(_("The text is longer than a million characters. Divide it into several posts."))
        return body

    def clean_tags(self):
        tags = self.cleaned_data["tags"]
        if any(len(name) > MAX_TAG for name in tags):
            raise ValidationError(_("A tag has at most 100 characters. Put a comma between two tags."))
        return tags

    def clean(self):
        fields = super().clean()
        if "tags" not in self.changed_data:
            fields.pop("tags", None)  # what was not typed here is not written
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
    """A new picture with its words. A file that the library has gives the image that is there, with its own words.

    The typed ones fill what is empty there.
    """

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
            else:
                self._fill_empty(words)
        return fields

    def _fill_empty(self, words):
        missing = {name: text for name, text in words.items() if text and not getattr(self.instance, name)}
        for name, text in missing.items():
            setattr(self.instance, name, text)
        if missing:
            self.instance.save(update_fields=missing)

    def _post_clean(self):
        """Nothing is left to do: `images.store` has written the row, or found it."""

    def save(self, commit=True):
        self.save_m2m = lambda: None  # the admin calls it
        return self.instance
