"""Who is told of a comment, and the one mail before an address is proved; through a real mail server."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from blog.comments.forms import token_for
from blog.comments.models import Comment
from blog.receipts import digests, keys
from blog.receipts.models import Address, Following, Notice
from blog.web.models import Allowance
from tests.factories import make_byline, make_comment, make_published, send_letters
from tests.receipts.mails import HEADERS, body, link_in, make_follower, receivers, tell

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def write(client, post, **fields):
    form = {"name": "Anna", "email": "anna@post.example", "text": "Well said.", "token": token_for(post)}
    return client.post(f"{post.get_absolute_url()}comments/write/", form | fields)


# --- The mail that proves an address


def test_typed_address_gets_one_mail_a_day_until_its_owner_uses_the_link(client, post, sink):
    write(client, post, follow="post")
    write(Client(), post, text="Somebody else, in her name", follow="thread")
    Comment.objects.update(state="visible")
    make_comment(post, "News")
    tell()

    [(to, mail)] = sink.mails
    assert to == ["anna@post.example"]
    assert mail["Subject"] == "Your comment on “On commas”"
    assert set(mail.keys()) <= HEADERS
    reader = Client()
    reader.post(link_in(mail, "receipt") + "address/")
    make_comment(post, "More news")
    tell()
    assert len(sink.mails) == 2
    assert "More news" in body(sink.mails[1][1])
    assert "\nNews\n" not in body(sink.mails[1][1])  # it came before the address was known to be theirs
    assert reader.cookies["comments"].value


def test_browser_that_has_proved_the_address_gets_no_further_receipt_by_mail(client, post, sink):
    write(client, post)
    send_letters()
    client.post(link_in(sink.mails[0][1], "receipt") + "address/")
    Allowance.objects.all().delete()

    write(client, post, text="And another thing", follow="thread")
    send_letters()

    assert len(sink.mails) == 1
    assert Following.objects.get().confirmed_at


def test_address_that_wants_no_mails_is_not_asked(client, post, sink):
    Address.objects.create(email="anna@post.example", muted_at=timezone.now())

    write(client, post, follow="post")
    send_letters()

    assert sink.mails == []


def test_stranger_does_not_begin_again_what_the_owner_ended(client, post, sink):
    owner = make_follower("anna@post.example", post)
    owner.followings.update(ended_at=timezone.now())

    write(client, post, follow="post")
    make_comment(post, "News")
    tell()

    assert [mail["Subject"] for _to, mail in sink.mails] == ["Your comment on “On commas”"]


# --- Who is told


def test_right_people_are_told_once(post, sink):
    root = make_comment(post, "A question", name="Bo", email="bo@post.example")
    answer = make_comment(post, "An answer", name="Cia", email="cia@post.example", parent=root)
    elsewhere = make_comment(post, "Something else")
    Comment.objects.update(told_at=timezone.now())
    make_follower("all@post.example", post)
    make_follower("bo@post.example", post, "replies", root)
    make_follower("cia@post.example", post, "replies", answer)
    make_follower("thread@post.example", post, "thread", root)
    make_follower("elsewhere@post.example", post, "thread", elsewhere)
    make_follower("unproved@post.example", post, confirmed=False)
    make_follower("muted@post.example", post, muted_at=timezone.now())
    make_follower("other@post.example", make_published("Another"))
    make_comment(post, "Thanks!", name="Bo", email="Bo@post.example", parent=answer)

    for _again in range(3):
        tell()

    assert sorted(receivers(sink)) == ["all@post.example", "cia@post.example", "thread@post.example"]


def test_somebody_who_is_mentioned_is_told_like_of_a_reply(post, sink):
    mine = make_comment(post, "A question", name="Bo", email="bo@post.example")
    make_follower("bo@post.example", post, "replies", mine)

    make_comment(post, "@Bo is right", name="Cia", mentions={"Bo": mine.number})
    tell()

    assert receivers(sink) == ["bo@post.example"]


def test_comment_is_told_when_it_becomes_visible_and_its_post_is_public(post, sink):
    make_follower("bo@post.example", post)
    make_comment(post, "Held at first", state="held")
    tell()
    before = list(sink.mails)

    Comment.objects.update(state="visible")
    post.__class__.objects.update(status="draft")
    tell()
    meanwhile = list(sink.mails)
    post.__class__.objects.update(status="approved")
    tell()

    assert (before, meanwhile) == ([], [])
    assert receivers(sink) == ["bo@post.example"]


def test_comment_taken_away_before_the_mail_is_not_told(post, sink):
    make_follower("bo@post.example", post)
    make_comment(post, "Rude")
    digests.announce()

    Comment.objects.update(state="removed")
    digests.send_due()
    send_letters()

    assert sink.mails == []
    assert Notice.objects.count() == 1


def test_writers_of_a_post_are_told_until_they_end_it(author, editor, sink):
    post = make_published("Theirs", slug="theirs", created_by=editor, language="en")
    post.authorships.create(byline=make_byline("Karin Ek", user=author))
    make_comment(post, "Well said.")
    tell()
    first = sorted(receivers(sink))

    owner = Address.objects.get(email=author.email)
    Client().post(urlsplit(keys.mute_address(owner, post)).path)
    make_comment(post, "Once more.")
    make_comment(post, "By the editor herself", user=editor)
    tell(timezone.now() + HOUR)

    assert first == ["author@blog.example", "editor@blog.example"]
    assert receivers(sink)[2:] == ["editor@blog.example"]
    assert "By the editor herself" not in body(sink.mails[2][1])
