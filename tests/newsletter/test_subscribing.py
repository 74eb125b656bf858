"""Coming to the list by one's own mail, and leaving it without a trace."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from blog.newsletter import forms, keys, subscribing
from blog.newsletter.models import Subscriber
from blog.web.models import Letter
from tests.factories import send_letters
from tests.receipts.mails import body, link_in, receivers

pytestmark = pytest.mark.django_db


def fields(**changed):
    return {"email": "Bo@Post.example", "language": "en", "token": forms.token()} | changed


def subscribe(client, **changed):
    return client.post("/newsletter/", fields(**changed))


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
    assert (page["Referrer-Policy"], before) == ("no-referrer", 0)
    assert "Welcome" in done.content.decode()
    assert list(Subscriber.objects.confirmed().values_list("email", "language")) == [("bo@post.example", "en")]
