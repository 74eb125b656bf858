"""Comments in the admin: read, found and judged there; written and deleted nowhere."""

from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from blog.comments import threads
from blog.comments.models import Comment
from blog.desk import PolicyAdmin
from blog.moderation import batches
from blog.moderation.batches import Action
from blog.moderation.notices import done_notice


class BoundedPaginator(Paginator):
    """Counts no further than to 10,000: nobody turns that many pages, and counting millions takes seconds."""

    MOST = 10_000

    @cached_property
    def count(self):
        return self.object_list.order_by()[: self.MOST].count()


@admin.register(Comment)
class CommentAdmin(PolicyAdmin):
    noun = "comment"
    fields = [
        "post", "number", "parent", "name", "email", "website", "user", "text", "state", "merged_into", "origin",
        "created_at",
    ]  # fmt: skip
    list_display = ["excerpt", "name", "state", "post", "posted"]
    list_filter = ["state", "origin", "created_at"]
    list_select_related = ["post"]
    list_per_page = 50
    search_fields = ["text", "name", "email"]
    search_help_text = _("Words of the text, a name or an e-mail address.")
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    paginator = BoundedPaginator
    ordering = ["-pk"]
    actions = ["approve", "spam", "remove"]
    change_form_template = "admin/blog/comment/judge.html"

    def has_moderate_permission(self, request):
        return self.may(request, "moderate")

    @admin.display(description=_("comment"))
    def excerpt(self, comment):
        return Truncator(comment.text).chars(140)

    @admin.display(description=_("posted"), ordering="created_at")
    def posted(self, comment):
        return date_format(timezone.localtime(comment.created_at), "SHORT_DATETIME_FORMAT")

    @admin.action(description=_("Approve"), permissions=["moderate"])
    def approve(self, request, comments):
        self._moderate(request, Action.APPROVE, comments)

    @admin.action(description=_("Mark as spam"), permissions=["moderate"])
    def spam(self, request, comments):
        self._moderate(request, Action.SPAM, comments)

    @admin.action(description=_("Remove"), permissions=["moderate"])
    def remove(self, request, comments):
        self._moderate(request, Action.REMOVE, comments)

    def _moderate(self, request, action, comments):
        try:
            batch = batches.moderate(action, comments, by=request.user)
        except batches.NothingToDo as refusal:
            self.message_user(request, str(refusal), messages.WARNING)
        else:
            self.message_user(request, done_notice(request, batch), messages.SUCCESS)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        comment = self.get_object(request, object_id)
        context = {
            "around": _indented(threads.around(comment)) if comment else [],
            "may_moderate": self.has_moderate_permission(request),
        }
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))


def _indented(comments):
    """Give every comment the `level` on which the page shows it: 0 for the highest of them, at most 6."""
    highest = min(comment.depth for comment in comments)
    for comment in comments:
        comment.level = min(comment.depth - highest, 6)
    return comments
