"""What is asked on the overview: which posts, which hour, which name."""

from django import forms
from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from taggit.forms import TagField

from blog import policy
from blog.planning.calendar import YEARS
from blog.planning.models import SavedFilter
from blog.posts.bylines import Byline
from blog.posts.models import Authorship, Post
from blog.tags.models import Tag, TaggedPost

MAX_TAG = Tag._meta.get_field("name").max_length
NOT_A_SELECTION = ("p", "e", "csrfmiddlewaretoken")  # parameters of the list that say nothing of which posts


def reviewers():
    return policy.people_who_may("post.approve").order_by("username")


class BoardFilter(forms.Form):
    """Which posts the board shows."""

    reviewer = forms.ModelChoiceField(reviewers(), required=False, label=_("Reviewer"), empty_label=_("anybody"))
    byline = forms.ModelChoiceField(Byline.objects.all(), required=False, label=_("Byline"), empty_label=_("anybody"))
    tag = forms.CharField(required=False, max_length=MAX_TAG, label=_("Tag"))
    mine = forms.BooleanField(required=False, label=_("Mine"))

    def condition(self, user):
        """Return the condition on posts that was asked for; what was asked for wrongly is left out."""
        asked = self.cleaned_data if self.is_valid() else getattr(self, "cleaned_data", {})
        condition = Q()
        if asked.get("reviewer"):
            condition &= Q(reviewer=asked["reviewer"])
        if asked.get("byline"):
            condition &= Q(pk__in=Authorship.objects.filter(byline=asked["byline"]).values("post"))
        if asked.get("tag"):
            condition &= Q(pk__in=TaggedPost.objects.filter(tag__name__iexact=asked["tag"]).values("content_object"))
        if asked.get("mine"):
            condition &= Q(pk__in=Post.objects.by(user).values("pk")) | Q(reviewer=user)
        return condition


class MoveForm(forms.Form):
    """Another hour for a post; the fields of its day and time are `hour_0` and `hour_1`."""

    hour = forms.SplitDateTimeField(
        error_messages={"required": _("Give a day and a time."), "invalid": _("Give a day and a time.")}
    )
    seen = forms.DateTimeField()
    of_update = forms.BooleanField(required=False)
    at_once = forms.BooleanField(required=False)

    def clean_hour(self):
        hour = self.cleaned_data["hour"]
        if timezone.localtime(hour).year not in YEARS:
            raise forms.ValidationError(_("The year must lie between 1990 and 2199."))
        return hour


class FilterForm(forms.ModelForm):
    class Meta:
        model = SavedFilter
        fields = ["name", "query"]

    def clean_query(self):
        """The parameters alone, written anew: what is stored is never more than the query part of an address."""
        query = QueryDict(self.cleaned_data["query"].removeprefix("?"), mutable=True)
        for name in NOT_A_SELECTION:
            query.pop(name, None)
        return query.urlencode()


class BulkForm(forms.Form):
    """What is done with several posts at once."""

    add = TagField(required=False, label=_("Add tags"), help_text=_("With commas between them."))
    remove = TagField(required=False, label=_("Remove tags"))
    reviewer = forms.ModelChoiceField(reviewers(), required=False, label=_("Reviewer"), empty_label=_("as it is"))
    byline = forms.ModelChoiceField(
        Byline.objects.all(),
        required=False,
        label=_("Byline"),
        empty_label=_("as it is"),
        help_text=_("Instead of those that are there."),
    )

    def clean_add(self):
        names = self.cleaned_data["add"]
        if any(len(name) > MAX_TAG for name in names):
            raise forms.ValidationError(_("A tag has at most 100 characters. Put a comma between two tags."))
        return names
