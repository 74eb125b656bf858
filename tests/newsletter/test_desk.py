"""What editors and administrators see of the letter."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from blog.newsletter import deliveries, editions
from blog.newsletter.models import Edition, Subscriber
from blog.web.models import Letter
from tests.factories import make_post
from tests.newsletter.letters import FRIDAY, make_subscriber, publish

pytestmark = pytest.mark.django_db

NEXT = "/admin/blog/edition/next/"


@pytest.fixture
def last_edition():
    """Made a minute ago: so whatever is published now is news, on each day of the week."""
    return Edition.objects.create(due_at=FRIDAY, made_at=timezone.now() - timedelta(minutes=1))


def test_next_letter_is_shown_beforehand_with_what_is_scheduled_until_then(
    client, sign_in, editor, moderator, last_edition
):
    make_subscriber("bo@post.example", "en")
    make_subscriber("eva@post.example", confirmed_at=None)
    publish("Told already", at=timezone.now() - timedelta(hours=2))
    publish("Out now", at=timezone.now())
    publish("Far away", at=timezone.now() + timedelta(days=8))
    publish("Soon", at=editions.hour_after(timezone.now()) - timedelta(minutes=1))
    make_post("A draft")

    page = sign_in(editor).get(NEXT).content.decode()
    letter = sign_in(editor).get(f"{NEXT}en/")

    shown = [title in page for title in ("Out now", "Soon", "Told already", "Far away", "A draft")]
    assert shown == [True, True, False, False, False]
    assert "Out now" in letter.content.decode()
    assert ("to 1 subscriber" in page, "to 0 subscribers" in page, "bo@post.example" in page) == (True, True, False)
    nonce = re.search(r'<style nonce="([^"]+)"', letter.content.decode())[1]
    assert f"style-src 'self' 'nonce-{nonce}'" in letter["Content-Security-Policy"]
    assert [each.get(NEXT).status_code for each in (client, sign_in(moderator))] == [302, 403]
    assert [each.get(f"{NEXT}en/").status_code for each in (client, sign_in(moderator))] == [302, 403]


def test_without_news_there_is_no_letter_to_show(sign_in, editor, last_edition):
    client = sign_in(editor)

    assert "There is nothing new to tell" in client.get(NEXT).content.decode()
    assert [client.get(f"{NEXT}{language}/").status_code for language in ("en", "xx")] == [404, 404]


def test_list_of_editions_costs_the_same_for_one_and_for_many(sign_in, editor, django_assert_num_queries):
    client = sign_in(editor)
    rows = []

    for weeks in range(3):
        Edition.objects.create(due_at=FRIDAY - timedelta(weeks=weeks))
        with django_assert_num_queries(7):
            rows.append(client.get("/admin/blog/edition/").content.decode().count('class="field-due_at'))

    assert rows == [1, 2, 3]


def test_administrator_exports_who_said_yes(sign_in, administrator):
    make_subscriber("=cmd@post.example", "sv")
    make_subscriber("bo@post.example", "en")
    make_subscriber("eva@post.example", confirmed_at=None)

    answer = sign_in(administrator).get("/admin/blog/subscriber/table/")

    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    since = "2026-11-20T06:00:00+00:00"
    assert answer["Content-Disposition"] == 'attachment; filename="subscribers.csv"'
    assert lines == ["email,language,since", f"'=cmd@post.example,sv,{since}", f"bo@post.example,en,{since}"]


def test_editor_sees_no_addresses(sign_in, editor):
    subscriber = make_subscriber()
    client = sign_in(editor)

    paths = ["", "table/", f"{subscriber.pk}/change/", f"{subscriber.pk}/delete/"]

    assert {client.get(f"/admin/blog/subscriber/{path}").status_code for path in paths} == {403}


@pytest.mark.parametrize("way", ["one", "several"])
def test_removing_somebody_removes_the_mails_that_wait(sign_in, administrator, way):
    subscriber, client = make_subscriber(), sign_in(administrator)
    publish()
    editions.make_due(FRIDAY)
    deliveries.write()
    before = Letter.objects.count()

    if way == "one":
        client.post(f"/admin/blog/subscriber/{subscriber.pk}/delete/", {"post": "yes"})
    else:
        chosen = {"action": "delete_selected", "_selected_action": subscriber.pk, "post": "yes"}
        client.post("/admin/blog/subscriber/", chosen)

    assert (before, Subscriber.objects.count(), Letter.objects.count()) == (1, 0, 0)
