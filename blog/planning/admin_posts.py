"""What the overview adds to the list of posts: two filters, and the action that changes several posts."""

from django.contrib import admin, messages
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from blog.planning import bulk, waiting
from blog.planning.forms import BulkForm
from blog.posts.workflow import IN_WORK, Status
from blog.web.staff import desk_page


class State(admin.SimpleListFilter):
    """Where a post is. In work, the state of its newest text counts: that of the pending update where there is one."""

    title = gettext_lazy("status")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        approved = [
            ("scheduled", _("Scheduled")),
            ("published", _("Published")),
            ("update", _("With a pending update")),
        ]
        in_work = [(status.value, status.label) for status in IN_WORK]
        return [*in_work, *approved, (Status.ARCHIVED.value, Status.ARCHIVED.label)]

    def queryset(self, request, posts):
        match self.value():
            case "scheduled":
                return waiting.scheduled(posts)
            case "published":
                return posts.published()
            case "update":
                return posts.exclude(pending=None)
            case state if state in Status.values:  # "approved" too: saved selections may name it
                return posts.in_state(state)
        return posts


class Whose(admin.SimpleListFilter):
    title = gettext_lazy("what")
    parameter_name = "whose"

    def lookups(self, request, model_admin):
        return [
            ("mine", _("Mine")),
            ("review", _("For me to review")),
            ("due", _("Due within a week, or overdue")),
            ("scheduled", _("Scheduled")),
        ]

    def queryset(self, request, posts):
        match self.value():
            case "mine":
                return posts.by(request.user)
            case "review":
                return waiting.for_review_by(request.user, posts)
            case "due":
                return waiting.pressing(posts, timezone.localdate())
            case "scheduled":
                return waiting.scheduled(posts)
        return posts


@admin.action(description=gettext_lazy("Change tags, reviewer or byline…"), permissions=["change"])
def change_several(post_admin, request, posts):
    """Ask what is to be changed; blog.planning.views takes the answer."""
    if posts.count() > bulk.MAX_POSTS:
        text = _("At most %(count)s posts are changed at once.") % {"count": bulk.MAX_POSTS}
        post_admin.message_user(request, text, messages.ERROR)
        return None
    posts = posts.select_related(None).prefetch_related(None).only("title").order_by("pk")
    context = {"title": _("Change several posts"), "form": BulkForm(), "posts": posts}
    return desk_page(request, "admin/blog/planning/bulk.html", context)
