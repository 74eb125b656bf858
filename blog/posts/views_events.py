"""The audit trail as a table for spreadsheets."""

from django import forms
from django.core.exceptions import BadRequest
from django.http import StreamingHttpResponse
from django.views.decorators.http import require_safe

from blog.posts.audit import csv_lines
from blog.posts.events import Event
from blog.web.staff import staff_only


class SelectionForm(forms.Form):
    """Which events: of one post, and of the days from `since` to `until`, both included."""

    post = forms.IntegerField(required=False)
    since = forms.DateField(required=False)
    until = forms.DateField(required=False)

    def events(self):
        events, chosen = Event.objects.all(), self.cleaned_data
        if chosen["post"] is not None:
            events = events.filter(post=chosen["post"])
        if chosen["since"]:
            events = events.filter(at__date__gte=chosen["since"])
        if chosen["until"]:
            events = events.filter(at__date__lte=chosen["until"])
        return events


@staff_only("event.view")
@require_safe
def events_table(request):
    form = SelectionForm(request.GET)
    if not form.is_valid():
        raise BadRequest
    headers = {"Content-Disposition": 'attachment; filename="events.csv"'}
    return StreamingHttpResponse(csv_lines(form.events()), content_type="text/csv; charset=utf-8", headers=headers)
