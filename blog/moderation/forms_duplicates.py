"""Choosing which groups of duplicates to see, and why copies are removed."""

from datetime import timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from blog.comments.models import Comment
from blog.comments.models_duplicates import Group, Member
from blog.moderation.models import RemovalReason
from blog.posts.models import Post

AGES = {"day": timedelta(days=1), "week": timedelta(days=7), "month": timedelta(days=30)}
SIZES = {"2": (2, 2), "3": (3, 9), "10": (10, None)}
POSTS = 100  # with words in common in their titles; who means one of more writes more of them
ANY = ("", _("Any"))


class GroupFilter(forms.Form):
    """What of it is not understood is not filtered by: it comes from an address."""

    tier = forms.ChoiceField(label=_("Likeness"), required=False, choices=[ANY, *Group.TIERS])
    cause = forms.ChoiceField(label=_("Cause"), required=False, choices=[ANY, *Group.Cause.choices])
    age = forms.ChoiceField(
        label=_("Last posted"),
        required=False,
        choices=[ANY, ("day", _("today or yesterday")), ("week", _("within a week")), ("month", _("within a month")),
                 ("older", _("earlier"))],
    )  # fmt: skip
    size = forms.ChoiceField(
        label=_("Size"), required=False, choices=[ANY, ("2", "2"), ("3", "3–9"), ("10", _("10 or more"))]
    )
    post = forms.CharField(label=_("Words of the post’s title"), required=False, max_length=200)
    replies = forms.BooleanField(label=_("with replies"), required=False)

    def narrow(self, groups):
        """Return those of a queryset of Groups that are asked for."""
        self.full_clean()
        asked = self.cleaned_data
        for name in ("tier", "cause"):
            if asked.get(name):
                groups = groups.filter(**{name: asked[name]})
        if age := asked.get("age"):
            since = timezone.now() - AGES.get(age, AGES["month"])
            groups = groups.filter(last_at__lt=since) if age == "older" else groups.filter(last_at__gte=since)
        if asked.get("size"):
            least, most = SIZES[asked["size"]]
            groups = groups.filter(standing__range=(least, most)) if most else groups.filter(standing__gte=least)
        if asked.get("post"):
            posts = Post.objects.filter(title__icontains=asked["post"]).order_by("-pk").values("pk")[:POSTS]
            groups = groups.filter(pk__in=Member.objects.filter(comment__post__in=posts).values("group"))
        if asked.get("replies"):
            answered = Comment.objects.standing().filter(parent__isnull=False).values("parent")
            groups = groups.filter(pk__in=Member.objects.filter(comment__in=answered).values("group"))
        return groups


class ReasonForm(forms.Form):
    """Why comments are removed, which their writers read."""

    reason = forms.ModelChoiceField(
        label=_("Reason for removing"), queryset=RemovalReason.objects.filter(is_retired=False)
    )
