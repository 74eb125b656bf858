"""The page on which the site's look is chosen, with a piece of the site that shows it."""

from csp.constants import SELF
from csp.decorators import csp_replace, csp_update
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.clickjacking import xframe_options_sameorigin

from blog.appearance.forms import AppearanceForm
from blog.appearance.look import Look
from blog.appearance.models import COLOURS, Appearance
from blog.desk import PolicyAdmin
from blog.posts import lists

SHOWN_POSTS = 2


@admin.register(Appearance)
class AppearanceAdmin(PolicyAdmin):
    noun = "appearance"
    form = AppearanceForm
    raw_id_fields = ["logo"]
    change_form_template = "admin/blog/appearance/form.html"
    fieldsets = [
        (None, {"fields": ["name", "tagline", "logo", "typeface"]}),
        (_("Colours in the light"), {"fields": [COLOURS[:3]]}),
        (_("Colours in the dark"), {"fields": [COLOURS[3:]]}),
    ]

    class Media:
        js = ["blog/js/appearance.js"]

    def get_urls(self):
        preview = self.admin_site.admin_view(self.preview)
        return [path("preview/", preview, name="blog_appearance_preview"), *super().get_urls()]

    def get_object(self, request, object_id, from_field=None):
        """The row, or one that is not stored yet."""
        return super().get_object(request, object_id, from_field) or (Appearance(pk=1) if object_id == "1" else None)

    def changelist_view(self, request, extra_context=None):
        """There is one, so its form is what a list would lead to."""
        return self.changeform_view(request, "1", extra_context=extra_context)

    @method_decorator(csp_update({"frame-src": [SELF]}))
    def changeform_view(self, request, *arguments, **named):
        return super().changeform_view(request, *arguments, **named)

    def response_post_save_change(self, request, obj):
        return redirect("admin:blog_appearance_changelist")

    @method_decorator([xframe_options_sameorigin, csp_replace({"frame-ancestors": [SELF]})])
    def preview(self, request):
        """A piece of the site as it would look. Nothing is stored."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        form = AppearanceForm(request.POST or request.GET, instance=Appearance())
        form.is_valid()
        chosen = Look.of(
            Appearance(**{name: form.cleaned_data[name] for name in form.fields if form.cleaned_data.get(name)})
        )
        context = {"form": form, "look": chosen, "site_name": chosen.name, "teasers": lists.teasers(most=SHOWN_POSTS)}
        return render(request, "blog/appearance/preview.html", context)
