"""The form under every post."""

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

from blog.comments.models import NAME_CHARACTERS, TEXT_CHARACTERS
from blog.comments.submission import PARENT_GONE
from blog.text.markup import clean_source, comment_html, is_seen
from blog.text.sanitise import plain_text

SALT = "blog.comments.form"


def token_for(post):
    """Return the signed word that a form for this post was made here; the same for everyone, so cacheable."""
    return signing.Signer(salt=SALT).sign(post.pk)


class CommentText(forms.CharField):
    """What is stored is what is counted: browsers send each line end as two characters, and show one."""

    def to_python(self, value):
        return clean_source(super().to_python(value))


class CommentForm(forms.Form):
    name = forms.CharField(
        label=_("Name"),
        max_length=NAME_CHARACTERS,
        error_messages={"required": _("Please write a name.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
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
        error_messages={"invalid": _("Please write a web address that begins with https://.")},
        # A plain text field: "blogg.se" is a fine answer that type="url" would refuse.
        widget=forms.TextInput(attrs={"autocomplete": "url", "inputmode": "url"}),
    )
    text = CommentText(
        label=_("Comment"),
        max_length=TEXT_CHARACTERS,
        strip=False,
        error_messages={"required": _("Please write a comment.")},
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("*emphasis*, > quote, - list, `code`; addresses become links."),
    )
    reply_to = forms.IntegerField(required=False, widget=forms.HiddenInput)
    token = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *arguments, post, **named):
        super().__init__(*arguments, **named)
        self.label_suffix = ""
        self.post = post
        self.initial.setdefault("token", token_for(post))

    def clean_name(self):
        name = " ".join(clean_source(self.cleaned_data["name"]).split())
        if not is_seen(name):
            raise forms.ValidationError(self.fields["name"].error_messages["required"])
        return name

    def clean_website(self):
        website = self.cleaned_data["website"]
        if website and not website.startswith(("http://", "https://")):
            raise forms.ValidationError(self.fields["website"].error_messages["invalid"])
        return website

    def clean_text(self):
        text = self.cleaned_data["text"]
        if not is_seen(plain_text(comment_html(text))):
            raise forms.ValidationError(self.fields["text"].error_messages["required"])
        return text

    def clean_reply_to(self):
        """The comment that is answered, whatever became of it since; None for one that begins a thread."""
        number = self.cleaned_data["reply_to"]
        if number is None:
            return None
        parent = self.post.comments.filter(number=number).first()
        if parent is None:
            raise forms.ValidationError(PARENT_GONE)
        return parent

    def clean_token(self):
        if self.cleaned_data["token"] != token_for(self.post):
            raise forms.ValidationError(_("The page was too old. Your text is still here: please send it once more."))

    def prepare_second_try(self):
        """After an error: a good token, no parent that is gone, and the focus on the first field with an error.

        Without a script, the focus is what scrolls there.
        """
        mended = {"token": token_for(self.post)}
        if "reply_to" in self.errors:
            mended["reply_to"] = ""
        self.data = dict(self.data.items()) | mended
        for name in self.errors:
            if name in self.fields:
                self.fields[name].widget.attrs["autofocus"] = True
                return
