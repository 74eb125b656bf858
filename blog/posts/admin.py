"""Posts in the admin."""

from uuid import uuid4

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import IntegrityError
from django.http import Http404
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from js_asset import Media

from blog import policy
from blog.desk import PolicyAdmin
from blog.editing import desk, saving
from blog.planning import admin_posts
from blog.posts import admin_deletion, admin_steps, links, relations, search, steps
from blog.posts.admin_columns import PostColumns, state_sign
from blog.posts.admin_relations import RelationInline
from blog.posts.bylines import Byline
from blog.posts.events import Event, Kind
from blog.posts.forms import SETTINGS, PostForm
from blog.posts.models import Post
from blog.posts.workflow import IllegalTransition, Status
from blog.review.notes import open_notes
from blog.text.sanitise import EXTENSIONS
from blog.web.parameters import as_uuid, as_whole_number
from blog.web.staff import BoundedPaginator, desk_page

STEP = "_step"  # the name of the buttons that take a step


def _said_of(post):
    """The last word of a review that is not over: who handed the text in, or asked for what."""
    if post.newest.status not in (Status.IN_REVIEW, Status.CHANGES_REQUESTED):
        return None
    return post.events.filter(kind__in=[Kind.SUBMITTED, Kind.CHANGES_REQUESTED, Kind.ENDORSED, Kind.OBJECTED]).first()


@admin.register(Post)
class PostAdmin(PostColumns, PolicyAdmin):
    noun = "post"
    nothing_yet = gettext_lazy("No post yet. Write the first one: it stays a draft until you hand it in.")
    form = PostForm
    inlines = [RelationInline]
    fieldsets = [
        (None, {"fields": ["title", "standfirst", "body", "sign_off", "sources"]}),
        (None, {"fields": ["tags", "signatures", ("cover", "cover_preview"), "language", "base"]}),
        (gettext_lazy("Publishing"), {"fields": ["publish_at", "slug"]}),
        (gettext_lazy("Planning"), {"fields": [("reviewer", "due_on", "priority")]}),
        (
            gettext_lazy("Comments"),
            {"fields": ["comment_policy", "comments_close_after_days", "comments_pause_minutes"]},
        ),
    ]
    fields_to_read = ["title", "standfirst", "cover_preview", "reading", "signed_by", "tag_names", "publish_at"]
    raw_id_fields = ["cover"]
    list_display = ["title", "situation", "signed_by", "updated", "preview"]
    list_filter = [admin_posts.State, admin_posts.Whose, "language", "publish_at"]
    search_fields = ["title"]  # get_search_results looks further
    actions = [admin_posts.change_several]
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    paginator = BoundedPaginator
    ordering = ["-updated_at", "-pk"]

    class Media:
        js = ["blog/js/post_form.js"]

    def get_queryset(self, request):
        posts = super().get_queryset(request).seen_by(request.user).defer("search").select_related("pending")
        return posts.prefetch_related("authorships__byline")

    def get_object(self, request, object_id, from_field=None):
        post = super().get_object(request, object_id, from_field)
        if request.method != "POST":
            return post
        # Locked until all is written: what is decided about the post as it is now stays true meanwhile.
        locked = post and self.get_queryset(request).locked().filter(pk=post.pk).first()
        if locked is None:
            raise IllegalTransition(_("The post was deleted meanwhile."))
        return locked

    def get_search_results(self, request, queryset, search_term):
        return search.on_the_desk(queryset, search_term), False

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
        linking = relations.linking_to(post, request.user) if post else None
        try:
            return super().delete_view(request, object_id, {"linking": linking} | (extra_context or {}))
        except IllegalTransition as refusal:
            self.message_user(request, str(refusal), messages.WARNING)
            return redirect("admin:blog_post_changelist")

    def get_deleted_objects(self, objs, request):
        return *admin_deletion.what_goes(objs, lambda post: self.has_delete_permission(request, post)), []

    def delete_model(self, request, obj):
        relations.delete(obj, by=request.user, revision=as_whole_number(request.POST.get("revision", "")))

    def delete_queryset(self, request, queryset):
        for post in queryset:
            try:
                relations.delete(post, by=request.user)
            except (IllegalTransition, PermissionDenied) as refusal:
                told = str(refusal) or _("Somebody was quicker.")
                told = _("“%(title)s”: %(reason)s") % {"title": post, "reason": told}
                self.message_user(request, told, messages.WARNING)

    def get_fieldsets(self, request, obj=None):
        if obj and not self.has_change_permission(request, obj):
            return [(None, {"fields": self.fields_to_read})]
        return super().get_fieldsets(request, obj)

    def get_readonly_fields(self, request, obj=None):
        fixed = ["cover_preview"]
        if not self.may(request, "assign", obj):
            fixed += ["reviewer", "due_on", "priority"]
        if not self.may(request, "plan", obj) or (obj and obj.status == Status.ARCHIVED):
            fixed += ["publish_at", "comment_policy", "comments_close_after_days", "comments_pause_minutes"]
        is_fixed = obj and (obj.status == Status.APPROVED or obj.was_ever_public())
        return [*fixed, "slug"] if is_fixed else fixed

    def get_form(self, request, obj=None, change=False, **named):
        form = super().get_form(request, obj, change, **named)
        unsaved = request.method == "GET" and desk.unsaved(request, obj)
        return type("UnsavedForm", (form,), {"unsaved": unsaved}) if unsaved else form

    def formfield_for_dbfield(self, db_field, request, **named):
        if db_field.name == "body":
            figure = {"pickerUrl": reverse("admin:blog_image_pick")}
            named["config"] = {"extensions": EXTENSIONS | {"Figure": figure}}
        if db_field.name in SETTINGS:
            named["show_hidden_initial"] = True
        if db_field.name == "reviewer":
            named["queryset"] = policy.people_who_may("post.approve")
        field = super().formfield_for_dbfield(db_field, request, **named)
        if db_field.name == "reviewer":
            field.widget.can_add_related = field.widget.can_change_related = False
            field.widget.can_delete_related = field.widget.can_view_related = False
        return field

    def history_view(self, request, object_id, extra_context=None):
        if (key := as_whole_number(object_id)) is None:
            raise Http404
        return redirect("versions", key)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        # The editor's import map is an inline script: under the strict policy it needs this page's nonce.
        context["media"] = Media.from_media(context["media"], nonce=request.csp_nonce)
        later = steps.steps_after_a_change(request.user, obj)
        context |= {"steps": later + steps.next_steps(request.user, obj), "update_follows": bool(later)}
        context |= {"situation": state_sign(obj), "said": _said_of(obj)} if obj else {}
        context["form_key"] = desk.form_key(request) if add else None
        context["show_save_and_add_another"] = False
        context |= {f"may_{verb}": self.may(request, verb, obj) for verb in ("correct", "rename", "invite")}
        context["open_notes"] = open_notes(obj) if obj else 0
        context |= desk.around_the_form(request, obj)
        # Sent without ?unsaved=…: Django would lead back there after saving.
        return super().render_change_form(request, context, add, change, form_url or request.path, obj)

    def add_view(self, request, form_url="", extra_context=None):
        """A new post is saved once, however often its button is clicked: the form's key is stored with it."""
        try:
            return self._sent_before(request) or super().add_view(request, form_url, extra_context)
        except IntegrityError:  # the same form, or another post's with this address, was stored in the same moment
            return self._sent_before(request) or super().add_view(request, form_url, extra_context)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        if request.method == "POST" and (answer := self._cannot_be_saved(request, object_id)):
            return answer
        try:
            return super().change_view(request, object_id, form_url, extra_context)
        except saving.Clashing as clash:
            return self._clash_page(request, object_id, clash)
        except (IllegalTransition, PermissionDenied):  # it was deleted, or handed on, in the same moment
            if request.method == "POST" and (answer := self._cannot_be_saved(request, object_id)):
                return answer
            raise PermissionDenied from None

    def _cannot_be_saved(self, request, object_id):
        """What was typed into the form of a post that is gone, or that may not be changed any more, is kept."""
        post = super().get_object(request, unquote(object_id))
        is_gone = as_whole_number(object_id) and not Post.objects.filter(pk=object_id).exists()
        if post is None and not is_gone and self.has_add_permission(request):
            desk.keep(request.user, request.POST, form_key=uuid4())
            told = _("You may not open this post any more. What you typed is kept among your unsaved texts.")
            self.message_user(request, told, messages.WARNING)
            return redirect("admin:index")
        if is_gone and self.has_add_permission(request):
            told = _("The post was deleted meanwhile. What you typed is kept here, as a new post.")
            self.message_user(request, told, messages.WARNING)
            return self.add_view(request)
        if post and not self.has_change_permission(request, post) and self.has_view_permission(request, post):
            desk.keep(request.user, request.POST, post=post)
            told = _("The post is now “%(now)s” and was not changed. What you typed is kept: see below.")
            self.message_user(request, told % {"now": steps.situation(post)}, messages.WARNING)
            return redirect("admin:blog_post_change", post.pk)
        return None

    def _clash_page(self, request, object_id, clash):
        post = super().get_object(request, unquote(object_id))
        desk.keep(request.user, request.POST, post=post)
        context = desk.clash_context(request, post, clash) | {"title": _("Two texts for the same place")}
        return desk_page(request, "admin/blog/post/clash.html", context)

    def _sent_before(self, request):
        key = as_uuid(request.POST.get("form_key", ""))
        post = key and Post.objects.filter(form_key=key).first()
        if not post:
            return None
        if post.created_by_id != request.user.pk:
            raise BadRequest  # the key was in another person's form
        self.message_user(request, _("“%(title)s” was saved already; here it is.") % {"title": post}, messages.WARNING)
        return redirect("admin:blog_post_change", post.pk)

    def save_model(self, request, obj, form, change):
        """The text becomes a version; of the settings only those are written that this person changed."""
        request.form_hour = form.cleaned_data.get("publish_at")
        if not change:
            obj.form_key = as_uuid(request.POST.get("form_key", ""))
            content = form.content()
            content["bylines"] = content["bylines"] or [own.pk for own in Byline.objects.filter(user=request.user)]
            saving.begin(obj, content, by=request.user)
            desk.forget(request.user, form_key=obj.form_key)
            return
        self._save_settings(request, obj, form)
        number, seen = form.cleaned_data["base"]
        settled = desk.choices(request)
        saved = saving.save(obj, form.content(), base=number, by=request.user, seen=seen, **settled)
        desk.forget(request.user, post=obj)
        if saved.is_new and Post.objects.filter(pk=obj.pk, pending__isnull=False).exists():
            self.message_user(
                request, _("Saved as an update: readers get the approved text until this is approved too.")
            )
        if saved.is_merged:
            told = _("Somebody else had saved meanwhile. Their changes and yours are both in the text now.")
            self.message_user(request, told, messages.WARNING)

    def _save_settings(self, request, obj, form):
        changed = {name: form.cleaned_data[name] for name in form.changed_settings()}
        if obj.status == Status.APPROVED and "publish_at" in changed:
            try:
                Post.objects.get(pk=obj.pk).reschedule(changed.pop("publish_at"), by=request.user)
            except IllegalTransition as refusal:
                self.message_user(request, str(refusal), messages.ERROR)
        if changed:
            Post.objects.filter(pk=obj.pk).update(**changed)
        if "reviewer" in changed:
            Event.record(obj, Kind.ASSIGNED, by=request.user, former=obj.status, note=str(changed["reviewer"] or "–"))

    def save_related(self, request, form, formsets, change):
        form.save_m2m = lambda: None  # the tags are part of the version
        links.check_soon(form.instance.pk)
        super().save_related(request, form, formsets, change)

    def response_add(self, request, obj, post_url_continue=None):
        return self._step(request, obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request, obj):
        return self._step(request, obj) or super().response_change(request, obj)

    def _step(self, request, post):
        """Take the step whose button was pressed, after the save: where it is refused, what was typed is kept."""
        name, form_hour = request.POST.get(STEP), request.form_hour
        if name not in steps.ACTIONS:
            return None
        post = Post.objects.select_related("pending").get(pk=post.pk)
        may = self.may(request, steps.ACTIONS[name].partition(".")[2], post)
        # The hour that the button named: it stood in this form.
        planned = form_hour if post.status != Status.APPROVED else None
        if not may or admin_steps.question_before(name, post, planned):
            return redirect(admin_steps.address(post, name, planned))
        try:
            done = steps.take(name, post, by=request.user, revision=post.head, publish_at=planned)
        except IllegalTransition as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return redirect("admin:blog_post_change", post.pk)
        self.message_user(request, done, messages.SUCCESS)
        return redirect("admin:blog_post_changelist")

    def get_urls(self):
        step = self.admin_site.admin_view(admin_steps.step)
        return [path("<int:pk>/step/<slug:name>/", step, name="blog_post_step"), *super().get_urls()]
