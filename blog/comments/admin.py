"""Comments in the admin: read, found and judged there; written and deleted nowhere."""

from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.core.exceptions import PermissionDenied
from django.forms import CharField, HiddenInput
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from blog import policy
from blog.comments import threads
from blog.comments.models import Comment
from blog.desk import PolicyAdmin
from blog.moderation import appeals, batches, findings, history, picks, queues, statements
from blog.moderation.batches import Action
from blog.moderation.forms import AnswerForm, WhyForm
from blog.moderation.notices import done_notice
from blog.receipts.models import Appeal
from blog.web.parameters import as_hour
from blog.web.staff import BoundedPaginator

REPORTS_SHOWN = 50


class Marked(admin.SimpleListFilter):
    title = _("mark")
    parameter_name = "mark"

    def lookups(self, request, model_admin):
        return [("reported", _("Reported")), ("appealed", _("Appealed")), ("picked", _("Editors’ choice"))]

    def queryset(self, request, queryset):
        match self.value():
            case "reported":
                return queues.reported(queryset)
            case "appealed":
                return queues.appealed(queryset)
            case "picked":
                return queryset.picked()
        return queryset


class ReadActionForm(WhyForm, ActionForm):
    """Tells when the moderator was shown the texts: their writers may change them meanwhile. And why they go."""

    read_at = CharField(label="", required=False, widget=HiddenInput, initial=lambda: timezone.now().isoformat())
    field_order = ["action", "because", "note"]


@admin.register(Comment)
class CommentAdmin(PolicyAdmin):
    noun = "comment"
    nothing_yet = _("No comment yet. Readers write them under the posts.")
    fields = [
        "post", "number", "parent", "name", "email", "email_proved_at", "website", "user", "text", "state", "reason",
        "merged_into", "origin", "created_at", "edited_at", "picked_at",
    ]  # fmt: skip
    list_display = ["excerpt", "name", "state", "post", "posted"]
    list_filter = [Marked, "state", "origin", "created_at"]
    list_select_related = ["post"]
    list_per_page = 50
    search_fields = ["text", "name", "email"]
    search_help_text = _("Words of the text, a name or an e-mail address.")
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    paginator = BoundedPaginator
    ordering = ["-created_at", "-pk"]
    action_form = ReadActionForm
    actions = ["approve", "hold", "spam", "remove", "keep", "pick", "unpick"]
    change_form_template = "admin/blog/comment/judge.html"

    def has_moderate_permission(self, request):
        return self.may(request, "moderate")

    def has_pick_permission(self, request):
        return self.may(request, "pick")

    @admin.display(description=_("comment"))
    def excerpt(self, comment):
        return Truncator(comment.text).chars(140)

    @admin.display(description=_("posted"), ordering="created_at")
    def posted(self, comment):
        return date_format(timezone.localtime(comment.created_at), "SHORT_DATETIME_FORMAT")

    @admin.action(description=_("Approve"), permissions=["moderate"])
    def approve(self, request, comments):
        read_at = as_hour(request.POST.get("read_at", "")) or timezone.now()
        if comments.filter(edited_at__gt=read_at).exists():
            told = _("The comment has been changed meanwhile, in another window or by a moderator.")
            self.message_user(request, told, messages.WARNING)
        self._moderate(request, Action.APPROVE, comments.exclude(edited_at__gt=read_at))

    @admin.action(description=_("Hold"), permissions=["moderate"])
    def hold(self, request, comments):
        self._moderate(request, Action.HOLD, comments)

    @admin.action(description=_("Mark as spam"), permissions=["moderate"])
    def spam(self, request, comments):
        self._take_away(request, Action.SPAM, comments)

    @admin.action(description=_("Remove"), permissions=["moderate"])
    def remove(self, request, comments):
        self._take_away(request, Action.REMOVE, comments)

    @admin.action(description=_("Leave as it is: the reports are settled"), permissions=["moderate"])
    def keep(self, request, comments):
        self._told_of_batch(request, lambda: batches.settle(comments, by=request.user))

    @admin.action(description=_("Make it the editors’ choice"), permissions=["pick"])
    def pick(self, request, comments):
        self._told_of_batch(request, lambda: picks.pick(comments, by=request.user))

    @admin.action(description=_("End the editors’ choice"), permissions=["pick"])
    def unpick(self, request, comments):
        self._told_of_batch(request, lambda: picks.unpick(comments, by=request.user))

    def _take_away(self, request, action, comments):
        form = WhyForm(request.POST)
        if form.is_valid():
            self._moderate(request, action, comments, **form.cleaned_data)
        else:
            told = [error for errors in form.errors.values() for error in errors]
            self.message_user(request, " ".join(told), messages.ERROR)

    def _moderate(self, request, action, comments, **said):
        self._told_of_batch(request, lambda: batches.moderate(action, comments, by=request.user, **said))

    def _told_of_batch(self, request, act):
        try:
            batch = act()
        except batches.NothingToDo as refusal:
            self.message_user(request, str(refusal), messages.WARNING)
        else:
            told = done_notice(request, batch) if batch else _("The appeal is answered.")
            self.message_user(request, told, messages.SUCCESS)

    def get_urls(self):
        answer = self.admin_site.admin_view(require_POST(self.answer))
        return [path("<int:pk>/answer/", answer, name="blog_comment_answer"), *super().get_urls()]

    def answer(self, request, pk):
        """Answer the appeal of a comment; the button says whether the decision stands."""
        comment = get_object_or_404(Comment, pk=pk)
        if not self.may(request, "moderate", comment):
            raise PermissionDenied
        form = AnswerForm(request.POST)
        if form.is_valid():
            said = {"by": request.user, "approves": "approve" in request.POST}
            self._told_of_batch(request, lambda: appeals.answer(comment, form.cleaned_data["answer"], **said))
            return redirect("admin:blog_comment_change", pk)
        request.method = "GET"  # Django's page of a comment takes no answers; it shows this one again
        return self.change_view(request, str(pk), extra_context={"answer_form": form})

    def change_view(self, request, object_id, form_url="", extra_context=None):
        read_at = timezone.now().isoformat()
        comment = self.get_object(request, object_id)
        context = {
            "around": _indented(threads.around(comment)) if comment else [],
            "may_moderate": self.has_moderate_permission(request),
            "may_pick": self.has_pick_permission(request),
            "read_at": read_at,
        }
        if comment:
            context |= {
                "reports": comment.reports.all()[:REPORTS_SHOWN],
                "has_open_reports": comment.reports.filter(settled_at=None).exists(),
                "former_texts": comment.former_texts.all(),
                "decisions": history.decisions_about(comment),
                "appeal": Appeal.objects.select_related("answered_by").filter(comment=comment).first(),
                "answer_form": AnswerForm(),
                "removal_form": WhyForm(auto_id="removal_%s", label_suffix=""),
                "found": [findings.in_words(finding) for finding in comment.findings],
                "statement": statements.about(comment),
                "may_ban": policy.may(request.user, "ban.decide") and comment.state != Comment.State.ERASED,
            }
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))


def _indented(comments):
    """Give every comment the `level` on which the page shows it: 0 for the highest of them, at most 6."""
    highest = min(comment.depth for comment in comments)
    for comment in comments:
        comment.level = min(comment.depth - highest, 6)
    return comments
