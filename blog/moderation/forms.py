"""The form by which readers report a comment, and the moderators' answer to an appeal."""

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

from blog.comments import limits
from blog.moderation.models import Batch, RemovalReason, Report
from blog.receipts.models import Appeal
from blog.text.markup import clean_source

SALT = "blog.moderation.report"


class ReportForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("What is wrong with it?"),
        choices=Report.Reason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose a reason.")},
    )
    note = forms.CharField(
        label=_("What should the moderators know?"),
        required=False,
        max_length=Report._meta.get_field("note").max_length,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    # People do not see it; programs fill in whatever they find.
    subject = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )
    token = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *arguments, comment, **named):
        super().__init__(*arguments, **named)
        self.label_suffix = ""
        self.comment = comment
        self.initial["token"] = signing.dumps(comment.pk, salt=SALT)

    def clean_note(self):
        return " ".join(clean_source(self.cleaned_data["note"]).split())

    def clean_token(self):
        try:
            pk = signing.loads(self.cleaned_data["token"], salt=SALT, max_age=limits.FORM_GOOD_FOR)
        except signing.BadSignature:
            pk = None
        if pk != self.comment.pk:
            raise forms.ValidationError(
                _("The page was too old. Your words are still here: please send them once more.")
            )
        return self.initial["token"]

    def prepare_second_try(self):
        """After an error: a good token, the words as they were typed."""
        self.data = dict(self.data.items()) | {"token": self.initial["token"]}


class WhyForm(forms.Form):
    """Why a comment is taken away, for its writer to read."""

    because = forms.ModelChoiceField(
        RemovalReason.objects.filter(is_retired=False), label=_("Reason"), required=False, empty_label=_("No reason")
    )
    note = forms.CharField(
        label=_("Note to the writer"), required=False, max_length=Batch._meta.get_field("note").max_length
    )


class AnswerForm(forms.Form):
    """What a moderator says to the writer of an appeal."""

    answer = forms.CharField(
        label=_("Answer"),
        required=False,
        max_length=Appeal._meta.get_field("answer").max_length,
        widget=forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField"}),
        help_text=_("The writer of the comment reads it."),
    )
