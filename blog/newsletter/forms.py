"""The form by which readers ask for the weekly letter."""

from django import forms
from django.conf import settings
from django.core import signing
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from blog.comments import limits

SALT = "blog.newsletter.form"


def token():
    """Return the signed word that a form was made here and now; the same for everyone, so cacheable."""
    return signing.dumps("", salt=SALT)


class SubscribeForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        error_messages={"required": _("Please write the address to mail to.")},
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    language = forms.ChoiceField(label=_("Language of the letter"), choices=settings.LANGUAGES)
    # People do not see it; programs fill in whatever they find.
    subject = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )
    token = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *arguments, **named):
        super().__init__(*arguments, label_suffix="", **named)
        self.initial |= {"token": token(), "language": get_language()}

    def clean_token(self):
        try:
            signing.loads(self.cleaned_data["token"], salt=SALT, max_age=limits.FORM_GOOD_FOR)
        except signing.BadSignature:
            raise forms.ValidationError(
                _("The page was too old. Your address is still here: please send it once more.")
            ) from None

    def prepare_second_try(self):
        """After an error: a good token, and the focus where the error is."""
        self.data = dict(self.data.items()) | {"token": self.initial["token"]}
        if "email" in self.errors:
            self.fields["email"].widget.attrs["autofocus"] = True
