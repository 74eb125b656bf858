"""The form under every post."""

from dataclasses import dataclass
from time import time

from django import forms
from django.core import signing
from django.template import Context, Engine
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from blog.comments import limits
from blog.comments.fields import CommentText
from blog.comments.models import NAME_CHARACTERS, Scope
from blog.comments.submission import PARENT_GONE
from blog.text.markup import clean_source, is_seen
from blog.web.memo import remembered

SALT = "blog.comments.form"


@dataclass(frozen=True)
class Token:
    """What a form knows of the moment in which its reader got it."""

    post_id: int
    seen: int  # the number of the newest comment then
    asked: bool = False  # the reader has been shown what was said meanwhile
    began: float = 0  # when the form was shown first, in seconds since 1970; 0 if that is not known

    def sign(self):
        return signing.dumps((self.post_id, self.seen, self.asked, self.began), salt=SALT)

    @classmethod
    def read(cls, text):
        """Return the Token of a signed text. BadSignature, also for one that is too old."""
        try:
            return cls(*signing.loads(text, salt=SALT, max_age=limits.FORM_GOOD_FOR))
        except TypeError:
            raise signing.BadSignature from None

    @property
    def seconds(self):
        """How long the form has been open; None if that is not known."""
        return time() - self.began if self.began else None


def token_for(post, asked=False, began=None):
    """Return the signed word that a form for this post was made now; the same for everyone, so cacheable."""
    discussion = getattr(post, "discussion", None)
    seen = discussion.last_shown if discussion else 0
    return Token(post.pk, seen, asked, round(time(), 1) if began is None else began).sign()


class Trap(forms.TextInput):
    """A field for programs: out of sight, out of the keyboard's way, and not filled in by browsers."""

    def __init__(self):
        super().__init__(attrs={"tabindex": "-1", "autocomplete": "off"})


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
        help_text=_("Never shown to anyone. Your private receipt is sent there."),
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
    text = CommentText()
    follow = forms.ChoiceField(
        label=_("Mail me"),
        required=False,
        choices=[("", _("nothing")), *Scope.choices],
        help_text=_("At your address; every mail has a link that ends it."),
    )
    remember = forms.BooleanField(
        label=_("Remember my name, e-mail and website in this browser"),
        required=False,
    )
    # People do not see it; programs fill in whatever they find.
    subject = forms.CharField(label=_("Leave this empty"), required=False, widget=Trap)
    reply_to = forms.IntegerField(required=False, widget=forms.HiddenInput)
    token = forms.CharField(required=False, widget=forms.HiddenInput)

    field_order = ["text", "name", "email", "follow", "website"]

    def __init__(self, *arguments, post, **named):
        super().__init__(*arguments, **named)
        self.label_suffix = ""
        self.post = post
        if not self.is_bound and "token" not in self.initial:
            self.initial["token"] = token_for(post)

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
        """The Token of the form."""
        try:
            token = Token.read(self.cleaned_data["token"])
        except signing.BadSignature:
            token = None
        if token is None or token.post_id != self.post.pk:
            raise forms.ValidationError(_("The page was too old. Your text is still here: please send it once more."))
        return token

    def clean(self):
        fields = super().clean()
        if fields.get("follow") and fields.get("email") == "":
            self.add_error("email", _("Please write the address to mail to, or choose “nothing” under “Mail me”."))
        return fields

    def prepare_second_try(self, asked=False):
        """After an error or a question: a good token, no parent that is gone, the focus where the first error is.

        Without a script, the focus is what scrolls there.
        """
        token = getattr(self, "cleaned_data", {}).get("token")
        mended = {"token": token_for(self.post, asked, began=token.began if token else 0)}
        if "reply_to" in self.errors:
            mended["reply_to"] = ""
        self.data = dict(self.data.items()) | mended
        for name in self.errors:
            if name in self.fields:
                self.fields[name].widget.attrs["autofocus"] = True
                return


ADDRESS_HERE, TOKEN_HERE = "address-of-the-form", "token-of-the-form"


def empty(initial):
    """Return the markup of a form that nobody has sent, with two words in the places of its address and its token."""
    template = Engine.get_default().get_template("blog/comments/_form.html")
    return _empty(template, get_language(), tuple(initial.items()))


@remembered(most_bytes=2**20)
def _empty(template, language, initial):
    form = CommentForm(post=None, initial=dict(initial) | {"token": TOKEN_HERE})
    return template.render(Context({"form": form, "write": ADDRESS_HERE}))
