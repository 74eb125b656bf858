"""What moderators search for, and what they write at a row of a queue."""

from datetime import datetime, time, timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from blog.comments.fields import CommentText
from blog.comments.models import Comment
from blog.moderation.models import Batch, PersonNote, RemovalReason
from blog.posts.models import Post
from blog.text import wording
from blog.web.rates import network_key

POSTS = 100  # with these words in their titles


class Day(forms.DateField):
    """A day, as the beginning of it; with `days=1` as its end."""

    def __init__(self, *, days=0, **named):
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), required=False, **named)
        self.days = days

    def clean(self, value):
        day = super().clean(value)
        try:
            return day and timezone.make_aware(datetime.combine(day + timedelta(days=self.days), time.min))
        except OverflowError:
            raise forms.ValidationError(self.error_messages["invalid"]) from None


class SearchForm(forms.Form):
    """A question in an address. `by` and `near` are comments: everything of that person, from that network."""

    words = forms.CharField(label=_("Words"), required=False, max_length=200)
    person = forms.CharField(label=_("Name or e-mail address"), required=False, max_length=254)
    network = forms.CharField(label=_("Network address (IP)"), required=False, max_length=50)
    domain = forms.CharField(label=_("Link to the domain"), required=False, max_length=253)
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("Any")), *Comment.State.choices])
    post = forms.CharField(label=_("Post: address or words of its title"), required=False, max_length=300)
    since = Day(label=_("From"))
    until = Day(label=_("Until"), days=1)
    by = forms.ModelChoiceField(Comment.objects.order_by(), required=False, widget=forms.HiddenInput)
    near = forms.ModelChoiceField(Comment.objects.order_by(), required=False, widget=forms.HiddenInput)

    def __init__(self, *arguments, **named):
        super().__init__(*arguments, **named)
        self.label_suffix = ""

    def clean_network(self):
        typed = self.cleaned_data["network"].strip()
        key = network_key(typed)
        if typed and key is None:
            raise forms.ValidationError(_("This is no network address: it looks like 192.0.2.7 or 2001:db8::7."))
        return key

    def clean_domain(self):
        typed = self.cleaned_data["domain"].strip()
        found = wording.domains(typed if "://" in typed else f"http://{typed}")
        if typed and not found:
            raise forms.ValidationError(_("This is no domain: it looks like blog.example."))
        return min(found) if typed else ""

    def clean_post(self):
        typed = self.cleaned_data["post"].strip()
        if not typed:
            return []
        post = Post.objects.called(typed.rstrip("/").rpartition("/")[2])
        titled = Post.objects.filter(title__icontains=typed).order_by("-pk")
        found = [post.pk] if post else list(titled.values_list("pk", flat=True)[:POSTS])
        if not found:
            raise forms.ValidationError(_("No post has this address or these words in its title."))
        return found

    def clean_near(self):
        near = self.cleaned_data["near"]
        if near and not near.network_key:
            raise forms.ValidationError(_("From which network this comment came is no longer known."))
        return near

    def asked(self):
        """What search.found takes, or None where something was not understood."""
        if not self.is_valid():
            return None
        fields = dict(self.cleaned_data)
        by, near = fields.pop("by"), fields.pop("near")
        fields["network_key"] = fields.pop("network") or (near and near.network_key)
        return fields | {"author_key": by and by.author_key}


class RemovalForm(forms.Form):
    """Why something is removed; its writer reads it."""

    because = forms.ModelChoiceField(
        RemovalReason.objects.filter(is_retired=False),
        label=_("Reason"),
        error_messages={"required": _("Please choose a reason: the writer reads it.")},
    )
    note = forms.CharField(
        label=_("Note to the writer"),
        required=False,
        max_length=Batch._meta.get_field("note").max_length,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ReplyForm(forms.Form):
    text = CommentText()


class NoteForm(forms.Form):
    text = forms.CharField(label=_("Note about the person"), max_length=PersonNote._meta.get_field("text").max_length)
