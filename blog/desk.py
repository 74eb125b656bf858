"""The admin site: its index page, the desk, and the base of its classes, for which blog/policy.py decides who may."""

from dataclasses import dataclass

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import models
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from blog import policy
from blog.comments.models import Comment
from blog.moderation import duplicates
from blog.moderation.models import Batch
from blog.posts.models import Post
from blog.posts.steps import hour, situation
from blog.posts.workflow import Status
from blog.web.parameters import as_whole_number

SHOWN = 8  # things in one part of the desk


@dataclass
class Part:
    """One part of the desk: what lies there, and the address of all of it."""

    title: str
    url: str
    lines: list  # of (text, address, remark)
    total: int | None = None  # where there may be more than the lines show


class SpaltAdminSite(admin.AdminSite):
    site_header = site_title = "Spalt"
    index_title = gettext_lazy("The desk")
    index_template = "admin/desk.html"
    empty_value_display = "–"

    def has_permission(self, request):
        return policy.may(request.user, "desk.view")

    def login(self, request, extra_context=None):
        """Lead to where staff sign in (project/sign_in.py). Django's own form would ask for no second factor."""
        if self.has_permission(request):
            return redirect("admin:index")
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"))

    def get_urls(self):
        # It would tell everybody on the desk the address, and so the title, of any draft.
        return [url for url in super().get_urls() if getattr(url, "name", None) != "view_on_site"]

    def index(self, request, extra_context=None):
        return super().index(request, {"parts": parts_for(request.user)} | (extra_context or {}))


# Who types "blogg.se" means https.
HTTPS = {models.URLField: {"assume_scheme": "https"}}


class PolicyAdmin(admin.ModelAdmin):
    """An admin class whose rights stand in policy.RULES under its noun; Django's rows of permissions are not used."""

    noun = ""
    view_on_site = False
    formfield_overrides = HTTPS

    def may(self, request, verb, thing=None):
        action = f"{self.noun}.{verb}"
        return action in policy.RULES and policy.may(request.user, action, thing)

    def response_action(self, request, queryset):
        # Django's own answer to a key that is no number is a crash.
        if not all(map(as_whole_number, request.POST.getlist(admin.helpers.ACTION_CHECKBOX_NAME))):
            raise BadRequest
        return super().response_action(request, queryset)

    def has_module_permission(self, request):
        return self.may(request, "view")

    def has_view_permission(self, request, obj=None):
        return self.may(request, "view", obj)

    def has_add_permission(self, request):
        return self.may(request, "add")

    def has_change_permission(self, request, obj=None):
        return self.may(request, "change", obj)

    def has_delete_permission(self, request, obj=None):
        return self.may(request, "delete", obj)


class PolicyInline(admin.TabularInline):
    """Rows inside another thing's form: who may change that thing may change them."""

    noun = ""  # of the thing around
    extra = 1
    formfield_overrides = HTTPS

    def may(self, request, verb, thing):
        return policy.may(request.user, f"{self.noun}.{verb}", thing)

    def has_view_permission(self, request, obj=None):
        return self.may(request, "view", obj)

    def has_add_permission(self, request, obj=None):
        return self.may(request, "change" if obj else "add", obj)

    has_change_permission = has_delete_permission = has_add_permission


def parts_for(user):
    """Return the Parts of the desk that `user` may see, each from a bounded number of rows."""
    parts = [
        (_waiting, policy.may(user, "post.approve")),
        (_drafts, policy.may(user, "post.add")),
        (_scheduled, policy.may(user, "post.view")),
        (_held, policy.may(user, "comment.moderate")),
        (_doubles, policy.may(user, "comment.moderate")),
        (_batches, policy.may(user, "batch.view")),
    ]
    return [part(user) for part, may in parts if may]


def _waiting(user):
    posts = Post.objects.in_state(Status.IN_REVIEW).order_by("updated_at")
    return _posts(_("Waiting for review"), posts, f"?status__exact={Status.IN_REVIEW}")


def _drafts(user):
    posts = Post.objects.by(user).in_state(Status.DRAFT).order_by("-updated_at")
    return _posts(_("My drafts"), posts, f"?status__exact={Status.DRAFT}")


def _scheduled(user):
    posts = Post.objects.seen_by(user).scheduled().order_by("publish_at")
    return _posts(_("Scheduled next"), posts, f"?status__exact={Status.APPROVED}")


def _posts(title, posts, query):
    posts = posts.only("title", "status", "publish_at")
    lines = [(post.title, reverse("admin:blog_post_change", args=[post.pk]), situation(post)) for post in posts[:SHOWN]]
    return Part(title, reverse("admin:blog_post_changelist") + query, lines, posts.count())


def _held(user):
    held = Comment.objects.held()
    newest = held.select_related("post").order_by("-created_at")[:SHOWN]
    lines = [
        (str(comment), reverse("admin:blog_comment_change", args=[comment.pk]), comment.post.title)
        for comment in newest
    ]
    return Part(
        _("Held comments"), reverse("admin:blog_comment_changelist") + "?state__exact=held", lines, held.count()
    )


def _doubles(user):
    total, url = duplicates.same_text().count(), reverse("admin:blog_duplicates")
    lines = [(_("Compare and merge"), url, "")] if total else []
    return Part(_("Groups of duplicates"), url, lines, total)


def _batches(user):
    lines = [
        (
            f"{batch.get_action_display()}, {hour(batch.at)}",
            reverse("admin:blog_batch_change", args=[batch.pk]),
            batch.by,
        )
        for batch in Batch.objects.select_related("by")[:SHOWN]
    ]
    return Part(_("Done lately"), reverse("admin:blog_batch_changelist"), lines)
