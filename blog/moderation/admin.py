"""The moderation log with undo."""

from datetime import datetime

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from blog import policy
from blog.comments.models import Comment
from blog.desk import PolicyAdmin
from blog.moderation import admin_duplicates, batches
from blog.moderation.models import Batch, BatchRow
from blog.moderation.notices import answered
from blog.posts.steps import hour

ROWS_SHOWN = 200
COLUMNS = {
    "state": gettext_lazy("state"),
    "merged_into_id": gettext_lazy("merged into"),
    "parent_id": gettext_lazy("in reply to"),
    "reason": gettext_lazy("held because"),
    "picked_at": gettext_lazy("editors’ choice"),
}
REFERENCES = ("merged_into_id", "parent_id")


@admin.register(Batch)
class BatchAdmin(PolicyAdmin):
    noun = "batch"
    nothing_yet = gettext_lazy("Nothing yet. Whatever moderators do stands here, and can be undone.")
    list_display = ["at", "action", "by", "number_of_comments", "reason", "undone_at"]
    list_display_links = ["at", "action"]
    list_filter = ["action", ("by", admin.RelatedOnlyFieldListFilter), "at"]
    list_select_related = ["by", "reason"]
    list_per_page = 50
    show_full_result_count = False
    fields = ["action", "by", "at", "reason", "note", "ban", "and_besides", "undone_by", "undone_at"]
    readonly_fields = ["and_besides"]
    change_form_template = "admin/blog/batch/page.html"

    def get_queryset(self, request):
        rows = BatchRow.objects.filter(batch=OuterRef("pk")).order_by().values("batch").annotate(size=Count("pk"))
        return super().get_queryset(request).annotate(size=Coalesce(Subquery(rows.values("size")), 0))

    @admin.display(description=gettext_lazy("comments"))
    def number_of_comments(self, batch):
        return batch.size

    @admin.display(description=gettext_lazy("besides"))
    def and_besides(self, batch):
        """What it changed beside the comments, in words."""
        return ", ".join(_besides(batch.action, name, len(rows)) for name, rows in batch.besides.items()) or "–"

    def change_view(self, request, object_id, form_url="", extra_context=None):
        batch = self.get_object(request, object_id)
        rows = batch.rows.select_related("comment__post").order_by("comment_id")[:ROWS_SHOWN] if batch else []
        context = {"rows": _with_changes(rows), "may_undo": self.may_undo(request, batch)}
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))

    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [
            *admin_duplicates.urls(wrap),
            path("<int:pk>/undo/", wrap(require_POST(self.undo)), name="blog_batch_undo"),
            *super().get_urls(),
        ]

    def may_undo(self, request, batch):
        """Who may not make a choice of the editors may not end it by undoing, either."""
        is_choice = batch and batch.action in (Batch.Action.PICK, Batch.Action.UNPICK)
        return self.may(request, "undo", batch) and (not is_choice or policy.may(request.user, "comment.pick"))

    def undo(self, request, pk):
        batch = get_object_or_404(Batch, pk=pk)
        if not self.may_undo(request, batch):
            raise PermissionDenied
        page = reverse("admin:blog_batch_change", args=[pk])
        try:
            batches.undo(batch, by=request.user)
        except (batches.ChangedSince, batches.NothingToDo) as refusal:
            words = _("Not undone. %(reason)s") % {"reason": refusal}
            return answered(request, words, otherwise=page, level=messages.ERROR, status=409)
        return answered(request, _("Undone: everything is as it was before."), otherwise=page)


def _besides(action, name, number):
    words = {
        "report": ngettext("%(count)s report settled", "%(count)s reports settled", number),
        "appeal": ngettext("%(count)s appeal closed", "%(count)s appeals closed", number),
        "following": ngettext("%(count)s follower moved", "%(count)s followers moved", number),
    }
    if action == Batch.Action.MERGE:
        words["report"] = ngettext("%(count)s report moved", "%(count)s reports moved", number)
    return words.get(name, name) % {"count": number}


def _with_changes(rows):
    """Give every row of a batch `changes`: (column, before, after) in words, comments by their numbers. One query."""
    references = {
        value
        for row in rows
        for values in (row.before, row.after)
        for column in REFERENCES
        if (value := values.get(column))
    }
    numbers = dict(Comment.objects.filter(pk__in=references).order_by().values_list("pk", "number"))

    def shown(column, value):
        if column == "state":
            return Comment.State(value).label
        if column == "reason" and value:
            return Comment.Reason(value).label
        if column == "picked_at" and value:
            return hour(datetime.fromisoformat(value))
        return f"#{numbers[value]}" if value in numbers else "–"

    for row in rows:
        row.changes = [
            (COLUMNS[column], shown(column, row.before[column]), shown(column, row.after[column]))
            for column in COLUMNS
            if column in row.after and row.before[column] != row.after[column]
        ]
    return rows
