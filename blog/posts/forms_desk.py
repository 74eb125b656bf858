"""Forms of the desk's own pages about a post."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from blog.posts.models import Post
from blog.posts.relations import AddressTaken

MAX_CORRECTION = 2000  # characters


class CorrectionForm(forms.Form):
    text = forms.CharField(
        label=_("Correction"),
        max_length=MAX_CORRECTION,
        widget=forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField"}),
        help_text=_("What was wrong, and what is right. Readers see it at the top of the post, with its date."),
    )


class AddressForm(forms.Form):
    """The last part of a post's address; when it is sent, also the one that the person saw."""

    slug = forms.SlugField(
        label=_("New address"), max_length=100, allow_unicode=True, help_text=_("Letters, digits and hyphens.")
    )
    former = forms.CharField(required=False)

    def __init__(self, *arguments, post, **named):
        super().__init__(*arguments, **named)
        self.post = post
        self.initial["slug"] = post.slug

    def clean_slug(self):
        slug = self.cleaned_data["slug"]
        if Post.objects.exclude(pk=self.post.pk).filter(slug=slug).exists():
            raise ValidationError(str(AddressTaken()))
        return slug
