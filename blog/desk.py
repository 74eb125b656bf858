"""The admin site: its index page, the desk, and the base of its classes, for which blog/policy.py decides who may."""

from django import forms
from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import models
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from blog import first_steps, menu, policy
from blog.moderation import duplicates, queues
from blog.moderation.models import Batch
from blog.planning import waiting
from blog.planning.waiting import SHOWN, Part
from blog.posts.steps import hour
from blog.web.parameters import as_whole_number


class SpaltAdminSite(admin.AdminSite):
    site_header = site_title = "Spalt"
    index_title = gettext_lazy("The desk")
    index_template = "admin/desk.html"
    empty_value_display = "–"
    enable_nav_sidebar = False  # the menu is at the top (blog/menu.py), and the whole width is for the work

    def has_permission(self, request):
        return policy.may(request.user, "desk.view")

    def login(self, request, extra_context=None):
        """Lead to where staff sign in (project/sign_in.py). Django's own form would ask for no second factor."""
        if self.has_permission(request):
            return redirect("admin:index")
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"))

    def get_app_list(self, request, app_label=None):
        # Made where it is shown: most pages have no sidebar, and it asks for rights and addresses of all models.
        return SimpleLazyObject(lambda: super(SpaltAdminSite, self).get_app_list(request, app_label))

    def get_urls(self):
        # It would tell everybody on the desk the address, and so the title, of any draft.
        stock = [url for url in super().get_urls() if getattr(url, "name", None) != "view_on_site"]
        return [path("keys/", self.admin_view(self.keys), name="keys"), *stock]

    def keys(self, request):
        """The sheet of the keys, as a page; a script lays it over the page where it is asked for."""
        entries = [entry for _title, entries in menu.sections_for(request.user) for entry in entries if entry.key]
        context = {
            "title": _("Keyboard shortcuts"),
            "entries": entries,
            "may_add": policy.may(request.user, "post.add"),
            "may_moderate": policy.may(request.user, "comment.moderate"),
        }
        return render(request, "admin/keys.html", self.each_context(request) | context)

    def index(self, request, extra_context=None):
        found = desk_of(request.user) | {
            "first_steps": first_steps.for_person(request.user),
            "may_add": policy.may(request.user, "post.add"),
        }
        return super().index(request, found | (extra_context or {}))


# Who types "blogg.se" means https.
HTTPS = {models.URLField: {"assume_scheme": "https"}}


# What the filters of a list ask for.
LOOKUPS = {"exact", "in", "isnull", "gte", "lt"}


class PolicyAdmin(admin.ModelAdmin):
    """An admin class whose rights stand in policy.RULES under its noun; Django's rows of permissions are not used."""

    noun = ""
    nothing_yet: str | Promise = ""  # what an empty list says: what to do next
    view_on_site = False
    formfield_overrides = HTTPS

    def may(self, request, verb, thing=None):
        action = f"{self.noun}.{verb}"
        return action in policy.RULES and policy.may(request.user, action, thing)

    def lookup_allowed(self, lookup, value, request=None):
        """Only what the list's own filters ask for: Django would let everybody look things up by another's draft."""
        name, *_key, asked = lookup.split("__") if "__" in lookup else (lookup, "exact")
        filters = [each[0] if isinstance(each, tuple) else each for each in self.get_list_filter(request)]
        names = {getattr(each, "parameter_name", each) for each in filters}
        return name in names and asked in LOOKUPS and super().lookup_allowed(lookup, value, request)

    def response_action(self, request, queryset):
        # Django's own answer to a key that is no number is a crash.
        if not all(map(as_whole_number, request.POST.getlist(admin.helpers.ACTION_CHECKBOX_NAME))):
            raise BadRequest
        return super().response_action(request, queryset)

    def formfield_for_dbfield(self, db_field, request, **named):
        """An hour has two fields; Django names them for the eye alone."""
        field = super().formfield_for_dbfield(db_field, request, **named)
        if isinstance(field, forms.SplitDateTimeField):
            for widget, words in zip(field.widget.widgets, [_("Date:"), _("Time:")], strict=True):
                widget.attrs["aria-label"] = words
        return field

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

    def formfield_for_dbfield(self, db_field, request, **named):
        field = super().formfield_for_dbfield(db_field, request, **named)
        if field:  # in a row the name stands at the head of the column only
            field.widget.attrs["aria-label"] = db_field.verbose_name
        return field

    def may(self, request, verb, thing):
        return policy.may(request.user, f"{self.noun}.{verb}", thing)

    def has_view_permission(self, request, obj=None):
        return self.may(request, "view", obj)

    def has_add_permission(self, request, obj=None):
        return self.may(request, "change" if obj else "add", obj)

    has_change_permission = has_delete_permission = has_add_permission


def desk_of(user):
    """Return what `user` finds on the desk: the Parts, and the light of the worker."""
    parts = [
        (_held, policy.may(user, "comment.moderate")),
        (_reported, policy.may(user, "comment.moderate")),
        (_appealed, policy.may(user, "comment.moderate")),
        (_doubles, policy.may(user, "comment.moderate")),
        (_batches, policy.may(user, "batch.view")),
    ]
    others = [part() for part, may in parts if may]
    may_moderate = policy.may(user, "comment.moderate")
    return {"parts": waiting.parts_for(user) + others, "light": waiting.light(), "may_moderate": may_moderate}


def _held():
    return _queue(_("Held comments"), "held", _("No comment waits for you."))


def _reported():
    return _queue(_("Reported comments"), "reported", _("No reader has complained."))


def _appealed():
    return _queue(_("Appeals"), "appealed", _("Nobody asks for a second look."))


def _queue(title, name, empty):
    queue = queues.QUEUES[name]
    url = reverse("queue", args=[name])
    comments = queue.comments().select_related("post").defer("post__body", "post__search")
    first, _following = queues.page(comments, oldest_first=queue.oldest_first)
    lines = [(str(comment), f"{url}#row-{comment.pk}", comment.post.title) for comment in first[:SHOWN]]
    return Part(title, url, lines, queue.total(), empty)


def _doubles():
    total, url = queues.bounded_count(duplicates.waiting()), reverse("admin:blog_duplicates")
    lines = [(_("Compare and merge"), url, "")] if total else []
    return Part(_("Groups of duplicates"), url, lines, total, _("No comment says the same as another."))


def _batches():
    lines = [
        (
            f"{batch.get_action_display()}, {hour(batch.at)}",
            reverse("admin:blog_batch_change", args=[batch.pk]),
            batch.by,
        )
        for batch in Batch.objects.select_related("by")[:SHOWN]
    ]
    empty = _("Nothing yet. Whatever moderators do stands here, and can be undone.")
    return Part(_("Done lately"), reverse("admin:blog_batch_changelist"), lines, empty=empty)
