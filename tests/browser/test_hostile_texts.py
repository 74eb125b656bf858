"""Texts that attack pages, in every field of a comment and on every page that shows one, with the policy switched off.

HOSTILE_TEXTS=all takes all texts, some 4,700, and several minutes; usually every fortieth of them is tried.
"""

import os
import re
from email import message_from_bytes
from email.policy import default
from xml.etree.ElementTree import fromstring

import pytest
from django.core import mail
from django.db import transaction
from django.db.models import F

from blog.comments.forms import token_for
from blog.comments.models import Comment, Discussion
from blog.comments.submission import text_columns
from blog.receipts import following, keys
from tests.browser.hostile import texts, watched
from tests.factories import make_published
from tests.receipts.mails import HEADERS, make_follower, tell

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ON_A_POST = 50  # comments: as many as the feed holds
SHARE = 1 if os.environ.get("HOSTILE_TEXTS") == "all" else 40  # one text in so many
ALONE = 5  # one comment in so many on the pages that show one alone
ATOM = "{http://www.w3.org/2005/Atom}"
BODY = re.compile(r"<body.*?>(.*)</body>", re.DOTALL)


@pytest.fixture
def attacked(shared_data):
    """Posts whose comments hold a hostile text each: as body, as name, as website, and as a name that is mentioned."""
    attacks, posts = texts(shared_data)[::SHARE], []
    for start in range(0, len(attacks), ON_A_POST):
        posts.append(make_published(attacks[start][:100], language="en", slug=f"attacked-{start}"))
        some = attacks[start : start + ON_A_POST]
        Comment.objects.bulk_create(comment(posts[-1], number, text) for number, text in enumerate(some, 1))
        Discussion.objects.filter(post=posts[-1]).update(last_number=ON_A_POST)
    return posts


def comment(post, number, text):
    Discussion.objects.get_or_create(post=post)
    name = text[:80].replace("\r", "").strip() or "Anna"
    return Comment(
        post=post, number=number, path=[number], name=name, website=text[:300], email="anna@blog.example",
        state="visible", origin="import", author_key=b"a", submission_key=b"s",
        **text_columns(f"{text}\n\n@{name}\n\n@Anna {text}"[:10_000], post, {name: 1, "Anna": 1}),
    )  # fmt: skip


def in_parts():
    """Some comments, as many at once as are shown in one window: one for each would take hours."""
    comments = list(Comment.objects.select_related("post").order_by("pk"))[::ALONE]
    return [comments[start : start + ON_A_POST] for start in range(0, len(comments), ON_A_POST)]


def body_of(response):
    assert response.status_code == 200
    return BODY.search(response.content.decode())[1]


def test_nothing_of_a_comment_acts_where_readers_see_it(attacked, browser, client):
    with watched(browser) as window:
        for post in attacked:
            assert window.open(post.get_absolute_url()).status == 200
            feed = client.get(f"{post.get_absolute_url()}comments/feed/").content
            entries = [entry.findtext(f"{ATOM}summary") for entry in fromstring(feed).iter(f"{ATOM}entry")]
            assert len(entries) == post.comments.count()
            window.show("".join(entries))
            window.open(f"{post.get_absolute_url()}comments/feed/")
            window.open(f"{post.get_absolute_url()}comments/1/")
        assert (window.hits, window.risks) == ([], [])


def test_nothing_of_a_comment_acts_where_it_is_answered_or_sent_back(attacked, browser, client):
    with watched(browser) as window:
        for part in in_parts():
            write = [f"{each.post.get_absolute_url()}comments/write/" for each in part]
            answered = [
                client.get(f"{path}?reply_to={each.number}&quote=1") for path, each in zip(write, part, strict=True)
            ]
            window.show("".join(map(body_of, answered)))
            sent = [client.post(path, typed(each) | {"preview": "1"}) for path, each in zip(write, part, strict=True)]
            window.show("".join(BODY.search(each.content.decode())[1] for each in sent))
            assert {each.status_code for each in sent} <= {200, 422}
        assert (window.hits, window.risks) == ([], [])


def typed(comment):
    """The fields as somebody might have sent them, with what is shown beside them after an error."""
    website = {"website": comment.website} if comment.pk % 2 else {}
    return {"name": comment.name, "text": comment.text, "token": token_for(comment.post)} | website


def test_nothing_of_a_comment_acts_on_its_receipt(attacked, browser, client):
    with watched(browser) as window:
        for part in in_parts():
            window.show("".join(body_of(client.get(keys.address_of(each))) for each in part))
        assert (window.hits, window.risks) == ([], [])


def test_nothing_of_a_comment_acts_at_the_moderators(attacked, browser, staff, sign_in):
    moderator = sign_in(staff["moderator"])

    with watched(browser) as window:
        for part in in_parts():
            judged = [moderator.get(f"/admin/blog/comment/{each.pk}/change/") for each in part]
            window.show("".join(map(body_of, judged)))
        for number in range(1, len(attacked) + 1):
            window.show(body_of(moderator.get(f"/admin/blog/comment/?p={number}")))
        window.show(body_of(moderator.get("/admin/blog/batch/duplicates/")))
        assert (window.hits, window.risks) == ([], [])


def test_mails_hold_plain_text_alone(attacked):
    for each in Comment.objects.filter(number=1).select_related("post"):
        make_follower(f"berit-{each.pk}@blog.example", each.post)
        each.email = f"anna-{each.pk}@blog.example"
        with transaction.atomic():
            following.begin(each)

    tell()

    mails = [message_from_bytes(sent.message().as_bytes(), policy=default) for sent in mail.outbox]
    assert len(mails) == 2 * len(attacked)  # the one that proves an address, and the one that tells of all comments
    assert sum(mail.get_content().count("/comments/") for mail in mails) >= Comment.objects.count()
    assert {mail.get_content_type() for mail in mails} == {"text/plain"}
    assert [mail.keys() for mail in mails if not set(mail.keys()) <= HEADERS] == []
    assert [mail["To"] for mail in mails if not re.fullmatch(r"(anna|berit)-[0-9]+@blog\.example", mail["To"])] == []


def test_the_same_texts_act_without_the_sanitiser(attacked, browser):
    """Otherwise the others show nothing. Most texts of the corpora try parsers, and act nowhere."""
    Comment.objects.update(html=F("text"))
    alone = list(Comment.objects.order_by("pk").values_list("html", flat=True))[::ALONE]

    with watched(browser) as window:
        pages = [window.acts_in(lambda post=post: window.open(post.get_absolute_url())) for post in attacked]
        assert "alert was called" in window.hits
        acting = [window.acts_in(lambda text=text: window.show(text)) for text in alone]

    print(f"\nWithout the sanitiser {sum(pages)} of {len(pages)} pages act, and {sum(acting)} of {len(acting)} texts.")
    assert sum(pages) > len(pages) / 3
    assert sum(acting) > len(acting) / 20
