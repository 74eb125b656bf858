"""The calendar of a month, and moving what is in it."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from blog.planning import calendar
from blog.posts import revisions
from blog.posts.models import Post
from blog.posts.updates import PendingUpdate
from blog.posts.workflow import IllegalTransition
from tests.factories import make_byline, make_post, make_published, make_user

pytestmark = pytest.mark.django_db
STOCKHOLM = ZoneInfo("Europe/Stockholm")
NOVEMBER = date(2026, 11, 1)
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def at(day, hour=8, month=11, year=2026):
    return datetime(year, month, day, hour, tzinfo=STOCKHOLM)


def tomorrow():
    return (timezone.localtime() + timedelta(days=1)).replace(hour=8, minute=0, second=0, microsecond=0)


def make_scheduled(title="Kommande", hour=None, **fields):
    hour = hour or tomorrow()
    return make_post(title, status="approved", publish_at=hour, first_published_at=hour, **fields)


def make_update(post, **columns):
    """A pending update with a newer title."""
    number = revisions.record(post, revisions.content_of(post) | {"title": f"{post.title}, ny"})
    if columns.get("approved"):
        columns["approved"] = number
    return PendingUpdate.objects.create(post=post, **columns)


def entries(weeks):
    return {
        f"{day.date:%m-%d}": [(entry.words, entry.post.title, entry.is_movable) for entry in day.entries]
        for _number, week in weeks
        for day in week
        if day.entries
    }


def test_month_begins_on_mondays_and_names_the_weeks(editor):
    weeks = calendar.month(editor, NOVEMBER, NOW)

    assert [number for number, _ in weeks] == [44, 45, 46, 47, 48, 49]
    assert (weeks[0][1][0].date, weeks[-1][1][-1].date) == (date(2026, 10, 26), date(2026, 12, 6))


def test_month_shows_each_hour_in_words_on_its_day_of_the_sites_time_zone(editor):
    make_post("Utkast", publish_at=at(25))
    make_post("Arkiverat", status="archived", publish_at=at(3))
    make_post("Utanför", publish_at=at(7, month=12))
    make_scheduled("Kommande", datetime(2026, 11, 29, 23, 30, tzinfo=UTC))  # the 30th here
    public = make_scheduled("Publik", at(2))
    updated = make_scheduled("Med uppdatering", at(1))
    make_update(public, publish_at=at(26), approved=True, status="approved")
    make_update(updated, publish_at=at(27), status="in_review")
    make_post("Sent", due_on=date(2026, 11, 20))
    make_post("Snart", due_on=date(2026, 11, 23), status="in_review")
    make_scheduled("Godkänt i tid", at(24), due_on=date(2026, 11, 24))

    weeks = calendar.month(editor, NOVEMBER, NOW)

    assert entries(weeks) == {
        "11-01": [("Published", "Med uppdatering", False)],
        "11-02": [("Published", "Publik", False)],
        "11-20": [("Overdue", "Sent", False)],
        "11-23": [("Due", "Snart", False)],
        "11-24": [("Scheduled", "Godkänt i tid", True)],
        "11-25": [("Planned", "Utkast", True)],
        "11-26": [("Update scheduled", "Publik", True)],
        "11-27": [("Update planned", "Med uppdatering", True)],
        "11-30": [("Scheduled", "Kommande", True)],
    }


def test_month_shows_the_first_of_a_crowded_day_and_counts_the_others(editor):
    for minute in range(15):
        make_scheduled(f"Nummer {minute}", at(24) + timedelta(minutes=minute))

    day = next(day for _, week in calendar.month(editor, NOVEMBER, NOW) for day in week if day.entries)

    assert [entry.post.title for entry in day.entries] == [f"Nummer {minute}" for minute in range(12)]
    assert day.more == 3


def test_author_sees_own_posts_and_moves_own_plans_only(author):
    make_post("Eget utkast", created_by=author, publish_at=at(25))
    make_scheduled("Eget godkänt", at(26), bylines=[make_byline(user=author)])
    make_post("Någon annans", publish_at=at(25))

    weeks = calendar.month(author, NOVEMBER, NOW)

    assert entries(weeks) == {
        "11-25": [("Planned", "Eget utkast", True)],
        "11-26": [("Scheduled", "Eget godkänt", False)],
    }


@pytest.mark.parametrize("role", ["author", "editor"])
def test_calendar_costs_the_same_with_little_and_with_much(sign_in, role):
    user = make_user(role)
    client, counts = sign_in(user), []

    for number in (1, 30):
        for each in range(number):
            bylines = [make_byline(f"Namn {number} {each}")]
            make_post(f"Plan {number} {each}", created_by=user, publish_at=at(25), due_on=NOVEMBER, bylines=bylines)
            make_update(make_scheduled(f"P {number} {each}", at(2), created_by=user), publish_at=at(27))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            response = client.get("/admin/calendar/?month=2026-11")
        counts.append(len(queries))

    assert response.status_code == 200
    assert counts[0] == counts[1] <= 13


def test_move_takes_a_scheduled_post_to_another_hour_and_records_it(editor):
    post, hour = make_scheduled(), tomorrow() + timedelta(days=3)

    calendar.move(post, hour, seen=post.publish_at, by=editor)

    post.refresh_from_db()
    assert (post.status, post.publish_at, post.first_published_at) == ("approved", hour, hour)
    assert [(event.kind, event.by, event.publish_at) for event in post.events.all()] == [("rescheduled", editor, hour)]


def test_move_takes_a_plan_to_another_hour_and_leaves_its_state(author):
    post, hour = make_post(created_by=author, publish_at=tomorrow()), tomorrow() + timedelta(days=3)

    calendar.move(post, hour, seen=post.publish_at, by=author)

    post.refresh_from_db()
    assert (post.status, post.publish_at) == ("draft", hour)
    assert [(event.kind, event.from_status, event.to_status) for event in post.events.all()] == [
        ("rescheduled", "draft", "draft")
    ]


def test_move_of_an_update_leaves_the_posts_own_hour(editor):
    post, hour = make_published(), tomorrow() + timedelta(days=3)
    update, own = make_update(post, publish_at=tomorrow(), approved=True, status="approved"), post.publish_at

    calendar.move(post, hour, seen=update.publish_at, by=editor, of_update=True)

    post.refresh_from_db()
    update.refresh_from_db()
    assert (post.publish_at, update.publish_at, update.status) == (own, hour, "approved")


def test_move_refuses_what_was_moved_meanwhile_and_says_who_did(editor):
    post, seen = make_scheduled(), tomorrow()
    calendar.move(post, at(1, month=12), seen=seen, by=editor)

    with pytest.raises(IllegalTransition) as refusal:
        calendar.move(post, tomorrow() + timedelta(days=9), seen=seen, by=editor)

    assert str(refusal.value) == "“Kommande” was moved meanwhile by editor to Tuesday 1 December 2026 08:00."
    post.refresh_from_db()
    assert post.publish_at == at(1, month=12)


def test_move_refuses_what_has_no_hour_any_more_or_no_update(editor):
    post, published = make_post(), make_published("Publik")

    for each, of_update in [(post, False), (published, True)]:
        with pytest.raises(IllegalTransition, match="has no hour any more"):
            calendar.move(each, tomorrow(), seen=tomorrow(), by=editor, of_update=of_update)


def test_move_refuses_a_public_post_and_an_archived_one(editor):
    public, archived = make_published(), make_post("Arkiverat", status="archived", publish_at=at(1))

    for post in (public, archived):
        with pytest.raises(IllegalTransition):
            calendar.move(post, tomorrow(), seen=post.publish_at, by=editor)

    assert Post.objects.filter(publish_at=tomorrow()).count() == 0


def test_move_into_the_past_asks_before_it_publishes(editor):
    post, past = make_scheduled(), timezone.now() - timedelta(days=2)

    with pytest.raises(calendar.WouldPublish):
        calendar.move(post, past, seen=post.publish_at, by=editor)
    assert not Post.objects.published().exists()

    calendar.move(post, past, seen=post.publish_at, by=editor, at_once=True)
    assert list(Post.objects.published()) == [post]


def test_move_is_for_those_who_may(author, moderator):
    scheduled = make_scheduled(created_by=author)
    planned = make_post("Någon annans plan", publish_at=tomorrow())

    for post, user in [(scheduled, author), (planned, author), (planned, moderator)]:
        with pytest.raises(PermissionDenied):
            calendar.move(post, tomorrow() + timedelta(days=1), seen=post.publish_at, by=user)


# --- The pages


def form(post, hour, **fields):
    text = timezone.localtime(hour)
    values = {"hour_0": f"{text:%Y-%m-%d}", "hour_1": f"{text:%H:%M}", "seen": post.publish_at.isoformat()}
    return values | fields


def move(post):
    return reverse("calendar-move", args=[post.pk])


def said(response):
    return [str(message) for message in response.context["messages"]]


def test_calendar_names_month_and_days_in_the_persons_language(editor):
    client = Client()
    client.force_login(editor)

    english = client.get("/admin/calendar/?month=2026-11", headers={"accept-language": "en"}).text
    swedish = client.get("/admin/calendar/?month=2026-11", headers={"accept-language": "sv"}).text

    assert "<h1>November 2026</h1>" in english
    assert '<th scope="col">Monday</th>' in english
    assert "?month=2026-10" in english
    assert "?month=2026-12" in english
    assert '<th scope="col">måndag</th>' in swedish


@pytest.mark.parametrize("asked", ["", "2026-13", "0000-01", "9999-01", "x", "2026-1-1", "²-1", "2026-"])
def test_calendar_shows_this_month_for_one_that_there_is_not(sign_in, editor, asked):
    response = sign_in(editor).get("/admin/calendar/", {"month": asked})

    assert response.context["first"] == timezone.localdate().replace(day=1)


def test_calendar_ends_where_the_years_end(sign_in, editor):
    first, last = (sign_in(editor).get(f"/admin/calendar/?month={month}") for month in ("1990-01", "2199-12"))

    assert (first.context["former"], last.context["following"]) == (None, None)


def test_form_moves_a_post_and_leads_to_where_it_is_now(sign_in, editor):
    post = make_scheduled()

    response = sign_in(editor).post(move(post), form(post, at(1, 7, 12)))

    post.refresh_from_db()
    assert post.publish_at == at(1, 7, 12)
    assert response["Location"] == f"/admin/calendar/?month=2026-12#post-{post.pk}"


def test_form_keeps_the_time_of_day_over_the_change_to_summer_time(sign_in, editor):
    post = make_scheduled(hour=at(27, 8, 3, 2027))

    sign_in(editor).post(move(post), form(post, post.publish_at, hour_0="2027-03-28"))

    post.refresh_from_db()
    assert timezone.localtime(post.publish_at).hour == 8
    assert post.publish_at == datetime(2027, 3, 28, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    "fields",
    [
        {"hour_0": ""},
        {"hour_0": "x"},
        {"hour_0": "2027-03-28", "hour_1": "02:30"},  # is left out that night
        {"hour_0": "9999-01-01"},
        {"seen": ""},
        {"seen": "x"},
    ],
)
def test_form_refuses_what_is_no_hour(sign_in, editor, fields):
    post = make_scheduled()

    response = sign_in(editor).post(move(post), form(post, at(1, month=12)) | fields, follow=True)

    post.refresh_from_db()
    assert post.publish_at == tomorrow()
    assert len(said(response)) == 1


def test_page_asks_before_a_move_publishes(sign_in, editor):
    post, client = make_scheduled(), sign_in(editor)
    past = form(post, timezone.now() - timedelta(days=1))

    response = client.post(move(post), past)
    assert "would be public at once" in response.text
    assert not Post.objects.published().exists()

    client.post(move(post), past | {"at_once": "on"})
    assert Post.objects.published().exists()


def test_page_says_what_was_moved_meanwhile(sign_in, editor):
    post = make_scheduled()

    response = sign_in(editor).post(
        move(post), form(post, at(1, month=12), seen=at(3, month=12).isoformat()), follow=True
    )

    assert said(response)[0].startswith("“Kommande” was moved meanwhile to ")


def test_move_is_closed_to_strangers_other_authors_and_moderators(client, sign_in, author, moderator):
    post = make_post(publish_at=tomorrow())
    fields = form(post, at(1, month=12))

    answers = [each.post(move(post), fields).status_code for each in (client, sign_in(author), sign_in(moderator))]

    post.refresh_from_db()
    assert answers == [302, 404, 403]
    assert post.publish_at == tomorrow()


def test_move_is_no_link(sign_in, editor):
    assert sign_in(editor).get(move(make_scheduled())).status_code == 405
    assert sign_in(editor).post("/admin/calendar/move/999999/", {}).status_code == 404
