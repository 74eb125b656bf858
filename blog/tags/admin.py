"""Tags in the admin: another name, or two tags made one, without a broken address."""

from django import forms
from django.contrib import admin, messages
from django.db.models import Count
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from blog.desk import PolicyAdmin
from blog.tags.models import Tag, TagGone


class MergeForm(forms.Form):
    """Which of the chosen tags stays."""

    into = forms.ModelChoiceField(
        Tag.objects.none(), widget=forms.RadioSelect, empty_label=None, label=gettext_lazy("Keep this tag")
    )

    def __init__(self, *arguments, tags, **named):
        super().__init__(*arguments, **named)
        self.fields["into"].queryset = tags


@admin.register(Tag)
class TagAdmin(PolicyAdmin):
    noun = "tag"
    nothing_yet = gettext_lazy("No tag yet. Tags come with the posts that carry them.")
    fields = ["name", "description"]
    list_display = ["name", "slug", "posts", "description"]
    search_fields = ["name"]
    actions = ["merge"]

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(number_of_posts=Count("items"))

    @admin.display(description=gettext_lazy("posts"), ordering="number_of_posts")
    def posts(self, tag):
        return tag.number_of_posts

    def save_model(self, request, obj, form, change):
        if not change:
            obj.save()
            return
        if "name" in form.changed_data:
            obj.rename(obj.name)
        obj.save(update_fields=["description"])

    @admin.action(description=gettext_lazy("Merge into one tag"), permissions=["change"])
    def merge(self, request, tags):
        """First asks which tag stays; the answer comes back to this action."""
        form = MergeForm(request.POST if "into" in request.POST else None, tags=tags)
        if len(tags) < 2:
            self.message_user(request, _("Choose at least two tags to merge."), messages.WARNING)
            return None
        if not form.is_valid():
            context = {"tags": tags, "form": form, "title": _("Merge tags"), "opts": self.opts, "media": self.media}
            return render(request, "admin/blog/tag/merge.html", self.admin_site.each_context(request) | context)
        kept = form.cleaned_data["into"]
        others = tags.exclude(pk=kept.pk)
        count = len(others)
        try:
            for tag in others:
                tag.merge(into=kept)
        except TagGone as refusal:
            self.message_user(request, str(refusal), messages.WARNING)
            return None
        text = ngettext("%(count)s tag is now part of “%(kept)s”.", "%(count)s tags are now part of “%(kept)s”.", count)
        self.message_user(request, text % {"count": count, "kept": kept}, messages.SUCCESS)
        return None
