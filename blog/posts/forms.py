"""The form of a post in the admin: its content, which becomes a version, and its settings."""

import json

from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from taggit.utils import edit_string_for_tags, parse_tags

from blog.posts import revisions
from blog.posts.bylines import Byline
from blog.posts.workflow import Status
from blog.tags.models import Tag
from blog.text.sanitise import clean_post_html
from blog.web.parameters import as_whole_number

YEARS = range(1990, 2200)
MAX_BODY = 1_000_000  # characters
MAX_TAG = Tag._meta.get_field("name").max_length
SPARE_BYLINES = 2  # empty places in the form
# The small fields of the content, which the form carries as it showed them; the long ones stand in the version.
SEEN = {
    "title": lambda seen: isinstance(seen, str),
    "sign_off": lambda seen: isinstance(seen, str),
    "language": lambda seen: isinstance(seen, str),
    "tags": lambda seen: _is_list_of(str, seen),
    "bylines": lambda seen: _is_list_of(int, seen),
    "cover": lambda seen: seen is None or isinstance(seen, int),
    "sources": lambda seen: isinstance(seen, list) and all(_is_list_of(str, row) and len(row) == 2 for row in seen),
}
# What a save writes only if this person changed it: the form carries what it showed.
SETTINGS = [
    "publish_at", "slug", "comment_policy", "comments_close_after_days", "comments_pause_minutes", "reviewer", "due_on",
    "priority",
]  # fmt: skip


def _is_list_of(kind, seen):
    return isinstance(seen, list) and all(isinstance(each, kind) for each in seen)


class BylinesWidget(forms.SelectMultiple):
    """Some selects under each other, in the order in which the names stand under the title."""

    template_name = "admin/blog/post/bylines.html"

    def id_for_label(self, id_):
        return f"{id_}_0"

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        chosen = [str(each) for each in value or [] if each]
        context["widget"]["chosen"] = [*chosen, *[""] * SPARE_BYLINES]
        return context

    def _render(self, template_name, context, renderer=None):
        return render_to_string(template_name, context)  # Django's renderer of forms knows its own templates only

    def value_from_datadict(self, data, files, name):
        values = data.getlist(name) if hasattr(data, "getlist") else data.get(name, [])
        return [value for value in values if value]


class BylinesField(forms.ModelMultipleChoiceField):
    """The chosen keys of bylines, in order, each once."""

    widget = BylinesWidget

    def clean(self, value):
        found = {str(byline.pk) for byline in super().clean(value)}
        return [int(key) for key in dict.fromkeys(map(str, value or [])) if key in found]

    def has_changed(self, initial, data):
        return [str(key) for key in initial or []] != [str(key) for key in data or []]


class SourcesField(forms.CharField):
    """One source a line, its address last: [text, address] in order."""

    widget = forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"})

    def prepare_value(self, value):
        if isinstance(value, str) or value is None:
            return value
        return "\n".join(f"{text} {url}".strip() if text != url else url for text, url in value)

    def has_changed(self, initial, data):
        return self.prepare_value(initial or []) != "\n".join((data or "").splitlines())

    def clean(self, value):
        lines = [line.split() for line in super().clean(value).splitlines() if line.strip()]
        return [self._source(words) for words in lines]

    def _source(self, words):
        url = words[-1] if words[-1].startswith(("http://", "https://")) else ""
        text = " ".join(words[:-1] if url and len(words) > 1 else words)
        if len(text) > 300 or len(url) > 500:
            raise ValidationError(_("A source has at most 300 characters, and its address at most 500."))
        forms.URLField(required=False, assume_scheme="https").clean(url)
        return [text, url]


class PostForm(forms.ModelForm):
    """The newest text of a post. `base` says which version, and what else, this person saw."""

    tags = forms.CharField(
        label=_("Tags"),
        required=False,
        help_text=_("Put a comma between two tags."),
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )
    signatures = BylinesField(label=_("Bylines"), required=False, queryset=Byline.objects.all())
    sources = SourcesField(
        label=_("Sources"), required=False, help_text=_("One a line, the address last: Name of the page https://…")
    )
    base = forms.CharField(required=False, widget=forms.HiddenInput)

    unsaved = None  # what was typed and kept: the form opens with it

    def __init__(self, *arguments, **named):
        if self.unsaved:
            named["data"] = self.unsaved
        super().__init__(*arguments, **named)
        if "slug" in self.fields:
            self.fields["slug"].required = False
            self.fields["slug"].help_text = _("The post's address. Empty: made from the title.")
        if self.instance.pk:
            content = revisions.newest_content(self.instance)
            seen = {name: content[name] for name in SEEN}
            base = json.dumps({"revision": self.instance.head, "seen": seen})
            tags = edit_string_for_tags([Tag(name=name) for name in content["tags"]])
            self.initial |= content | {"tags": tags, "signatures": content["bylines"], "base": base}

    def clean_publish_at(self):
        hour = self.cleaned_data["publish_at"]
        if hour and timezone.localtime(hour).year not in YEARS:
            raise ValidationError(_("The year must lie between 1990 and 2199."))
        return hour

    def clean_standfirst(self):
        return "\n".join(self.cleaned_data["standfirst"].splitlines())  # a browser sends other line ends

    def clean_body(self):
        body = self.cleaned_data["body"].replace("\r\n", "\n")
        if len(body) > MAX_BODY:
            raise ValidationError(_("The text is longer than a million characters. Divide it into several posts."))
        return clean_post_html(body)

    def clean_tags(self):
        names = parse_tags(self.cleaned_data["tags"])
        if any(len(name) > MAX_TAG for name in names):
            raise ValidationError(_("A tag has at most 100 characters. Put a comma between two tags."))
        # "seo" typed where there is "SEO" is that one.
        lowered = {name.lower(): name for name in names}
        known = {tag.name.lower(): tag.name for tag in Tag.objects.named(lowered)}
        return sorted({known.get(low, name) for low, name in lowered.items()})

    def clean_base(self):
        """Return the number of the version that the form began from, and the small fields that it showed."""
        if not self.instance.pk:
            return 0, {}
        try:
            base = json.loads(self.cleaned_data["base"])
            number, seen = as_whole_number(str(base["revision"])), {name: base["seen"][name] for name in SEEN}
            if number is None or not all(is_right(seen[name]) for name, is_right in SEEN.items()):
                raise ValueError
            revisions.content_at(self.instance, number)
        except (ValueError, KeyError, TypeError, RecursionError, revisions.Revision.DoesNotExist) as error:
            raise ValidationError(
                _("This form is from another time. Open the post in a second tab and take your changes over.")
            ) from error
        return number, seen

    def clean(self):
        fields = super().clean()
        if "slug" in self.fields and not fields.get("slug") and fields.get("title"):
            fields["slug"] = self.instance.slug or self._free_slug(fields["title"])
        self._refuse_changed_by_others()
        self._check_hour(fields)
        return fields

    def _free_slug(self, title):
        self.instance.title = title
        return self.instance.free_slug()

    def _check_hour(self, fields):
        if self.instance.status != Status.APPROVED or "publish_at" not in self.changed_settings():
            return
        if not fields["publish_at"]:
            self.add_error("publish_at", _("The post is approved and needs its hour. To stop it, take it back."))
        elif self.instance.is_public() and fields["publish_at"] > timezone.now():
            told = _("Readers have this post already. Take it off the site, or schedule changes, by the buttons.")
            self.add_error("publish_at", told)
        elif not self.instance.is_public() and fields["publish_at"] <= timezone.now():
            self.add_error("publish_at", _("This hour has passed. To publish at once, use the button for it."))

    def _refuse_changed_by_others(self):
        names = [
            name
            for name in self.changed_settings()
            if self.seen(name) != self._current(name) != self._plain(self.cleaned_data[name])
        ]
        for name in names:
            now = self._current(name)
            told = _(
                "Somebody else has changed this meanwhile, to “%(now)s”. Your choice stands here: save to keep it."
            )
            self.add_error(name, told % {"now": "–" if now in (None, "") else now})
        if names:  # the next save knows what this person is told now
            stale = [key for key in self.data for name in names if key.startswith(self[name].html_initial_name)]
            self.data = self.data.copy()
            for key in stale:
                self.data.pop(key)

    def changed_settings(self):
        """The names of the settings that this person changed, seen from what the form showed."""
        there = [name for name in SETTINGS if name in self.fields and name in self.cleaned_data]
        return [name for name in there if self._plain(self.cleaned_data[name]) != self.seen(name)]

    def seen(self, name):
        """The value that the form showed; the present one where it does not say."""
        field, bound = self.fields[name], self[name]
        hidden = field.hidden_widget()
        parts = [each for each in self.data if each.startswith(bound.html_initial_name)]
        if not self.instance.pk or not parts:
            return self._current(name)
        try:
            return self._plain(field.clean(hidden.value_from_datadict(self.data, self.files, bound.html_initial_name)))
        except ValidationError:
            return None

    def _current(self, name):
        return self._plain(self.get_initial_for_field(self.fields[name], name))

    @staticmethod
    def _plain(value):
        return getattr(value, "pk", value)

    def content(self):
        """The content that was typed, as for `revisions`."""
        words = {name: self.cleaned_data[name] for name in revisions.WORDS}
        listed = {"tags": self.cleaned_data["tags"], "bylines": self.cleaned_data["signatures"]}
        single = {"cover": self._plain(self.cleaned_data["cover"]), "sources": self.cleaned_data["sources"]}
        return words | listed | single
