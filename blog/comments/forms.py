"""The form under every post."""

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

from blog.comments.models import NAME_CHARACTERS, TEXT_CHARACTERS
from blog.text.fingerprints import normal_form
from blog.text.markup import clean_source

SALT = "blog.comments.form"


def token_for(post):
    """Return the signed word that a form for this post was made here; the same for everyone, so cacheable."""
    return signing.Signer(salt=SALT).sign(post.pk)


class CommentForm(forms.Form):
    name = forms.CharField(
        label=_("Name"), max_length=NAME_CHARACTERS, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        max_length=254,
        help_text=_("Never shown to anyone."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    website = forms.URLField(
        label=_("Website"),
        required=False,
        max_length=300,
        assume_scheme="https",
        # A plain text field: "blogg.se" is a fine answer that type="url" would refuse.
        widget=forms.TextInput(attrs={"autocomplete": "url", "inputmode": "url"}),
    )
    text = forms.CharField(
        label=_("Comment"),
        max_length=TEXT_CHARACTERS,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("*emphasis*, > quote, - list, `code`; addresses become links."),
    )
    reply_to = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    token = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *arguments, post, **named):
        super().__init__(*arguments, **named)
        self.post = post
        self.initial.setdefault("token", token_for(post))

    def focus_first_error(self):
        """Let the first field with an error take the focus: without a script, that is what scrolls to it."""
        for name in self.fields:
            if name in self.errors:
                self.fields[name].widget.attrs["autofocus"] = True
                return

    def clean_name(self):
        name = " ".join(self.cleaned_data["name"].split())
        if not normal_form(name):
            raise forms.ValidationError(_("Please write a name."))
        return name

    def clean_website(self):
        website = self.cleaned_data["website"]
        if website and not website.startswith(("http://", "https://")):
            raise forms.ValidationError(_("Please write a web address that begins with https://."))
        return website

    def clean_text(self):
        text = clean_source(self.cleaned_data["text"])
        if not text.strip():
            raise forms.ValidationError(_("Please write a comment."))
        return text

    def clean(self):
        expected = token_for(self.post)
        if self.cleaned_data.get("token") != expected:
            # What was typed stays; the page that comes back holds a good token.
            self.data = self.data.copy()
            self.data["token"] = expected
            raise forms.ValidationError(_("The page was too old. Your text is still here: please send it once more."))
        return super().clean()
