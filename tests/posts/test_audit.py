"""The audit trail as editors read and export it."""

import csv
import io
import json
from datetime import datetime

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from blog.posts.events import Event, Kind
from blog.web.staff import BoundedPaginator
from tests.factories import make_post, make_user

pytestmark = pytest.mark.django_db
LIST, TABLE = "/admin/blog/event/", "/admin/events.csv"
DAY = datetime.fromisoformat("2025-11-22T23:30:00+00:00")  # the 23rd in Stockholm


def table(client, **query):
    answer = client.get(TABLE, query)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/csv; charset=utf-8")
    text = b"".join(answer.streaming_content).decode()
    assert text.startswith("\ufeffnumber,at,post,")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def titles(rows):
    return [row["title"] for row in rows]


def test_list_tells_who_did_what_when_and_why(sign_in, editor):
    post = make_post("Om semikolon")
    post.submit(by=editor, note="Klar <b>nu</b>")

    page = sign_in(editor).get(LIST).content.decode()

    assert f'<a href="/admin/versions/{post.pk}/">Om semikolon</a>' in page
    assert "Submitted for review" in page
    assert "Draft → In review" in page
    assert "Klar &lt;b&gt;nu&lt;/b&gt;" in page


def test_list_keeps_what_concerns_a_deleted_post(sign_in, editor, author):
    post = make_post("Om semikolon")
    post.submit(by=author)
    post.delete()
    author.delete()

    page = sign_in(editor).get(LIST).content.decode()

    assert "Om semikolon (deleted)" in page
    assert '<td class="field-who">author</td>' in page


def test_list_is_filtered_by_post_kind_and_person(sign_in, editor, author):
    one, other = make_post("Om semikolon"), make_post("Om punkten")
    one.submit(by=author)
    other.submit(by=editor)
    other.withdraw(by=editor)
    client = sign_in(editor)

    def shown(**query):
        return [event.title for event in client.get(LIST, query).context["cl"].result_list]

    assert shown() == ["Om punkten", "Om punkten", "Om semikolon"]
    assert shown(post=one.pk) == ["Om semikolon"]
    assert shown(kind__exact="withdrawn") == ["Om punkten"]
    assert shown(by__id__exact=author.pk) == ["Om semikolon"]
    assert shown(q="author") == ["Om semikolon"]


def test_list_costs_the_same_with_one_row_and_thirty(sign_in, editor):
    client = sign_in(editor)

    def cost():
        with CaptureQueriesContext(connection) as queries:
            client.get(LIST)
        return len(queries)

    make_post().submit(by=editor)
    one = cost()
    for _ in range(29):
        make_post().submit(by=editor)

    assert cost() == one


def test_list_counts_no_further_than_its_bound(sign_in, editor, monkeypatch):
    monkeypatch.setattr(BoundedPaginator, "most", 2)
    post = make_post()
    for _ in range(3):
        Event.record(post, Kind.RENAMED, by=editor)

    with CaptureQueriesContext(connection) as queries:
        page = sign_in(editor).get(LIST)

    assert page.context["cl"].result_count == 2
    counts = [query["sql"] for query in queries if 'FROM "blog_event"' in query["sql"] and "COUNT" in query["sql"]]
    assert counts
    assert all("LIMIT 2" in sql for sql in counts)


@pytest.mark.parametrize("role", ["editor", "administrator"])
def test_nobody_adds_changes_or_deletes_an_event(sign_in, role):
    user = make_user(role)
    event = Event.record(make_post(), Kind.RENAMED, by=user)
    client, before = sign_in(user), Event.objects.values().get()

    answers = [
        client.post("/admin/blog/event/add/", {"note": "x"}).status_code,
        client.post(f"/admin/blog/event/{event.pk}/change/", {"note": "x"}).status_code,
        client.post(f"/admin/blog/event/{event.pk}/delete/", {"post": "yes"}).status_code,
    ]
    client.post(LIST, {"action": "delete_selected", "_selected_action": [event.pk], "post": "yes"})

    assert answers == [403, 403, 403]
    assert Event.objects.values().get() == before


@pytest.mark.parametrize("address", [LIST, TABLE])
@pytest.mark.parametrize(("role", "status"), [("author", 403), ("moderator", 403), ("editor", 200)])
def test_trail_is_for_editors(sign_in, address, role, status):
    assert sign_in(make_user(role)).get(address).status_code == status


@pytest.mark.parametrize("address", [LIST, TABLE])
def test_stranger_is_asked_to_sign_in(client, db, address):
    answer = client.get(address)

    assert answer.status_code == 302
    assert answer["Location"].startswith("/admin/")


def test_table_has_every_column(sign_in, editor):
    post = make_post("Om semikolon")
    post.approve(by=editor, note="Åh, ja", publish_at=DAY, now=DAY)
    event = Event.objects.get()

    assert table(sign_in(editor)) == [
        {
            "number": str(event.pk),
            "at": event.at.isoformat(),
            "post": str(post.pk),
            "title": "Om semikolon",
            "event": "approved",
            "of_update": "False",
            "account": str(editor.pk),
            "person": "editor",
            "from": "draft",
            "to": "approved",
            "publish_at": "2025-11-22T23:30:00+00:00",
            "version": "0",
            "note": "Åh, ja",
        }
    ]


def test_table_is_of_the_post_and_the_days_chosen(sign_in, editor):
    one, other = make_post("Om semikolon"), make_post("Om punkten")
    Event.record(one, Kind.RENAMED, at=DAY)
    Event.record(other, Kind.RENAMED)
    client = sign_in(editor)

    assert titles(table(client, since="", until="")) == ["Om semikolon", "Om punkten"]
    assert titles(table(client, post=one.pk)) == ["Om semikolon"]
    assert titles(table(client, until="2025-11-22")) == []
    assert titles(table(client, since="2025-11-23", until="2025-11-23")) == ["Om semikolon"]
    assert titles(table(client, since="0001-01-01", until="9999-12-31")) == ["Om semikolon", "Om punkten"]
    assert titles(table(client, post="9" * 30)) == []


@pytest.mark.parametrize("query", [{"post": "x"}, {"since": "2026-13-45"}, {"until": "igår"}])
def test_table_refuses_what_is_no_post_and_no_day(sign_in, editor, query):
    assert sign_in(editor).get(TABLE, query).status_code == 400


@pytest.mark.parametrize("beginning", ["=", "+", "-", "@", "\t", "\r", "\n", "＝"])
def test_table_holds_no_formula(sign_in, editor, beginning):
    Event.record(make_post(f"{beginning}cmd|' /C calc'!A0"), Kind.RENAMED, by=beginning, note=f"{beginning}1")

    (row,) = table(sign_in(editor))

    assert (row["title"], row["person"], row["note"]) == (
        f"'{beginning}cmd|' /C calc'!A0",
        f"'{beginning}",
        f"'{beginning}1",
    )


def test_command_writes_the_same_rows_as_json_lines(editor, capsys):
    make_post("Om semikolon").submit(by=editor, note="=Åh")
    event = Event.objects.get()

    call_command("export_events")

    (line,) = capsys.readouterr().out.splitlines()
    assert json.loads(line) == {
        "number": event.pk,
        "at": event.at.isoformat(),
        "post": event.post_id,
        "title": "Om semikolon",
        "event": "submitted",
        "of_update": False,
        "account": editor.pk,
        "person": "editor",
        "from": "draft",
        "to": "in_review",
        "publish_at": None,
        "version": 0,
        "note": "=Åh",
    }
