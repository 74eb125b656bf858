"""The queues: which comments lie in them, what each row tells, and that a page costs the same whatever their size."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from blog.comments.models import Comment
from blog.moderation import queues
from blog.moderation.models import PersonNote, Report
from blog.receipts.models import Appeal
from tests.factories import make_comment, make_group, make_published

pytestmark = pytest.mark.django_db


def held(post, text="Väntar", *, reason="new", **fields):
    return make_comment(post, text, state="held", reason=reason, **fields)


def rows_of(client, name="held", **query):
    return client.get(f"/admin/queue/{name}/", query).context["rows"]


def texts(client, name="held", **query):
    said = dict(Comment.objects.values_list("pk", "text"))
    return [said[row.comment.pk] for row in rows_of(client, name, **query)]


@pytest.fixture
def client(sign_in, moderator):
    return sign_in(moderator)


def test_each_queue_has_its_comments(client, post):
    held(post, "Ny")
    held(post, "Regel", reason="rule", name="B")
    held(post, "Kopia", reason="copy", name="C")
    held(post, "Bannad", reason="banned", name="D")
    make_comment(post, "Skräp", state="spam")
    reported, appealed = make_comment(post, "Anmäld"), make_comment(post, "Överklagad", state="removed")
    Report.objects.create(comment=reported, reason="abuse")
    Report.objects.create(comment=make_comment(post, "Avgjord"), reason="abuse", settled_at=timezone.now())
    Appeal.objects.create(comment=appealed, text="Nej")

    shown = {name: texts(client, name) for name in queues.QUEUES}

    everything = shown.pop("all")
    assert shown == {
        "held": ["Ny", "Regel", "Kopia"],
        "new": ["Ny"],
        "rule": ["Kopia", "Regel"],
        "reported": ["Anmäld"],
        "appealed": ["Överklagad"],
        "banned": ["Bannad"],
        "spam": ["Skräp"],
    }
    assert (everything[0], len(everything)) == ("Avgjord", 8)


def test_pages_follow_each_other_without_gap_or_double(client, post):
    hour = timezone.now() - timedelta(days=1)
    comments = [held(post, f"Nr {number}", created_at=hour) for number in range(2 * queues.ROWS[0] + 5)]

    shown, after = [], ""
    for _page in range(3):
        context = client.get("/admin/queue/held/", {"after": after}).context
        shown += [row.comment.pk for row in context["rows"]]
        after = context["following"]

    assert (shown, after) == ([each.pk for each in comments], "")


@pytest.mark.parametrize("after", ["x", "~", "2026-01-01T00:00:00~1", "2026-01-01T00:00:00+00:00~9999999999999999999"])
def test_page_that_nobody_gave_out_is_the_first(client, post, after):
    held(post)

    assert texts(client, after=after) == ["Väntar"]


def test_row_tells_place_person_reasons_and_reports(client, post, editor):
    parent = make_comment(post, "Vad tycker ni om kommat?", name="Bo")
    other = make_comment(post, "Köp!", name="Robot", state="spam")
    findings = [{"rule": "like_spam", "comment": other.pk}, {"rule": "gone", "x": 1}]
    mine = {"name": "Anna", "email": "anna@post.example"}
    held(post, "Köp nu!", reason="rule", findings=findings, parent=parent, email_proved_at=timezone.now(), **mine)
    spam = make_comment(post, "Förr", state="spam", **mine)
    make_comment(post, "Bra", **mine)
    Report.objects.create(comment=spam, reason="spam", note="Reklam igen")
    PersonNote.objects.create(author_key=spam.author_key, text="Varnad i maj", by=editor)

    [row] = rows_of(client)
    page = client.get("/admin/queue/held/").text

    assert row.why == [
        ("It says the same as a comment that was marked as spam.", other.pk),
        ("The rule “gone” spoke against it.", None),
    ]
    assert row.person.in_words == "1 held, 1 visible, 1 spam, 1 report"
    for words in ("answers Bo:", "Vad tycker ni om kommat?", "address proved", "Varnad i maj", post.title):
        assert words in page
    assert "anna@post.example" not in page


def test_row_tells_a_reason_that_no_finding_explains(client, post):
    held(post)

    [row] = rows_of(client)

    assert row.why == [("The first comment of a person is read by a moderator before everybody can see it.", None)]


def test_row_of_a_reported_comment_tells_why(client, post):
    comment = make_comment(post, "Elakt")
    Report.objects.create(comment=comment, reason="abuse", note="Om min syster")

    [row] = rows_of(client, "reported")

    assert row.possible >= {"keep", "hold", "spam", "remove", "reply"}
    assert "approve" not in row.possible
    assert "Om min syster" in client.get("/admin/queue/reported/").text


def test_what_can_be_done_depends_on_state_likeness_and_role(sign_in, moderator, editor, post):
    visible, copy = make_comment(post, "Samma ord här"), make_comment(post, "Samma ord här")
    make_group(visible, copy)
    withdrawn = make_comment(post, "Tillbaka", state="withdrawn")
    elsewhere = make_comment(make_published("Annat"), "Ensam")
    template = [make_comment(post, f"Mall {number}") for number in range(2)]
    make_group(*template, tier="template")

    possible = {
        user: {row.comment.pk: row.possible for row in rows_of(sign_in(user), "all")} for user in (moderator, editor)
    }

    basic = {"hold", "spam", "remove", "reply"}
    assert possible[moderator] == {
        visible.pk: basic | {"merge"},
        copy.pk: basic | {"merge"},
        withdrawn.pk: set(),
        elsewhere.pk: basic,
        template[0].pk: basic,
        template[1].pk: basic,
    }
    assert possible[editor][visible.pk] == basic | {"merge", "pick"}


def test_history_of_a_busy_person_is_bounded(client, post, monkeypatch):
    monkeypatch.setattr("blog.moderation.history.LOOKED_AT", 3)
    for number in range(5):
        make_comment(post, f"Nr {number}")
    held(post)

    [row] = rows_of(client)

    assert (row.person.total, row.person.states) == (3, {"visible": 2, "held": 1})
    assert "Here, of the last 3:" in client.get("/admin/queue/held/").text


@pytest.mark.parametrize("name", ["held", "reported", "all"])
def test_queue_costs_the_same_with_little_and_with_much(client, post, name, django_assert_num_queries):
    client.get("/admin/queue/held/")
    for number in (1, 2, queues.ROWS[-1] // 2):
        for each in range(number):
            who = f"Person {number} {each}"
            parent = make_comment(post, f"Fråga {who}", name=who)
            comments = [held(post, "Samma ord", name=who, parent=parent) for _ in range(2)]
            make_group(*comments)
            Report.objects.create(comment=comments[0], reason="abuse", note=who)
            PersonNote.objects.create(author_key=parent.author_key, text="Hm")
        with django_assert_num_queries(9):
            shown = rows_of(client, name, rows=queues.ROWS[-1])
    assert len(shown) >= queues.ROWS[-1] // 2


def test_counts_are_bounded(client, post, monkeypatch):
    monkeypatch.setattr(queues, "COUNTED", 2)
    for number in range(4):
        held(post, f"Nr {number}")

    tabs = {name: count for name, _title, count in client.get("/admin/queue/held/").context["tabs"]}

    assert (tabs["held"], tabs["spam"], tabs["all"]) == ("2+", 0, None)


def test_queues_are_for_those_who_moderate(sign_in, author, moderator, post):
    comment = held(post)
    body = {"comment": f"{comment.pk} held", "action": "approve"}
    everybody = [Client(), sign_in(author), sign_in(moderator)]

    assert [each.get("/admin/queue/held/").status_code for each in everybody] == [302, 403, 200]
    assert [each.post("/admin/moderate/", body).status_code for each in everybody[:2]] == [302, 403]
    assert [sign_in(moderator).get(path).status_code for path in ("/admin/queue/x/", "/admin/moderate/")] == [404, 405]
    assert Comment.objects.get(pk=comment.pk).state == "held"


def test_row_does_not_call_a_known_name_a_first_comment(client, post):
    mine = {"name": "Anna", "email": "anna@post.example"}
    make_comment(post, "Förr", **mine)
    held(post, **mine)

    [row] = rows_of(client)

    assert row.why == [("It came from a browser from which no comment had been let through.", None)]


def test_row_shows_no_date_that_can_be_misread(client, post):
    held(post, created_at=datetime(2026, 2, 3, 14, 5, tzinfo=UTC))

    page = client.get("/admin/queue/held/", headers={"Accept-Language": "en"}).text

    assert "3 Feb 2026, 15:05" in page


def test_row_leads_to_the_comment_in_its_thread(client, post):
    comment = held(post)

    page = client.get("/admin/queue/held/").text

    assert f'<a href="{comment.get_absolute_url()}">{post.title}</a>' in page


def test_lines_of_the_desk_lead_to_rows_that_their_queue_shows_first(client, post):
    comments = [held(post, f"Nr {number}") for number in range(3)]

    [part] = [part for part in client.get("/admin/").context["parts"] if part.url == "/admin/queue/held/"]

    assert [url for _words, url, _post in part.lines] == [f"/admin/queue/held/#row-{each.pk}" for each in comments]
