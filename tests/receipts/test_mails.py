"""Mails through a real mail server: how often, in which language, no header but ours, and one click to end them."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.translation import gettext, ngettext, override

from blog.receipts import digests, following, keys
from blog.receipts.models import Address, Notice
from tests.factories import make_comment, make_published
from tests.receipts.mails import HEADERS, body, make_follower, receivers, tell

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def test_mails_keep_to_the_pace(post, sink):
    make_follower("hour@post.example", post)
    make_follower("day@post.example", post, pace="day")
    now = timezone.now()
    told = []

    for hours in (0, 0.9, 1, 1.5, 2, 23.9, 24):
        make_comment(post, f"After {hours} h")
        sink.mails.clear()
        tell(now + hours * HOUR)
        told.append(sorted(receiver.split("@")[0] for receiver in receivers(sink)))

    assert told == [["day", "hour"], [], ["hour"], [], ["hour"], ["hour"], ["day"]]
    assert body(sink.mails[0][1]).count("/comments/") == 6


def test_killed_job_leaves_all_or_nothing(post, sink, monkeypatch):
    make_follower("bo@post.example", post)
    make_comment(post, "News")
    digests.announce()
    with monkeypatch.context() as patch:
        patch.setattr(digests, "post_letter", kill)
        with pytest.raises(KeyboardInterrupt):
            digests.send_due()
    assert Notice.objects.get().sent_at is None

    tell()
    tell()

    assert receivers(sink) == ["bo@post.example"]


def kill(*arguments):
    raise KeyboardInterrupt


@pytest.mark.parametrize("language", ["en", "sv"])
def test_mail_speaks_the_language_of_its_receiver(post, sink, language):
    make_follower("bo@post.example", post, language=language)
    make_comment(post, "Nytt")

    tell()

    [(_to, mail)] = sink.mails
    with override(language):
        subject = ngettext("A new comment on “%(title)s”", "%(count)s new comments on “%(title)s”", 1)
        last_words = gettext("No more mails about comments at all:")
    assert mail["Subject"] == subject % {"count": 1, "title": "On commas"}
    assert last_words in body(mail)


def test_mail_holds_what_a_reader_needs(post, sink):
    proved = {"email": "bo@post.example", "email_proved_at": timezone.now()}
    mine = make_comment(post, "A question", name="Bo", **proved)
    owner = make_follower("bo@post.example", post, "thread", mine)
    answer = make_comment(post, "An *answer*", name="Åsa Öhrn", parent=mine)

    tell()

    [(_to, mail)] = sink.mails
    text = body(mail)
    for part in (
        "On commas", "Åsa Öhrn, in reply to Bo:\nAn *answer*\n", f"{answer.get_absolute_url()}\n",
        keys.address_of(mine, by_mail=True), keys.mute_address(owner, post), keys.mute_address(owner),
    ):  # fmt: skip
        assert part in text
    assert mail["List-Unsubscribe"].strip() == f"<{keys.mute_address(owner)}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail.get_content_type() == "text/plain"


@pytest.mark.parametrize(
    "hostile",
    [
        "Ett\r\nBcc: mallory@evil.example",
        "=?utf-8?q?=0D=0ABcc:_mallory@evil.example?=",
        "å ä ö " * 40,
        "x" * 200,
        "Ett\x0bBcc: mallory@evil.example\u2028Bcc: mallory@evil.example",
        '"quoted" <mallory@evil.example>, mallory@evil.example',
    ],
)
def test_no_header_is_injected(post, sink, hostile):
    post.__class__.objects.update(title=hostile[:200])
    post.refresh_from_db()
    make_follower("bo@post.example", post)
    new = make_comment(post, hostile, name=hostile[:80], email="anna@post.example")
    following.begin(new)

    tell()

    assert sorted(receivers(sink)) == ["anna@post.example", "bo@post.example"]
    title = " ".join(hostile[:200].split()).replace("=?", "=\u2060?")
    for to, mail in sink.mails:
        assert set(mail.keys()) <= HEADERS
        assert len(mail.get_all("Subject")) == len(mail.get_all("To")) == 1
        assert [mail["To"]] == to
        assert title in mail["Subject"]
        assert "mallory" not in f"{mail['To']}{mail['From']}"


# --- One click


@pytest.mark.parametrize("of_post", [False, True])
def test_one_click_ends_mails_and_looking_does_not(client, post, sink, of_post):
    owner = make_follower("bo@post.example", post)
    other = make_published("Another", slug="another", language="en")
    make_follower("bo@post.example", other)
    path = urlsplit(keys.mute_address(owner, post if of_post else None)).path
    page = client.get(path)
    make_comment(post, "News")
    make_comment(other, "Other news")
    digests.announce()

    # As a mail program does (RFC 8058): no cookie, no origin, no redirect.
    answer = Client(enforce_csrf_checks=True).post(path, {"List-Unsubscribe": "One-Click"})

    tell()
    assert "End these mails" in page.content.decode()
    assert page["Referrer-Policy"] == "no-referrer"
    assert answer.status_code == 200
    assert [body(mail).count("Other news") for _to, mail in sink.mails] == ([1] if of_post else [])
    assert not any("\nNews\n" in body(mail) for _to, mail in sink.mails)


def test_mute_link_with_a_wrong_key_ends_nothing(client, post):
    owner = make_follower("bo@post.example", post)
    path = urlsplit(keys.mute_address(owner)).path

    wrong = [path.replace("/mute/", "/mute/1"), f"/mute/{owner.pk}/", path.replace("/mute/", "/receipt/")]

    assert [client.post(each).status_code for each in wrong] == [404] * 3
    assert Address.objects.get().muted_at is None
