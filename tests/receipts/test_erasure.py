"""Erasing a person: no table holds anything of them afterwards, and the thread keeps its shape."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from blog.comments import ownership
from blog.comments.models import Comment
from blog.comments.submission import text_columns
from blog.moderation import bans, batches
from blog.moderation.models import Report
from blog.newsletter import subscribing
from blog.receipts import digests, following
from blog.receipts.models import Address, Appeal, Following, FormerText, Notice
from blog.web.models import Letter
from tests.factories import make_comment

pytestmark = pytest.mark.django_db

NAME, EMAIL, WEBSITE = "Åsa Kvistgård", "Asa.Kvistgard@post.example", "https://kvistgard.example/"
WORDS = ["ögonsten", "trollslända", "karamellfärg"]
TABLES = """
SELECT table_schema, table_name FROM information_schema.tables
WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')
"""


def places_of(*secrets):
    """Return (table, secret) wherever the text of a row holds one: bytes stand in it as hexadecimal digits."""
    wanted = [secret.hex() if isinstance(secret, bytes) else secret for secret in secrets]
    wanted += [secret.encode().hex() for secret in secrets if isinstance(secret, str)]
    found = set()
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        for schema, table in cursor.fetchall():
            for secret in wanted:
                asked = f'SELECT 1 FROM "{schema}"."{table}" AS r WHERE strpos(lower(r::text), lower(%s)) > 0 LIMIT 1'
                cursor.execute(asked, [secret])
                if cursor.fetchone():
                    found.add((table, secret))
    return found


def make_person(post, moderator):
    """Every kind of row in which something of a person may stand."""
    thread = make_comment(post, "What do you think?", name="Bo", email="bo@post.example")
    columns = {"name": NAME, "email": EMAIL, "website": WEBSITE, "network_key": b"network of a person"[:16]}
    mine = make_comment(post, WORDS[0], parent=thread, origin="form", picked_at=timezone.now(), **columns)
    copy = make_comment(post, WORDS[0], **columns | {"email": ""})
    batches.moderate(batches.Action.REMOVE, Comment.objects.filter(pk=copy.pk), by=moderator, note=WORDS[1])
    bans.ban("person", mine, by=moderator, note=f"{NAME}, {WORDS[2]}")
    bans.ban("network", mine, by=moderator)
    Comment.objects.filter(pk=copy.pk).update(state="merged", merged_into=mine)
    answer = make_comment(post, "…", name="Cia", parent=mine)
    mentions = {"åsa kvistgård": mine.number, "Bo": thread.number}
    said = text_columns("@åsa kvistgård and @Bo say so. @Bo Ek does not.", post, mentions)
    Comment.objects.filter(pk=answer.pk).update(**said)
    FormerText.objects.create(comment=answer, text="@Åsa Kvistgård is right")
    FormerText.objects.create(comment=mine, text=WORDS[1])
    Appeal.objects.create(comment=mine, text=f"{WORDS[2]}, {NAME}")
    Report.objects.create(comment=mine, reason="abuse", note=WORDS[2])
    following.begin(mine, "thread")
    subscribing.ask(EMAIL, "sv")
    return mine, copy, answer


def let_others_be_told(post):
    reader = Address.objects.create(email="cia@post.example", language="en", proved_at=timezone.now())
    Following.objects.create(address=reader, scope="post", post=post, confirmed_at=timezone.now())
    digests.announce()
    digests.send_due()


def keys_of(comment):
    return [bytes(getattr(comment, name)) for name in ("author_key", "submission_key", "network_key")]


def test_nothing_of_a_person_is_left_in_any_table(client, post, moderator, link):
    mine, copy, answer = make_person(post, moderator)
    let_others_be_told(post)
    # What a mail says is in no table as soon as it is sent; these wait.
    assert Letter.objects.filter(text__contains=WORDS[0]).count() == 1
    secrets = [NAME, EMAIL, WEBSITE, "kvistgard", "Kvistgård", *WORDS, *keys_of(mine), *keys_of(copy)]
    before = {table for table, _secret in places_of(*secrets)}

    answered = client.post(link(mine, "erasure/", by_mail=True))

    assert answered.status_code == 302
    assert before == {
        "blog_comment", "blog_address", "blog_formertext", "blog_appeal", "blog_report", "blog_letter", "blog_batch",
        "blog_ban", "blog_subscriber",
    }  # fmt: skip
    assert places_of(*secrets) == set()
    answer.refresh_from_db()
    assert answer.text == "@… and @Bo say so. @Bo Ek does not."
    assert answer.mentions == {"Bo": 1}
    assert ">@Bo</a> say so" in answer.html
    assert FormerText.objects.get().text == "@… is right"


def test_place_of_an_erased_comment_stays_under_its_number(client, post, moderator, link):
    mine, _copy, _answer = make_person(post, moderator)

    client.post(link(mine, "erasure/", by_mail=True))

    page = client.get(post.get_absolute_url()).content.decode()
    after = list(Comment.objects.order_by("number").values_list("number", "state", "parent__number", "merged_into"))
    assert after == [(1, "visible", None, None), (2, "erased", 1, None), (3, "erased", None, None),
                     (4, "visible", 2, None)]  # fmt: skip
    assert "This comment was erased at its writer’s wish." in page
    assert "It is erased" in client.get(link(mine)).content.decode()
    keys = Comment.objects.filter(state="erased").values_list("author_key", "submission_key")
    assert len({bytes(key) for row in keys for key in row}) == 4
    post.discussion.refresh_from_db()
    assert (post.discussion.visible_comments, post.discussion.merged_comments) == (2, 0)


def test_copy_that_another_person_wrote_is_theirs(client, post, link):
    mine = make_comment(post, WORDS[0], name=NAME, email=EMAIL)
    others = make_comment(post, WORDS[0], name="Cia", email="cia@post.example", state="merged", merged_into=mine)

    client.post(link(mine, "erasure/", by_mail=True))

    others.refresh_from_db()
    assert (others.name, others.text, others.state) == ("Cia", WORDS[0], "merged")


def test_others_are_told_of_the_rest_of_a_mail_that_waits(client, post, moderator, link):
    mine, _copy, _answer = make_person(post, moderator)
    let_others_be_told(post)

    client.post(link(mine, "erasure/", by_mail=True))
    digests.send_due()

    [letter] = Letter.objects.filter(to="cia@post.example")
    assert "say so" in letter.text
    assert WORDS[0] not in letter.text
    assert list(Notice.objects.filter(sent_at=None)) == []


def test_mailed_link_erases_all_with_its_address(client, post, link):
    first, second = (make_comment(post, text, email=EMAIL) for text in ("One", "Two"))
    other = make_comment(post, "Three", email="bo@post.example")

    page = client.get(link(first, "erasure/", by_mail=True)).content.decode()
    client.post(link(first, "erasure/", by_mail=True))

    assert "These 2 comments are erased" in page
    assert list(Comment.objects.order_by("pk").values_list("state", flat=True)) == ["erased", "erased", "visible"]
    assert Comment.objects.get(pk=other.pk).text == "Three"
    assert "nothing of yours any more" in client.get(link(second, "erasure/", by_mail=True)).content.decode()


def test_link_that_was_shown_erases_what_this_browser_sent_and_forgets_it(client, rf, post, link):
    shown, sent, others = (make_comment(post, text, email=EMAIL) for text in ("One", "Two", "Three"))
    response = client.get("/")
    ownership.remember(rf.get("/"), response, sent)
    client.cookies = response.cookies

    answer = client.post(link(shown, "erasure/"))

    assert list(Comment.objects.filter(state="erased")) == [sent, shown]
    assert Comment.objects.get(pk=others.pk).email == EMAIL
    assert {name: cookie["max-age"] for name, cookie in answer.cookies.items()} == {
        "comments": 0,
        "proved": 0,
        "writer": 0,
        "wrote": 10,
    }


def test_other_site_cannot_have_this_browser_erase_its_comments(client, rf, post, link):
    shown, sent = (make_comment(post, text) for text in ("One", "Two"))
    response = client.get("/")
    ownership.remember(rf.get("/"), response, sent)
    client.cookies = response.cookies

    answer = client.post(link(shown, "erasure/"), headers={"sec-fetch-site": "cross-site"})

    assert set(answer.cookies) == {"wrote"}  # which says nothing of whose
    assert list(Comment.objects.filter(state="erased")) == [shown]


@pytest.mark.parametrize("kept", [{"proved_at": timezone.now()}, {"confirmed_at": timezone.now()}])
def test_stranger_who_typed_an_address_does_not_end_its_owners_mails(client, post, link, kept):
    address = Address.objects.create(email="anna@post.example", proved_at=kept.get("proved_at"))
    Following.objects.create(address=address, scope="post", post=post, confirmed_at=kept.get("confirmed_at"))
    typed = make_comment(post, "In her name", email="anna@post.example")

    client.post(link(typed, "erasure/"))

    assert Comment.objects.get().state == "erased"
    assert list(Address.objects.all()) == [address]


def test_erased_comment_is_brought_back_by_nobody(client, post, link):
    mine = make_comment(post, "One", email=EMAIL, created_at=timezone.now() - timedelta(minutes=1))
    client.post(link(mine, "erasure/", by_mail=True))

    for end in ("return/", "text/", "withdrawal/", "appeal/"):
        assert client.post(link(mine, end, by_mail=True), {"text": "Two"}).status_code == 409

    assert client.post(link(mine, "mails/", by_mail=True), {"scope": "post", "pace": "day"}).status_code == 403
    assert Comment.objects.get().state == "erased"
    assert not Address.objects.exists()
