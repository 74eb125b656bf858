"""Posts, bylines and the image library in the admin."""

from uuid import UUID, uuid4

from django.contrib import admin, messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe
from js_asset import Media

from blog.desk import PolicyAdmin, PolicyInline
from blog.posts import steps
from blog.posts.bylines import Byline, BylineLink
from blog.posts.forms import WORDS, ImageForm, PostForm, UploadForm
from blog.posts.images import Image
from blog.posts.models import Authorship, Post, Source
from blog.posts.workflow import IllegalTransition, Status
from blog.text.sanitise import EXTENSIONS

PICKED_FROM = 60  # pictures offered at once; the search finds the others


def thumbnail(image):
    return format_html('<img class="thumbnail" src="{}" alt="{}">', image.thumbnail, image.alt)


def _form_key(request):
    """The key that the form of a new post came with, or None."""
    try:
        return UUID(request.POST.get("form_key", ""))
    except ValueError:
        return None


class AuthorshipInline(PolicyInline):
    noun, model = "post", Authorship
    fields = ["byline", "position"]


class SourceInline(PolicyInline):
    noun, model = "post", Source


@admin.register(Post)
class PostAdmin(PolicyAdmin):
    noun = "post"
    form = PostForm
    inlines = [AuthorshipInline, SourceInline]
    fieldsets = [
        (None, {"fields": ["title", "standfirst", "body", ("cover", "cover_preview"), "sign_off", "tags"]}),
        (gettext_lazy("Publishing"), {"fields": ["publish_at", "slug", "language"]}),
        (gettext_lazy("Comments"), {"fields": ["comment_policy", "comments_close_after_days"]}),
    ]
    raw_id_fields = ["cover"]
    list_display = ["title", "situation", "signed_by", "updated", "preview"]
    list_filter = ["status", "language", "publish_at"]
    search_fields = ["title", "standfirst", "slug", "authorships__byline__name"]
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    ordering = ["-updated_at", "-pk"]

    class Media:
        js = ["blog/js/post_form.js"]

    def get_queryset(self, request):
        return (
            super().get_queryset(request).seen_by(request.user).defer("search").prefetch_related("authorships__byline")
        )

    def get_object(self, request, object_id, from_field=None):
        post = super().get_object(request, object_id, from_field)
        if post is None or request.method != "POST":
            return post
        # Locked until all is written: what is decided about the post as it is now stays true meanwhile.
        return self._locked(request).filter(pk=post.pk).first()

    def _locked(self, request):
        return self.get_queryset(request).select_for_update(of=("self",))

    def get_changeform_initial_data(self, request):
        initial = super().get_changeform_initial_data(request)
        initial.pop("publish_at", None)  # a day and an hour in two fields: the text of an address does not fit them
        return initial

    def delete_view(self, request, object_id, extra_context=None):
        post = super().get_object(request, object_id)
        if post and self.has_delete_permission(request, post) and post.comments.exists():
            refusal = _("The post has comments, which are never deleted. Take it off the site instead.")
            self.message_user(request, refusal, messages.WARNING)
            return redirect("admin:blog_post_change", post.pk)
        return super().delete_view(request, object_id, extra_context)

    @admin.display(description=gettext_lazy("status"), ordering="status")
    def situation(self, post):
        return steps.situation(post)

    @admin.display(description=gettext_lazy("bylines"))
    def signed_by(self, post):
        return ", ".join(str(authorship) for authorship in post.authorships.all())

    @admin.display(description=gettext_lazy("chosen"))
    def cover_preview(self, post):
        return thumbnail(post.cover) if post.cover else "–"

    @admin.display(description=gettext_lazy("updated"), ordering="updated_at")
    def updated(self, post):
        return date_format(timezone.localtime(post.updated_at), "SHORT_DATETIME_FORMAT")

    @admin.display(description="")
    def preview(self, post):
        return format_html('<a href="{}">{}</a>', reverse("preview", args=[post.pk]), _("View"))

    def view_on_site(self, post):
        return reverse("preview", args=[post.pk])

    def get_readonly_fields(self, request, obj=None):
        return ["cover_preview", "slug"] if obj and obj.was_ever_public() else ["cover_preview"]

    def formfield_for_dbfield(self, db_field, request, **named):
        if db_field.name == "body":
            figure = {"pickerUrl": reverse("admin:blog_image_pick")}
            named["config"] = {"extensions": EXTENSIONS | {"Figure": figure}}
        return super().formfield_for_dbfield(db_field, request, **named)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        # The editor's import map is an inline script: under the strict policy it needs this page's nonce.
        context["media"] = Media.from_media(context["media"], nonce=request.csp_nonce)
        context["steps"] = steps.next_steps(request.user, obj)
        context["form_key"] = uuid4() if add else None
        context["show_save_and_add_another"] = False
        return super().render_change_form(request, context, add, change, form_url, obj)

    def add_view(self, request, form_url="", extra_context=None):
        """A new post is saved once, however often its button is clicked: the form's key is stored with it."""
        try:
            return self._sent_before(request) or super().add_view(request, form_url, extra_context)
        except IntegrityError:  # the same form, or another post's with this address, was stored in the same moment
            return self._sent_before(request) or super().add_view(request, form_url, extra_context)

    def _sent_before(self, request):
        key = _form_key(request)
        post = key and Post.objects.filter(form_key=key, created_by=request.user).first()
        if not post:
            return None
        self.message_user(request, _("“%(title)s” was saved already; here it is.") % {"title": post}, messages.WARNING)
        return redirect("admin:blog_post_change", post.pk)

    def save_model(self, request, obj, form, change):
        if not change:
            obj.created_by, obj.form_key = request.user, _form_key(request)
            obj.save()
            return
        written = {name for name in form.changed_data if name != "tags"}
        if "publish_at" in written and obj.status == Status.APPROVED:
            try:
                obj.reschedule(obj.publish_at)
            except IllegalTransition as refusal:
                written.remove("publish_at")
                self.message_user(request, str(refusal), messages.ERROR)
        obj.updated_at = timezone.now()
        # Only what was changed here: the workflow's columns belong to its steps.
        obj.save(update_fields=[*written, "updated_at"])

    def save_related(self, request, form, formsets, change):
        # First the step, then the rows: who takes the own byline off may still hand the post in.
        pressed = next((name for name in steps.ACTIONS if name in request.POST), None)
        request.step_taken = self._step(request, form.instance, pressed) if pressed else None
        super().save_related(request, form, formsets, change)
        own = Byline.objects.filter(user=request.user).first()
        if not change and own and not form.instance.authorships.exists():
            form.instance.authorships.create(byline=own)

    def response_add(self, request, obj, post_url_continue=None):
        return request.step_taken or super().response_add(request, obj, post_url_continue)

    def response_change(self, request, obj):
        return request.step_taken or super().response_change(request, obj)

    def _step(self, request, post, name):
        """Take a step after the post was saved: where it is refused, what was typed is kept."""
        try:
            done = steps.take(name, post, by=request.user)
        except IllegalTransition as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return redirect("admin:blog_post_change", post.pk)
        self.log_change(request, post, done)
        self.message_user(request, done, messages.SUCCESS)
        return redirect("admin:blog_post_changelist")

    def get_urls(self):
        withdraw = self.admin_site.admin_view(require_POST(self.withdraw))
        return [path("<int:pk>/withdraw/", withdraw, name="blog_post_withdraw"), *super().get_urls()]

    @transaction.atomic
    def withdraw(self, request, pk):
        """Take a post back from review; a view of its own, since its author may not change it meanwhile."""
        return self._step(request, get_object_or_404(self._locked(request), pk=pk), steps.WITHDRAW)


class BylineLinkInline(PolicyInline):
    noun, model = "byline", BylineLink


@admin.register(Byline)
class BylineAdmin(PolicyAdmin):
    noun = "byline"
    inlines = [BylineLinkInline]
    list_display = ["name", "user", "bio"]
    list_select_related = ["user"]
    search_fields = ["name", "bio"]
    raw_id_fields = ["picture"]
    prepopulated_fields = {"slug": ["name"]}


@admin.register(Image)
class ImageAdmin(PolicyAdmin):
    noun = "image"
    list_display = ["small", "__str__", "credit", "address", "created_at"]
    list_display_links = ["small", "__str__"]
    search_fields = ["alt", "caption", "credit"]
    list_per_page = 40
    show_full_result_count = False

    def get_form(self, request, obj=None, change=False, **named):
        return super().get_form(request, obj, change, **{"form": ImageForm if obj else UploadForm} | named)

    def get_fields(self, request, obj=None):
        return ["preview", *WORDS, "address", "created_at"] if obj else ["file", *WORDS]

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
