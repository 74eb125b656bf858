"""The moderation log with undo, and the page of duplicates."""

from datetime import datetime

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from blog import policy
from blog.comments.groups import AT_ONCE, catch_up
from blog.comments.models import Comment
from blog.desk import PolicyAdmin
from blog.moderation import batches, duplicates
from blog.moderation.models import Batch
from blog.moderation.notices import done_notice
from blog.posts.steps import hour
from blog.web.parameters import as_whole_number

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
    list_display = ["at", "action", "by", "number_of_comments", "undone_at"]
    list_display_links = ["at", "action"]
    list_filter = ["action", "at"]
    list_select_related = ["by"]
    list_per_page = 50
    show_full_result_count = False
    fields = ["action", "by", "at", "undone_by", "undone_at"]
    change_form_template = "admin/blog/batch/page.html"

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(size=Count("rows"))

    @admin.display(description=gettext_lazy("comments"))
    def number_of_comments(self, batch):
        return batch.size

    def change_view(self, request, object_id, form_url="", extra_context=None):
        batch = self.get_object(request, object_id)
        rows = batch.rows.select_related("comment__post").order_by("comment_id")[:ROWS_SHOWN] if batch else []
        context = {"rows": _with_changes(rows), "may_undo": self.may(request, "undo")}
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))

    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [
            path(
                "duplicates/",
                wrap(require_http_methods(["GET", "HEAD", "POST"])(self.duplicates)),
                name="blog_duplicates",
            ),
            path("<int:pk>/undo/", wrap(require_POST(self.undo)), name="blog_batch_undo"),
            *super().get_urls(),
        ]

    def undo(self, request, pk):
        batch = get_object_or_404(Batch, pk=pk)
        if not self.may(request, "undo", batch):
            raise PermissionDenied
        try:
            batches.undo(batch, by=request.user)
        except (batches.ChangedSince, batches.NothingToDo) as refusal:
            self.message_user(request, _("Not undone. %(reason)s") % {"reason": refusal}, messages.ERROR)
        else:
            self.message_user(request, _("Undone: everything is as it was before."), messages.SUCCESS)
        return redirect("admin:blog_batch_change", pk)

    def duplicates(self, request):
        """Groups of comments that say the same; POST merges the ticked ones, each group into its oldest."""
        if not policy.may(request.user, "comment.moderate"):
            raise PermissionDenied
        if request.method == "POST":
            self._merge(request)
            return redirect("admin:blog_duplicates")
        catch_up(AT_ONCE)
        groups = duplicates.find(limit=duplicates.NUMBER_OF_GROUPS)
        context = {
            "groups": _with_replies(groups),
            "total": duplicates.waiting().count(),
            "title": _("Duplicates"),
            "opts": Comment._meta,
        }
        return render(request, "admin/blog/batch/duplicates.html", self.admin_site.each_context(request) | context)

    def _merge(self, request):
        chosen = [number for text in request.POST.getlist("comment") if (number := as_whole_number(text))]
        try:
            batch = duplicates.merge(chosen, by=request.user)
        except batches.NothingToDo:
            self.message_user(request, _("Tick at least two comments of a group to merge them."), messages.WARNING)
        else:
            self.message_user(request, done_notice(request, batch), messages.SUCCESS)


def _with_replies(groups):
    """Tell every comment of the groups how many replies hang on it: `reply_count`. One query."""
    comments = [comment for group in groups for comment in group.comments]
    replies = Comment.objects.filter(parent__in=comments).order_by().values_list("parent").annotate(Count("pk"))
    counts = dict(replies)
    for comment in comments:
        comment.reply_count = counts.get(comment.pk, 0)
    return groups


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
