"""The board, the calendar, saved filters, and one change in several posts."""

from datetime import date

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from blog.planning import board as boards
from blog.planning import bulk, calendar
from blog.planning.forms import BoardFilter, BulkForm, FilterForm, MoveForm
from blog.planning.models import SavedFilter
from blog.posts import steps
from blog.posts.models import Post
from blog.posts.workflow import IllegalTransition
from blog.web.parameters import as_whole_number
from blog.web.staff import desk_page, staff_only

MAX_FILTERS = 50  # of one person
NAMED = 10  # posts that a message names
WIDE = {"is_nav_sidebar_enabled": False}  # the whole width of the window


@staff_only("post.view")
@require_safe
def board(request):
    chosen = BoardFilter(request.GET)
    columns = boards.columns(request.user, chosen.condition(request.user))
    context = {"title": _("Board"), "columns": columns, "filter": chosen, "here": request.get_full_path()}
    return desk_page(request, "admin/blog/planning/board.html", context | WIDE)


@staff_only("post.view")
@require_safe
def month(request):
    today = timezone.localdate()
    first = _month_asked_for(request.GET.get("month", "")) or today.replace(day=1)
    weeks = calendar.month(request.user, first)
    context = {
        "title": capfirst(date_format(first, "YEAR_MONTH_FORMAT")),
        "first": first,
        "weeks": weeks,
        "today": today,
        "days_of_week": [day.date for day in weeks[0][1]],
        "former": _months_on(first, -1),
        "following": _months_on(first, 1),
    }
    return desk_page(request, "admin/blog/planning/calendar.html", context | WIDE)


def _month_asked_for(text):
    """Read "2026-11"; None for anything else."""
    try:
        year, month = text.split("-")
        return _first_day(as_whole_number(year), as_whole_number(month))
    except (ValueError, TypeError):
        return None


def _first_day(year, month):
    return date(year, month, 1) if year in calendar.YEARS else None


def _months_on(first, number):
    """The first day of the next or the former month, or None where the calendar ends."""
    months = first.year * 12 + first.month - 1 + number
    return _first_day(months // 12, months % 12 + 1)


@staff_only("post.plan")
@require_POST
def move(request, pk):
    """Move a post to another hour. Where that would publish it at once, a page asks first."""
    post = get_object_or_404(Post.objects.seen_by(request.user), pk=pk)
    form = MoveForm(request.POST)
    if not form.is_valid():
        for errors in form.errors.values():
            messages.error(request, " ".join(map(str, errors)))
        return redirect(_in_calendar(post.publish_at or timezone.now(), post))
    try:
        calendar.move(post, by=request.user, **form.cleaned_data)
    except calendar.WouldPublish:
        context = {"title": _("Publish at once?"), "post": post, "form": form, "hour": form.cleaned_data["hour"]}
        return desk_page(request, "admin/blog/planning/move.html", context)
    except IllegalTransition as refusal:
        messages.error(request, str(refusal))
    else:
        values = {"title": post, "hour": steps.hour(form.cleaned_data["hour"])}
        messages.success(request, _("“%(title)s” was moved to %(hour)s.") % values)
    return redirect(_in_calendar(form.cleaned_data["hour"], post))


def _in_calendar(hour, post):
    return f"{reverse('calendar')}?month={timezone.localtime(hour):%Y-%m}#post-{post.pk}"


@staff_only("post.view")
@require_POST
def save_filter(request):
    """Keep a selection of the list of posts under a name; the same name again means the new selection."""
    form = FilterForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("The selection was not saved: give it a name of at most 60 characters."))
        return redirect("admin:blog_post_changelist")
    mine = SavedFilter.objects.filter(user=request.user)
    name, query = form.cleaned_data["name"], form.cleaned_data["query"]
    if mine.exclude(name=name).count() >= MAX_FILTERS:
        messages.error(request, _("You have 50 saved selections. Delete one first."))
    else:
        SavedFilter.objects.update_or_create(user=request.user, name=name, defaults={"query": query})
    return redirect(f"{reverse('admin:blog_post_changelist')}?{query}")


@staff_only("post.view")
@require_POST
def delete_filter(request, pk):
    get_object_or_404(SavedFilter, pk=pk, user=request.user).delete()
    return redirect("admin:blog_post_changelist")


@staff_only("post.change")
@require_POST
def change_several(request):
    """Tags, reviewer and byline of the posts ticked in the list; the list's action shows the form that posts here."""
    keys = [key for key in map(as_whole_number, request.POST.getlist("post")) if key is not None]
    posts = list(Post.objects.seen_by(request.user).filter(pk__in=keys[: bulk.MAX_POSTS]).only("title").order_by("pk"))
    form = BulkForm(request.POST)
    if not form.is_valid():
        context = {"title": _("Change several posts"), "form": form, "posts": posts}
        return desk_page(request, "admin/blog/planning/bulk.html", context)
    for outcome in _outcomes(posts, form.cleaned_data, request.user):
        _report(request, outcome)
    return redirect("admin:blog_post_changelist")


def _outcomes(posts, asked, by):
    if asked["add"] or asked["remove"]:
        yield _("Tags"), bulk.bulk_tag(posts, asked["add"], asked["remove"], by)
    if asked["byline"]:
        yield _("Byline"), bulk.sign(posts, asked["byline"], by)
    if asked["reviewer"]:
        yield _("Reviewer"), bulk.assign(posts, asked["reviewer"], by)


def _report(request, named_outcome):
    what, outcome = named_outcome
    done = ngettext("%(count)s post changed.", "%(count)s posts changed.", outcome.changed) % {"count": outcome.changed}
    messages.success(request, f"{what}: {done}")
    if outcome.skipped:
        named = [{"title": title, "reason": why} for title, why in outcome.skipped[:NAMED]]
        skipped = "; ".join(_("“%(title)s”: %(reason)s") % each for each in named)
        number = len(outcome.skipped)
        text = ngettext("%(count)s post left as it is", "%(count)s posts left as they are", number) % {"count": number}
        messages.warning(request, f"{what}: {text}. {skipped}" + ("; …" if number > NAMED else ""))
