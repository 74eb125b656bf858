"""The page of one step: what the checks found, and what must be said before a post goes on."""

from dataclasses import dataclass, field
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.contrib.admin.widgets import AdminSplitDateTime
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from blog import policy
from blog.posts import gate, revisions, steps
from blog.posts.events import Event, Kind
from blog.posts.models import Post
from blog.posts.workflow import IllegalTransition
from blog.web.parameters import as_hour, as_whole_number
from blog.web.staff import desk_page

CHECKED = (steps.SUBMIT, steps.PUBLISH, steps.SCHEDULE)
WITH_NOTE = (steps.SUBMIT, steps.CHANGES, steps.UNPUBLISH, steps.ARCHIVE, steps.DISCARD)


@dataclass
class Question:
    """What must be asked before a step; true if there is anything."""

    findings: list = field(default_factory=list)
    sentence: str = ""
    is_asking: bool = True  # False: the sentence only says what was said before
    needs_note: bool = False
    needs_hour: bool = False

    def __bool__(self):
        return bool(self.findings or (self.sentence and self.is_asking) or self.needs_note or self.needs_hour)

    @property
    def errors(self):
        return [finding for finding in self.findings if finding.level == "error"]


class StepForm(forms.Form):
    publish_at = forms.SplitDateTimeField(label=gettext_lazy("Publish at"), widget=AdminSplitDateTime)
    note = forms.CharField(label=gettext_lazy("Note"), widget=forms.Textarea(attrs={"rows": 3}), max_length=5000)
    reason = forms.CharField(
        label=gettext_lazy("Reason for going on in spite of the errors"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=1000,
    )

    def __init__(self, *arguments, name, question, may_override, **named):
        super().__init__(*arguments, **named)
        self.blocked = bool(question.errors) and not may_override
        if not question.needs_hour:
            del self.fields["publish_at"]
        if name not in WITH_NOTE or self.blocked:
            del self.fields["note"]
        elif not question.needs_note:
            self.fields["note"].required = False
        if not question.errors or self.blocked:
            del self.fields["reason"]

    def clean(self):
        if self.blocked:
            raise ValidationError(_("Mend the errors first, or ask an editor."))
        return super().clean()


def question_before(name, post, planned=None):
    """Return the Question for a step with the newest text of `post`; `planned` is the hour that the button named."""
    at = timezone.now() if name in (steps.PUBLISH, steps.NOW) else planned
    is_checked = name in CHECKED or (name == steps.NOW and post.newest is not post)
    findings = gate.check(revisions.newest_content(post), post=post, at=at) if is_checked else []
    sentence = ""
    if steps.is_over_a_schedule(name, post):
        sentence = _("It is scheduled for %(hour)s. Publish it now instead?")
        sentence %= {"hour": steps.hour(steps.scheduled_for(post))}
    elif name == steps.UNPUBLISH and post.is_public():
        sentence = _("Readers will no longer find the post: it becomes a draft. Its comments stay with it.")
        if getattr(post.newest, "approved", None):
            scheduled = _("The update that was to take over %(hour)s is taken back from the schedule.")
            sentence += " " + scheduled % {"hour": steps.hour(post.newest.publish_at)}
    elif name == steps.SCHEDULE and planned:
        sentence = _("It is to be public from %(hour)s.") % {"hour": steps.hour(planned)}
    elif name == steps.ARCHIVE:
        sentence = _("Readers will no longer find the post: its address says that it has been taken away.")
    elif name == steps.DISCARD:
        sentence = _("The text that readers see becomes the newest again. What is discarded stays among the versions.")
    needs_hour = name == steps.SCHEDULE and planned is None
    return Question(findings, sentence, name != steps.SCHEDULE, name == steps.CHANGES, needs_hour)


def step(request, pk, name):
    """The page of a step, and the step itself: at once where nothing is to be asked, else when it was answered."""
    post = get_object_or_404(Post.objects.seen_by(request.user).select_related("pending"), pk=pk)
    if name not in steps.ACTIONS:
        raise Http404
    if not policy.may(request.user, steps.ACTIONS[name], post):
        raise PermissionDenied
    planned = as_hour(request.POST.get("hour") or request.GET.get("hour") or "")
    question = question_before(name, post, planned)
    answered = request.POST if "confirmed" in request.POST else None
    may_override = policy.may(request.user, "post.override", post)
    initial = {"publish_at": post.newest.publish_at}
    form = StepForm(answered, initial=initial, name=name, question=question, may_override=may_override)
    if request.method == "POST" and (not question or form.is_valid()):
        said = form.cleaned_data if answered and form.is_valid() else {}
        return _take(request, post, name, question, {"publish_at": planned} | said)
    context = {
        "title": next((step.label for step in steps.next_steps(request.user, post) if step.name == name), ""),
        "post": post,
        "question": question,
        "form": form,
        "revision": request.POST.get("revision") or request.GET.get("revision") or post.head,
        "hour": planned.isoformat() if planned else "",
        "next": _next(request),
    }
    return desk_page(request, "admin/blog/post/step.html", context | {"media": form.media})


def _take(request, post, name, question, said):
    seen = as_whole_number(request.POST.get("revision", ""))
    answer = {"note": said.get("note", ""), "revision": seen, "publish_at": said.get("publish_at")}
    try:
        with transaction.atomic():
            if question.errors:
                rules = ", ".join(sorted({finding.rule for finding in question.errors}))
                Event.record(post, Kind.OVERRIDDEN, by=request.user, note=f"{said['reason']} ({rules})")
            done = steps.take(name, post, by=request.user, **answer)
    except IllegalTransition as refusal:
        messages.error(request, str(refusal))
        return redirect("admin:blog_post_change", post.pk)
    messages.success(request, done)
    return redirect(_next(request) or "admin:blog_post_changelist")


def _next(request):
    """Where the person came from: a path of this site, or nothing."""
    path = request.POST.get("next") or request.GET.get("next") or ""
    return path if path.startswith("/") and url_has_allowed_host_and_scheme(path, None) else ""


def address(post, name, planned=None):
    seen = {"revision": post.head} | ({"hour": planned.isoformat()} if planned else {})
    return reverse("admin:blog_post_step", args=[post.pk, name]) + f"?{urlencode(seen)}"
