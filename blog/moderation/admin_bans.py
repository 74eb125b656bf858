"""Bans in the admin: a new one with what it would have caught, their list, lifting and renewing."""

from datetime import timedelta
from typing import NamedTuple

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from blog.comments.models import Comment
from blog.desk import PolicyAdmin
from blog.moderation import bans
from blog.moderation.batches import NothingToDo
from blog.moderation.forms_bans import BanForm, UntilForm
from blog.moderation.notices import done_notice, way_back
from blog.screening.bans import standing
from blog.screening.models import Ban
from blog.web.parameters import whole_number

LOOKED_BACK = timedelta(days=90)
COUNTED, SHOWN = 1000, 5
Kind = Ban.Kind


class Standing(admin.SimpleListFilter):
    title = gettext_lazy("standing")
    parameter_name = "standing"

    def lookups(self, request, model_admin):
        return [("yes", _("Stands")), ("no", _("Lifted or ended"))]

    def queryset(self, request, queryset):
        match self.value():
            case "yes":
                return queryset.filter(pk__in=standing().values("pk"))
            case "no":
                return queryset.exclude(pk__in=standing().values("pk"))
        return queryset


@admin.register(Ban)
class BanAdmin(PolicyAdmin):
    noun = "ban"
    nothing_yet = gettext_lazy("Nobody is banned. A ban begins at a comment: “Ban” is among its buttons.")
    list_display = ["kind", "of_whom", "at", "by", "ends", "lifted", "note"]
    list_filter = [Standing, "kind"]
    list_select_related = ["by", "lifted_by", "comment"]
    list_per_page = 50
    show_full_result_count = False
    fields = ["kind", "of_whom", "note", "by", "at", "ends", "lifted"]
    readonly_fields = ["of_whom", "ends", "lifted"]
    change_form_template = "admin/blog/ban/page.html"

    @admin.display(description=gettext_lazy("of whom"))
    def of_whom(self, ban):
        comment = ban.comment
        if ban.domain or comment is None or not comment.name:
            return ban.domain or "–"
        address = reverse("admin:blog_comment_change", args=[comment.pk])
        return format_html('<a href="{}">{}</a>', address, f"{comment.name}, #{comment.number}")

    @admin.display(description=gettext_lazy("ends"), ordering="ends_at")
    def ends(self, ban):
        return ban.ends_at or _("never")

    @admin.display(description=gettext_lazy("lifted"), ordering="lifted_at")
    def lifted(self, ban):
        return ban.lifted_at

    def get_urls(self):
        wrap = self.admin_site.admin_view
        new = require_http_methods(["GET", "HEAD", "POST"])(self.new)
        return [
            path("new/", wrap(new), name="blog_ban_new"),
            path("<int:pk>/lift/", wrap(require_POST(self.lift)), name="blog_ban_lift"),
            path("<int:pk>/renew/", wrap(require_POST(self.renew)), name="blog_ban_renew"),
            *super().get_urls(),
        ]

    def new(self, request):
        """Ask how the writer, network or domain of ?comment= is banned, and show what that would have caught."""
        comment = Comment.objects.select_related("post", "user").filter(pk=whole_number(request, "comment")).first()
        if comment is None or comment.state == Comment.State.ERASED:
            raise Http404
        if not self.may(request, "decide"):
            raise PermissionDenied
        form = BanForm(request.POST if request.method == "POST" else None, comment=comment)
        if form.is_valid():
            return self._done(request, lambda: bans.ban(comment=comment, by=request.user, **form.decided()))
        context = {
            "comment": comment,
            "form": form,
            "previews": list(_previews(comment)),
            "everything": bans.of(Kind.PERSON, comment)[:COUNTED].count(),
            "is_staff": comment.user and comment.user.is_staff,
            "next": request.GET.get("next", ""),
            "title": _("Ban"),
            "opts": self.opts,
        }
        return render(request, "admin/blog/ban/new.html", self.admin_site.each_context(request) | context)

    def lift(self, request, pk):
        ban = self._decidable(request, pk)
        return self._done(request, lambda: bans.lift(ban, by=request.user))

    def renew(self, request, pk):
        ban = self._decidable(request, pk)
        form = UntilForm(request.POST)
        if not form.is_valid():
            self.message_user(request, _("Please choose a day that is still to come."), messages.ERROR)
            return redirect("admin:blog_ban_change", pk)
        return self._done(request, lambda: bans.renew(ban, by=request.user, ends_at=form.ends_at()))

    def change_view(self, request, object_id, form_url="", extra_context=None):
        ban = self.get_object(request, object_id)
        context = {
            "may_decide": self.may(request, "decide"),
            "stands": ban and standing().filter(pk=ban.pk).exists(),
            "until": UntilForm(),
            "batches": ban.batches.select_related("by").all() if ban else [],
        }
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))

    def _decidable(self, request, pk):
        ban = get_object_or_404(Ban, pk=pk)
        if not self.may(request, "decide", ban):
            raise PermissionDenied
        return ban

    def _done(self, request, act):
        try:
            batch = act()
        except NothingToDo as refusal:
            self.message_user(request, str(refusal), messages.WARNING)
        else:
            told = done_notice(request, batch) if batch else _("The ban is lifted.")
            self.message_user(request, told, messages.SUCCESS)
        return redirect(way_back(request) or "admin:blog_ban_changelist")


class Preview(NamedTuple):
    """What a ban would have caught lately."""

    label: str
    number: int  # COUNTED + 1 for more
    newest: list


def _previews(comment):
    """Yield a Preview for each ban that a comment offers. Two queries each, none of which reads without an end."""
    kinds = [(Kind.PERSON, ""), *([(Kind.NETWORK, "")] if comment.network_key else [])]
    for kind, domain in [*kinds, *((Kind.DOMAIN, domain) for domain in bans.domains_of(comment)[:SHOWN])]:
        caught = bans.of(kind, comment, domain).filter(created_at__gt=timezone.now() - LOOKED_BACK)
        newest = list(caught.select_related("post")[:SHOWN])
        yield Preview(domain or str(kind.label), caught.order_by()[: COUNTED + 1].count(), newest)
