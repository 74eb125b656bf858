"""What moderators fill in to ban somebody."""

from datetime import datetime, time, timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from blog.moderation import bans
from blog.moderation.batches import Action
from blog.moderation.forms import WhyForm
from blog.screening.models import Ban

TERMS = {"day": timedelta(days=1), "week": timedelta(weeks=1), "month": timedelta(days=30)}
TERM_NAMES = [
    ("day", _("a day")), ("week", _("a week")), ("month", _("a month")), ("ever", _("for ever")),
    ("date", _("until a date")),
]  # fmt: skip

ORDER = ["kind", "domain", "term", "last_day", "remark", "everything", "because", "note"]


class UntilForm(forms.Form):
    """How long a ban stands."""

    term = forms.ChoiceField(label=_("How long"), choices=TERM_NAMES, initial="week")
    last_day = forms.DateField(label=_("Last day"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *arguments, **named):
        super().__init__(*arguments, **named)
        self.label_suffix = ""

    def clean(self):
        super().clean()
        fields = self.cleaned_data
        if fields.get("term") == "date" and "last_day" not in self.errors:
            day = fields["last_day"]
            if day is None or not timezone.localdate() <= day < datetime.max.date():
                self.add_error("last_day", _("Please choose a day that is still to come."))

    def ends_at(self, now=None):
        """When the ban ends; None for never."""
        term = self.cleaned_data["term"]
        if term == "date":
            after = self.cleaned_data["last_day"] + timedelta(days=1)
            return timezone.make_aware(datetime.combine(after, time.min))
        return (now or timezone.now()) + TERMS[term] if term in TERMS else None


class BanForm(UntilForm, WhyForm):
    remark = forms.CharField(
        label=_("Note for moderators"), required=False, max_length=Ban._meta.get_field("note").max_length
    )
    everything = forms.ChoiceField(
        label=_("And everything of this person"),
        required=False,
        choices=[
            ("", _("stays as it is")), (Action.REMOVE.value, _("is removed")), (Action.SPAM.value, _("is spam")),
        ],
    )  # fmt: skip

    def __init__(self, *arguments, comment, **named):
        super().__init__(*arguments, **named)
        domains = bans.domains_of(comment)
        self.fields["domain"] = forms.ChoiceField(
            label=_("Domain"), required=False, choices=[(domain, domain) for domain in domains]
        )
        has = {Ban.Kind.PERSON: True, Ban.Kind.NETWORK: bool(comment.network_key), Ban.Kind.DOMAIN: bool(domains)}
        kinds = [(kind.value, kind.label) for kind in Ban.Kind if has[kind]]
        self.fields["kind"] = forms.ChoiceField(label=_("Ban"), widget=forms.RadioSelect, choices=kinds)
        self.initial.setdefault("kind", Ban.Kind.PERSON)
        if not domains:
            del self.fields["domain"]
        self.order_fields(ORDER)

    def clean(self):
        super().clean()
        fields = self.cleaned_data
        if fields.get("kind") == Ban.Kind.DOMAIN and not fields.get("domain") and "domain" not in self.errors:
            self.add_error("domain", _("Please choose the domain."))

    def decided(self):
        """What bans.ban takes, but for the comment and who bans."""
        fields = self.cleaned_data
        return {
            "kind": fields["kind"],
            "domain": fields["domain"] if fields["kind"] == Ban.Kind.DOMAIN else "",
            "ends_at": self.ends_at(),
            "note": fields["remark"],
            "everything": Action(fields["everything"]) if fields["everything"] else None,
            "because": fields["because"],
            "words": fields["note"],
        }
