"""Bylines and the image library in the admin."""

from django.contrib import admin, messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.forms.widgets import Script
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from blog.desk import PolicyAdmin, PolicyInline
from blog.posts.bylines import Byline, BylineLink
from blog.posts.forms_library import FOCUS, WORDS, ImageForm, UploadForm
from blog.posts.images import Image
from blog.posts.models import Post

PICKED_FROM = 60  # pictures offered at once; the search finds the others


def thumbnail(image):
    return format_html('<img class="thumbnail{}" src="{}" alt="{}">', image.known.classes, image.thumbnail, image.alt)


class BylineLinkInline(PolicyInline):
    noun, model = "byline", BylineLink


@admin.register(Byline)
class BylineAdmin(PolicyAdmin):
    noun = "byline"
    nothing_yet = gettext_lazy("No byline yet. A byline is the name that a post is signed with.")
    inlines = [BylineLinkInline]
    list_display = ["name", "user", "bio"]
    list_select_related = ["user"]
    search_fields = ["name", "bio"]
    raw_id_fields = ["picture"]
    prepopulated_fields = {"slug": ["name"]}


@admin.register(Image)
class ImageAdmin(PolicyAdmin):
    noun = "image"
    nothing_yet = gettext_lazy("No picture yet. Add one here, or while you write.")
    list_display = ["small", "__str__", "credit", "address", "created_at"]
    list_display_links = ["small", "__str__"]
    search_fields = ["alt", "caption", "credit"]
    list_per_page = 40
    show_full_result_count = False

    class Media:
        js = [Script("blog/js/focus_point.js", defer=True)]

    def get_form(self, request, obj=None, change=False, **named):
        return super().get_form(request, obj, change, **{"form": ImageForm if obj else UploadForm} | named)

    def get_fields(self, request, obj=None):
        return ["preview", *FOCUS, *WORDS, "address", "created_at"] if obj else ["file", *WORDS]

    def get_readonly_fields(self, request, obj=None):
        return ["preview", "address", "created_at"] if obj else []

    @admin.display(description=gettext_lazy("picture"))
    def small(self, image):
        return thumbnail(image)

    @admin.display(description=gettext_lazy("picture"))
    def preview(self, image):
        return image.picture(eager=True)

    @admin.display(description=gettext_lazy("address"))
    def address(self, image):
        return format_html("<code>{}</code>", image.src)

    def save_model(self, request, obj, form, change):
        if change:
            obj.save(update_fields=form.changed_data)
        elif self.may(request, "change", obj):
            form.fill_empty()

    def get_deleted_objects(self, objs, request):
        """Django knows the covers in the posts' rows; those of a version that is to come stay too."""
        *found, protected = super().get_deleted_objects(objs, request)
        posts = Post.objects.to_be_covered_by(objs).exclude(cover__in=objs).only("title")
        kept = [
            format_html('<a href="{}">{}</a>', reverse("admin:blog_post_change", args=[post.pk]), post)
            for post in posts
        ]
        return *found, [*protected, *kept]

    def response_add(self, request, obj, post_url_continue=None):
        if obj.is_new or IS_POPUP_VAR in request.POST:
            return super().response_add(request, obj, post_url_continue)
        self.message_user(request, _("This picture is in the library already; here it is."), messages.WARNING)
        return redirect("admin:blog_image_change", obj.pk)

    def get_urls(self):
        pick = self.admin_site.admin_view(require_safe(self.pick))
        return [path("pick/", pick, name="blog_image_pick"), *super().get_urls()]

    def pick(self, request):
        """The library in the small window from which the editor of a body takes a figure."""
        if not self.may(request, "view"):
            raise PermissionDenied
        words = request.GET.get("q", "")
        found = Q(alt__icontains=words) | Q(caption__icontains=words) | Q(credit__icontains=words)
        images = Image.objects.filter(found)[:PICKED_FROM]
        context = {"images": images, "words": words, "title": _("Choose a picture"), "is_popup": True}
        return render(request, "admin/blog/image/pick.html", self.admin_site.each_context(request) | context)
