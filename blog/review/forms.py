"""What an invited reviewer, and the staff, write about a draft; and the invitation."""

from datetime import timedelta
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from blog.review.models import Seat
from blog.review.notes import TEXT_CHARACTERS
from blog.text.markup import clean_source, is_seen
from blog.web.parameters import as_whole_number, whole_number

GONE = _("The place that your note is about is not there any more. Your text is still here.")


class Words(forms.CharField):
    """What is stored is what is counted: browsers send each line end as two characters, and show one."""

    def to_python(self, value):
        value = clean_source(super().to_python(value))
        return value if is_seen(value) else ""


class NoteForm(forms.Form):
    """A note on the whole text, on a paragraph or some words of it, or in a thread of `reading`."""

    text = Words(
        label=_("Note"),
        max_length=TEXT_CHARACTERS,
        strip=False,
        error_messages={"required": _("Please write a note.")},
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    block = forms.IntegerField(required=False, widget=forms.HiddenInput)
    quote = forms.CharField(required=False, widget=forms.HiddenInput)
    parent = forms.IntegerField(required=False, widget=forms.HiddenInput)
    form_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *arguments, reading, **named):
        super().__init__(*arguments, **named)
        self.label_suffix = ""
        self.reading = reading
        self.initial.setdefault("form_key", uuid4())

    @staticmethod
    def place_in(request):
        """The initial values for a note on the place that the address names."""
        return {"block": whole_number(request, "block"), "parent": whole_number(request, "reply")}

    @property
    def place(self):
        """The Paragraph that the note is about, or None."""
        return self.reading.paragraph(as_whole_number(str(self["block"].value() or "")))

    @property
    def answered(self):
        """The note that begins the thread in which this one will stand, or None."""
        return self.reading.threads.get(as_whole_number(str(self["parent"].value() or "")))

    def clean_block(self):
        block = self.cleaned_data["block"]
        if block is not None and self.reading.paragraph(block) is None:
            raise forms.ValidationError(GONE)
        return block

    def clean_parent(self):
        parent = self.cleaned_data["parent"]
        if parent is not None and parent not in self.reading.threads:
            raise forms.ValidationError(GONE)
        return self.reading.threads.get(parent)

    def clean(self):
        fields = super().clean()
        fields["quote"] = self.reading.quoted(fields.get("block"), fields.get("quote", ""))
        return fields


class DecisionForm(forms.Form):
    decision = forms.ChoiceField(choices=Seat.Decision.choices)
    note = Words(
        label=_("What should change?"),
        max_length=TEXT_CHARACTERS,
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *arguments, **named):
        super().__init__(*arguments, **named)
        self.label_suffix = ""

    def clean(self):
        fields = super().clean()
        if fields.get("decision") == Seat.Decision.CHANGES and not fields.get("note") and "note" not in self.errors:
            self.add_error("note", _("Please say what should change."))
        return fields


class InvitationForm(forms.ModelForm):
    days = forms.IntegerField(label=_("Days valid"), min_value=1, max_value=90, initial=14)
    form_key = forms.UUIDField(widget=forms.HiddenInput)

    class Meta:
        model = Seat
        fields = ["name", "email"]

    def __init__(self, *arguments, **named):
        super().__init__(*arguments, **named)
        self.initial.setdefault("form_key", uuid4())

    def clean_name(self):
        return " ".join(clean_source(self.cleaned_data["name"]).split())

    def clean_days(self):
        return timedelta(days=self.cleaned_data["days"])
