"""Readers' reports: the page, and the rule by which reports hold a comment."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from blog.comments import limits
from blog.comments.models import Comment
from blog.moderation import batches, reports
from blog.moderation.forms import ReportForm
from blog.moderation.models import Batch, Report
from tests.factories import make_comment, make_published

NETWORKS = ["192.0.2.1", "198.51.100.1", "203.0.113.1", "2001:db8:1::1"]


def address_of(comment):
    return f"{comment.get_absolute_url()}report/"


def typed(comment, **fields):
    return {"reason": "abuse", "note": "", "token": ReportForm(comment=comment).initial["token"]} | fields


def send(comment, network="192.0.2.1", **fields):
    return Client(headers={"accept-language": "en"}).post(
        address_of(comment), typed(comment, **fields), REMOTE_ADDR=network
    )


def state(comment):
    comment.refresh_from_db()
    return comment.state, comment.reason


def held_by(comment, addresses, reason="abuse", **said):
    """What became of a comment after a report from each of these addresses."""
    for number, address in enumerate(addresses):
        reports.report(comment, reason=reason, note=f"{number}", address=address, **said)
    return state(comment)[0] == "held"


@pytest.fixture
def comment(post):
    return make_comment(post, "Du är en idiot.")


# --- The rule


def test_reports_from_three_networks_hold_a_comment_and_say_why(comment):
    assert not held_by(comment, NETWORKS[:2])

    reports.report(comment, reason="hatred", address=NETWORKS[2])

    batch = Batch.objects.get()
    assert state(comment) == ("held", "reported")
    assert (batch.action, batch.by, [row.comment for row in batch.rows.all()]) == ("hold", None, [comment])


def test_a_gang_of_ten_addresses_on_one_network_holds_nothing(comment):
    assert not held_by(comment, [f"192.0.2.{number}" for number in range(1, 11)])
    assert not held_by(comment, [f"2001:db8:1:{number}::1" for number in range(1, 11)])
    assert Report.objects.count() == 20


def test_reports_without_a_network_do_not_count(comment):
    assert not held_by(comment, ["", "?", *NETWORKS[:2]])


def test_what_programs_send_does_not_count(comment):
    assert not held_by(comment, NETWORKS, is_trapped=True)
    assert Report.objects.count() == 4


def test_reports_of_another_week_do_not_count(comment):
    held_by(comment, NETWORKS[:2])
    Report.objects.update(at=timezone.now() - reports.WITHIN - timedelta(seconds=1))

    assert not held_by(comment, NETWORKS[2:])


def test_reports_of_other_comments_do_not_count(post, comment):
    held_by(make_comment(post, "En annan"), NETWORKS[:2])

    assert not held_by(comment, NETWORKS[2:])


def test_what_the_staff_wrote_is_never_held_by_reports(post, editor):
    assert not held_by(make_comment(post, user=editor), NETWORKS)


def test_a_decision_settles_the_reports_and_only_other_networks_count_after_it(comment, moderator):
    held_by(comment, NETWORKS[:3])
    batches.moderate("approve", Comment.objects.filter(pk=comment.pk), by=moderator)

    assert not Report.objects.filter(settled_at=None).exists()
    assert state(comment) == ("visible", "")
    assert not held_by(comment, [*NETWORKS[:3], NETWORKS[3], "100.64.0.1"], reason="spam")

    assert held_by(comment, ["100.65.0.1"])


def test_undo_of_the_hold_is_a_decision_too(comment, moderator):
    held_by(comment, NETWORKS[:3])

    batches.undo(Batch.objects.get(), by=moderator)

    assert state(comment) == ("visible", "")
    assert not Report.objects.filter(settled_at=None).exists()


def test_report_of_a_removed_comment_is_not_stored(comment):
    Comment.objects.update(state="removed")

    with pytest.raises(reports.NotThere):
        reports.report(comment, reason="abuse", address=NETWORKS[0])

    assert not Report.objects.exists()


def test_report_of_a_comment_that_is_held_already_reaches_the_moderators(comment):
    held_by(comment, NETWORKS[:3])

    assert reports.report(comment, reason="spam", address=NETWORKS[3])
    assert Batch.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_reports_at_the_same_moment_hold_a_comment_once():
    comment = make_comment(make_published(), "Du är en idiot.")

    def tell(address):
        try:
            return reports.report(comment, reason="abuse", address=address)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as crowd:
        new = list(crowd.map(tell, NETWORKS[:3] * 2))

    assert (sorted(new), Report.objects.count()) == ([False] * 3 + [True] * 3, 3)
    assert (state(comment), Batch.objects.count()) == (("held", "reported"), 1)


# --- The page


def test_page_shows_the_comment_and_the_reasons(comment):
    page = Client(headers={"accept-language": "en"}).get(address_of(comment))

    assert "Du är en idiot." in page.text
    assert page.text.count('type="radio"') == len(Report.Reason.choices)
    assert "csrftoken" not in page.cookies


def test_link_to_the_page_stands_on_each_comment(comment):
    page = Client().get(comment.post.get_absolute_url())

    assert f'href="{address_of(comment)}"' in page.text


def test_report_is_stored_and_its_reader_led_back(comment):
    answer = send(comment, reason="private", note="  Hennes\r\nadress ")

    (report,) = Report.objects.all()
    assert (report.comment, report.reason, report.note) == (comment, "private", "Hennes adress")
    assert len(bytes(report.network_key)) == 16
    assert answer.url.endswith(f"#comment-{comment.number}")


def test_the_same_reader_twice_is_told_and_stored_once(db):
    comment = make_comment(make_published(language="en"))
    send(comment)

    page = Client().post(address_of(comment), typed(comment), REMOTE_ADDR="192.0.2.1", follow=True)

    assert [str(each) for each in page.context["messages"]] == [
        "Thank you. The moderators have this report of yours already."
    ]
    assert Report.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"reason": ""}, "reason"),
        ({"reason": "hej"}, "reason"),
        ({"note": "x" * 501}, "note"),
        ({"token": "x"}, "token"),
    ],
)
def test_report_with_a_fault_comes_back_with_its_words(comment, fields, field):
    answer = send(comment, **{"note": "Se andra raden."} | fields)

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert fields.get("note", "Se andra raden.") in answer.text
    assert not Report.objects.exists()


def test_token_of_another_comment_or_of_another_month_is_no_good(post, comment, monkeypatch):
    token = typed(make_comment(post, "En annan"))["token"]
    monkeypatch.setattr(limits, "FORM_GOOD_FOR", timedelta(seconds=-1))

    answers = [send(comment, token=token).status_code, send(comment).status_code]

    assert (answers, Report.objects.count()) == ([422, 422], 0)


def test_what_a_program_filled_in_does_not_count(comment):
    for network in NETWORKS:
        send(comment, network, subject="Köp!")

    assert state(comment) == ("visible", "")


def test_limit_of_a_network_lets_so_many_pass_and_keeps_the_words(comment, settings):
    settings.REPORTS_PER_NETWORK = 2
    for number in range(2):
        assert send(comment, f"192.0.2.{number}", note=f"Nummer {number}").status_code == 302

    answer = send(comment, "192.0.2.9", note="En till.")

    assert (answer.status_code, Report.objects.count()) == (429, 2)
    assert 0 < int(answer["Retry-After"]) <= 3600
    assert "En till." in answer.text
    assert send(comment, NETWORKS[1]).status_code == 302


def test_form_from_another_site_is_refused(comment):
    client = Client(headers={"sec-fetch-site": "cross-site"})

    answer = client.post(address_of(comment), typed(comment))

    assert (answer.status_code, Report.objects.count()) == (403, 0)


def test_words_about_a_comment_that_went_meanwhile_are_given_back(comment):
    body = typed(comment, note="Det är min adress.")
    Comment.objects.update(state="removed")

    answer = Client().post(address_of(comment), body)

    assert (answer.status_code, Report.objects.count()) == (404, 0)
    assert "Det är min adress." in answer.text


def test_what_readers_do_not_see_has_no_page(post):
    held = make_comment(post, "Hemlig text", state="held")
    never = f"{post.get_absolute_url()}comments/99/report/"

    answers = [
        Client().get(address_of(held)),
        Client().post(address_of(held)),
        Client().get(never),
        Client().post(never),
    ]

    assert [answer.status_code for answer in answers] == [404] * 4
    assert answers[1].content == answers[3].content
    assert not any("Hemlig" in answer.text for answer in answers)


def test_report_of_a_copy_concerns_the_kept_comment(post, comment):
    copy = make_comment(post, "Du är en idiot.", state="merged", merged_into=comment)

    Client().post(address_of(copy), typed(comment))

    assert Report.objects.get().comment == comment
