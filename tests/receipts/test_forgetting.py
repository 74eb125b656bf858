"""After 30 days nothing goes back to a network address; limits and notices go when their time is over."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from blog.comments import submission
from blog.comments.models import Comment
from blog.moderation.models import Report
from blog.receipts import forgetting
from blog.receipts.models import Address, Notice
from blog.text.fingerprints import author_key
from blog.web import rates
from blog.web.models import Allowance, Letter
from tests.factories import make_comment

pytestmark = pytest.mark.django_db

DAYS_29, DAYS_31 = timedelta(days=29), timedelta(days=31)


def send(post, text, name="Anna", email="", user=None, ago=DAYS_31):
    sender = submission.Sender(address="192.0.2.7", user=user)
    comment, _new = submission.submit(post, name=name, text=text, email=email, sender=sender)
    Comment.objects.filter(pk=comment.pk).update(created_at=timezone.now() - ago)
    return Comment.objects.get(pk=comment.pk)


def keys_of(comment):
    comment.refresh_from_db()
    network = comment.network_key and bytes(comment.network_key)
    return network, bytes(comment.author_key), bytes(comment.submission_key)


def test_what_was_made_from_a_network_address_goes_after_30_days(post, monkeypatch):
    monkeypatch.setattr(forgetting, "ROWS_AT_ONCE", 1)
    old, same_name = send(post, "One"), send(post, "Two", name=" anna ")
    young = send(post, "Three", ago=DAYS_29)
    before = keys_of(old), keys_of(young)

    forgetting.forget()
    forgetting.forget()

    network, author, submitted = keys_of(old)
    assert (network, author) == (None, author_key(name="Anna"))
    assert author == keys_of(same_name)[1]
    assert author != before[0][1]
    assert submitted not in (before[0][2], keys_of(same_name)[2])
    assert keys_of(young) == before[1]


def test_address_and_account_stay_what_a_writer_is_known_by(post):
    user = User.objects.create_user("bo")
    kept = send(post, "One", email="anna@post.example"), send(post, "Two", user=user)
    before = [keys_of(comment)[1:] for comment in kept]

    forgetting.forget()

    assert [keys_of(comment) for comment in kept] == [(None, *keys) for keys in before]


def test_reports_notices_mails_and_limits_go_too(post):
    comment = make_comment(post)
    address = Address.objects.create(email="bo@post.example")
    ago = {"at": timezone.now() - DAYS_31}
    for number, fields in enumerate((ago, {})):
        Report.objects.create(comment=comment, reason="spam", note=str(number), network_key=b"network", **fields)
    for sent_at in (timezone.now() - DAYS_31, timezone.now() - DAYS_29):
        Notice.objects.create(address=address, comment=make_comment(post), sent_at=sent_at)
        Letter.objects.create(key=f"{sent_at}", to="bo@post.example", created_at=sent_at)
    for seconds in (-1, 60):
        rates.take(rates.Rate(f"test {seconds}", 1, timedelta(seconds=seconds)), "anna")

    forgetting.forget()

    assert list(Report.objects.order_by("note").values_list("network_key", flat=True)) == [None, b"network"]
    assert [timezone.now() - notice.sent_at < DAYS_31 for notice in Notice.objects.all()] == [True]
    assert (Allowance.objects.count(), Letter.objects.count()) == (1, 1)
