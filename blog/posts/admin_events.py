"""The audit trail in the admin: to be read by editors, and changed by nobody."""

from django.contrib import admin
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from blog.desk import PolicyAdmin
from blog.posts import trail
from blog.posts.events import Event
from blog.posts.models import Post
from blog.web.staff import BoundedPaginator


@admin.register(Event)
class EventAdmin(PolicyAdmin):
    noun = "event"
    list_display = ["when", "about", "what", "who", "hour", "note"]
    list_display_links = None
    list_filter = ["kind", "at", "by"]
    search_fields = ["title", "by_name"]
    search_help_text = gettext_lazy("A post's title or a person's name.")
    sortable_by = ()
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    paginator = BoundedPaginator  # filters and the export lead further back
    fields = list_display

    def lookup_allowed(self, lookup, value, request=None):
        return lookup == "post" or super().lookup_allowed(lookup, value, request)  # whoever sees one sees all

    def get_queryset(self, request):
        # Not by a join: the events of a post that is gone would be missing.
        return super().get_queryset(request).annotate(post_is_there=Exists(Post.objects.filter(pk=OuterRef("post"))))

    @admin.display(description=gettext_lazy("time"))
    def when(self, event):
        return _short(event.at)

    @admin.display(description=gettext_lazy("post"))
    def about(self, event):
        if not event.post_is_there:
            return _("%(title)s (deleted)") % {"title": event.title}
        return format_html('<a href="{}">{}</a>', reverse("versions", args=[event.post_id]), event.title)

    @admin.display(description=gettext_lazy("event"))
    def what(self, event):
        name = event.get_kind_display()
        name = _("%(event)s (update)") % {"event": name} if event.of_update else name
        return format_html('{}<br><span class="quiet">{}</span>', name, trail.states(event))

    @admin.display(description=gettext_lazy("person"))
    def who(self, event):
        return event.by_name or _("the site itself")

    @admin.display(description=gettext_lazy("publish at"))
    def hour(self, event):
        return event.publish_at and _short(event.publish_at)

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, {"title": _("Audit trail")} | (extra_context or {}))


def _short(moment):
    return date_format(timezone.localtime(moment), "SHORT_DATETIME_FORMAT")
