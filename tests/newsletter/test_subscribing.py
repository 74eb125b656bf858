"""Coming to the list by one's own mail."""

import re
from datetime import timedelta

import pytest
from django.core import signing
from django.template.loader import render_to_string
from django.test import Client
from django.utils import timezone

from blog.comments import limits
from blog.newsletter import forms, keys, subscribing
from blog.newsletter.models import Subscriber
from blog.web.models import Letter
from tests.factories import send_letters
from tests.newsletter.letters import make_subscriber
from tests.receipts.mails import link_in, receivers

pytestmark = pytest.mark.django_db


def subscribe(client, headers=None, **changed):
    fields = {"email": "Bo@Post.example", "language": "en", "token": forms.token()}
    return client.post("/newsletter/", fields | changed, headers=headers)


def subscribers():
    return list(Subscriber.objects.order_by("pk").values_list("email", "language", "confirmed_at"))


def path_of(address):
    return address.removeprefix("http://127.0.0.1:8000")


def test_address_subscribes_by_the_button_behind_its_mail(client, sink):
    answer = subscribe(client)
    send_letters()
    [(to, mail)] = sink.mails
    path = link_in(mail, "newsletter/confirm")
    page = client.get(path)
    before = Subscriber.objects.confirmed().count()

    done = Client(enforce_csrf_checks=True).post(path)

    assert (answer.status_code, answer["Location"]) == (302, "/newsletter/thanks/")
    assert (to, mail["Subject"]) == (["bo@post.example"], "The weekly letter from Spalt: is it for you?")
    assert "bo@post.example" in page.content.decode()
    assert (page["Referrer-Policy"], page["Cache-Control"].split(",")[0], before) == ("no-referrer", "max-age=0", 0)
    assert "Welcome" in done.content.decode()
    assert list(Subscriber.objects.confirmed().values_list("email", "language")) == [("bo@post.example", "en")]


def test_who_asks_learns_nothing_and_sends_one_mail_a_day(client, sink):
    make_subscriber("siv@post.example")

    answers = [subscribe(client, email=email) for email in ("bo@post.example", "BO@post.example", "siv@post.example")]

    send_letters()
    assert {(each.status_code, each["Location"], each.content) for each in answers} == {
        (302, "/newsletter/thanks/", b"")
    }
    assert receivers(sink) == ["bo@post.example", "siv@post.example"]


def test_who_subscribes_changes_the_language_by_the_same_mail(client, sink):
    since = make_subscriber(language="sv").confirmed_at
    subscribe(client)
    send_letters()
    before = subscribers()

    client.post(link_in(sink.mails[0][1], "newsletter/confirm"))

    assert before == [("bo@post.example", "sv", since)]
    assert subscribers() == [("bo@post.example", "en", since)]


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {"Origin": "null"}]
)
def test_form_from_elsewhere_is_refused(headers):
    answer = subscribe(Client(enforce_csrf_checks=True), headers=headers)

    assert answer.status_code == 403
    assert (subscribers(), Letter.objects.count()) == ([], 0)


def test_program_that_fills_in_everything_gets_thanks_and_nothing_else(client):
    answer = subscribe(client, subject="Cheap watches")

    assert answer["Location"] == "/newsletter/thanks/"
    assert (subscribers(), Letter.objects.count()) == ([], 0)


@pytest.mark.parametrize(
    "wrong",
    [
        {"email": ""}, {"email": "bo"}, {"email": "bo@post.example\nBcc: eva@post.example"}, {"language": "xx"},
        {"token": ""}, {"token": "made:up"}, {"token": signing.dumps("", salt="another")},
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(client, wrong):
    answer = subscribe(client, **wrong)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'role="alert"' in page
    assert ("Bo@Post.example" in page) == ("email" not in wrong)
    assert subscribers() == []


def test_form_is_good_for_a_month(client, monkeypatch):
    monkeypatch.setattr(limits, "FORM_GOOD_FOR", timedelta(0))

    answer = subscribe(client)

    assert answer.status_code == 422


def test_form_that_came_with_an_error_is_good(client):
    page = subscribe(client, token="made:up").content.decode()

    answer = subscribe(client, token=re.search(r'name="token" value="([^"]+)"', page)[1])

    assert answer.status_code == 302


def test_network_asks_for_so_many_and_no_more(client):
    answers = [subscribe(client, email=f"reader{number}@post.example") for number in range(11)]

    assert [each.status_code for each in answers] == [302] * 10 + [429]
    assert 0 < int(answers[-1]["Retry-After"]) <= 3600
    assert "reader10@post.example" in answers[-1].content.decode()
    assert Subscriber.objects.count() == 10


def test_link_is_good_for_a_week(client, monkeypatch):
    subscriber = make_subscriber(confirmed_at=None)
    path = path_of(keys.confirm_address(subscriber, "en"))
    monkeypatch.setattr(keys, "GOOD_FOR", timedelta(0))

    answer = client.post(path)

    assert 'href="/newsletter/"' in answer.content.decode()
    assert subscribers() == [("bo@post.example", "en", None)]


@pytest.mark.parametrize("path", ["/newsletter/confirm/1:sv:x/", "/newsletter/leave/1:x/", "/newsletter/leave/1/"])
def test_made_up_link_leads_nowhere(client, path):
    make_subscriber()

    assert [client.get(path).status_code, client.post(path).status_code] == [404, 404]
    assert Subscriber.objects.count() == 1


def test_link_of_one_kind_is_none_of_the_other(client):
    subscriber = make_subscriber()
    leave, confirm = path_of(keys.leave_address(subscriber)), path_of(keys.confirm_address(subscriber, "en"))

    crossed = [leave.replace("leave", "confirm"), confirm.replace("confirm", "leave")]

    assert [client.post(path).status_code for path in crossed] == [404, 404]


def test_address_that_never_says_yes_is_forgotten(sink):
    now = timezone.now()
    make_subscriber("kept@post.example")
    for email, days in (("late@post.example", 8), ("young@post.example", 6), ("again@post.example", 8)):
        Subscriber.objects.create(email=email, created_at=now - timedelta(days=days))
    subscribing.ask("again@post.example", "sv")

    subscribing.forget_unconfirmed(now)

    assert {email for email, *_rest in subscribers()} == {
        "kept@post.example", "young@post.example", "again@post.example"
    }  # fmt: skip


def test_page_and_box_are_the_same_for_everybody(client, django_assert_num_queries):
    with django_assert_num_queries(1):  # the look whether a post's update is due
        page = client.get("/newsletter/?utm_source=x")
    box = render_to_string("blog/newsletter/_box.html")
    typed = dict(re.findall(r'name="(\w+)"[^>]* value="([^"]*)"', box)) | {"email": "bo@post.example"}

    answer = client.post(re.search(r'action="([^"]+)"', box)[1], typed)

    assert (page.status_code, page["Cache-Control"], dict(page.cookies)) == (
        200, "public, max-age=0, must-revalidate", {}
    )  # fmt: skip
    assert answer["Location"] == "/newsletter/thanks/"
    assert Letter.objects.count() == 1
