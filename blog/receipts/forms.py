"""What the writer of a comment may fill in on its receipt."""

from datetime import UTC, datetime

from django import forms
from django.utils.translation import gettext_lazy as _

from blog.comments.fields import CommentText
from blog.comments.models import Scope
from blog.receipts import following
from blog.receipts.models import Address, Appeal
from blog.text.markup import clean_source, is_seen


class ChangeForm(forms.Form):
    """The text of a comment; `seen` is the time of its last change, as the form was made."""

    text = CommentText()
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *arguments, comment, **named):
        edited_at = comment.edited_at.isoformat() if comment.edited_at else ""
        initial = {"text": comment.text, "seen": edited_at}
        super().__init__(*arguments, initial=initial, auto_id="change_%s", label_suffix="", **named)

    def clean_seen(self):
        """When the text that the person changed was written, None for the first one."""
        seen = self.cleaned_data["seen"]
        try:
            return datetime.fromisoformat(seen).astimezone(UTC) if seen else None
        except (ValueError, OverflowError):  # no time, or one before the first year
            raise forms.ValidationError(_("The page was not complete. Please send it once more.")) from None


class MailForm(forms.Form):
    scope = forms.ChoiceField(label=_("Mail me"), required=False, choices=[("", _("nothing")), *Scope.choices])
    pace = forms.ChoiceField(label=_("How often"), choices=Address.Pace.choices)

    def __init__(self, *arguments, comment, **named):
        chosen = following.followed(comment).filter(confirmed_at__isnull=False).order_by("-pk").first()
        address = Address.objects.filter(email=comment.email.lower()).first()
        initial = {
            "scope": chosen.scope if chosen and address and not address.muted_at else "",
            "pace": address.pace if address else Address.Pace.HOUR,
        }
        super().__init__(*arguments, initial=initial, auto_id="mail_%s", label_suffix="", **named)


class AppealForm(forms.Form):
    text = forms.CharField(
        label=_("Why should the moderators think it over?"),
        max_length=Appeal._meta.get_field("text").max_length,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *arguments, **named):
        super().__init__(*arguments, auto_id="appeal_%s", label_suffix="", **named)

    def clean_text(self):
        text = clean_source(self.cleaned_data["text"])
        if not is_seen(text):
            raise forms.ValidationError(self.fields["text"].error_messages["required"])
        return text
