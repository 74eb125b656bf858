"""What a stranger gains who types somebody's address, or sees somebody's comment: nothing."""

from urllib.parse import urlsplit

import pytest
from django.test import Client

from blog.comments.models import Comment
from blog.moderation import batches
from blog.receipts import digests, following, keys
from blog.receipts.models import Address, Following
from tests.comments.sending import send as sent
from tests.comments.sending import write_address
from tests.factories import make_comment, make_published, send_letters
from tests.receipts.mails import make_follower

pytestmark = pytest.mark.django_db

OWNER = "owner@blog.example"


def write(client, post, **fields):
    """A comment in the owner's name; return it."""
    form = sent(client, post, **{"email": OWNER} | fields)
    assert form.status_code == 302
    return Comment.objects.latest("pk")


def mute_path(address, post=None):
    return urlsplit(keys.mute_address(address, post)).path


def test_erasing_and_writing_again_gets_nobody_more_mails(post, link):
    mails = 0
    for number in range(3):
        stranger = Client()
        typed = write(stranger, post, text=f"Number {number}")
        mails += send_letters()
        stranger.post(link(typed, "erasure/"))

    assert mails == 1
    assert not Address.objects.exists()


def test_address_that_wants_no_mails_stays_so_although_a_stranger_erases(post, link):
    stranger = Client()
    typed = write(stranger, post)
    send_letters()
    Client().post(mute_path(Address.objects.get()))

    stranger.post(link(typed, "erasure/"))

    assert Address.objects.get().muted_at


def test_writer_who_ended_the_mails_about_a_post_gets_none_because_of_a_stranger(author):
    post = make_published(created_by=author)
    make_comment(post)
    digests.announce()
    Client().post(mute_path(Address.objects.get(), post))

    following.begin(make_comment(post, "In their name", email=author.email), "post")
    make_comment(post, "News")
    digests.announce()

    assert Following.objects.get().ended_at
    assert not digests._to_send().exists()


def test_stranger_does_not_steer_mails_after_the_owner_used_the_link(post, link):
    stranger, owner = Client(), Client()
    typed = write(stranger, post)
    owner.post(link(typed, "address/", by_mail=True))

    told = stranger.get(link(typed, "download/")).json()["mails"]
    chosen = stranger.post(link(typed, "mails/"), {"scope": "post", "pace": "hour"})
    again = write(stranger, post, text="Once more")
    owners = write(owner, post, text="Her own")

    assert told is None
    assert chosen.status_code == 403
    assert (again.email_proved_at, owners.email_proved_at) == (None, owners.created_at)
    assert owner.post(link(owners, "mails/"), {"scope": "", "pace": "day"}).status_code == 302


def test_taking_back_what_a_stranger_wrote_begins_no_mails(post, link):
    typed = make_comment(post, email=OWNER)
    following.begin(typed, "post")

    Client().post(link(typed, "withdrawal/", by_mail=True))

    assert Comment.objects.get().state == "withdrawn"
    assert not Following.objects.filter(confirmed_at__isnull=False).exists()


def test_mail_links_to_no_receipt_of_a_stranger(post):
    owner = make_follower(OWNER, post)
    typed = make_comment(post, "In her name", email=OWNER)

    before = digests._receipt_of(owner, post)
    following.prove(typed)

    assert before == ""
    assert digests._receipt_of(owner, post) == keys.address_of(typed, by_mail=True)


def test_text_that_others_could_read_gives_nobody_its_receipt(post):
    mine = write(Client(), post)
    Comment.objects.filter(pk=mine.pk).update(state="visible")
    Comment.objects.filter(pk=mine.pk).update(state="held", reason="reported")

    answer = sent(Client(), post, email=OWNER)

    assert Comment.objects.count() == 1
    assert "comments" not in answer.cookies


def test_comment_that_a_moderator_holds_does_not_come_back_past_them(post, link, moderator):
    reader = Client()
    first, second = write(reader, post, text="First"), write(reader, post, text="Second")
    Comment.objects.update(state="visible", reason="")
    batches.moderate(batches.Action.HOLD, Comment.objects.filter(pk=second.pk), by=moderator)

    reader.post(link(second, "withdrawal/"))
    reader.post(link(second, "return/"))

    assert list(Comment.objects.order_by("pk").values_list("state", flat=True)) == ["visible", "held"]
    assert first.pk < second.pk


def test_page_with_the_link_to_a_receipt_or_with_held_comments_is_kept_by_no_cache(client, post):
    write(client, post)

    pages = [client.get(post.get_absolute_url()) for _visit in range(2)]

    assert ["/receipt/" in page.content.decode() for page in pages] == [True, False]
    assert "no-store" in pages[0]["Cache-Control"]
    assert pages[1]["Cache-Control"] == "private, max-age=0"
    assert Client().get(post.get_absolute_url())["Cache-Control"] == "public, max-age=0, must-revalidate"


@pytest.mark.parametrize("cookie", ["[" * 3000, "%7B%22name%22%3A%22%5Cud800%22%7D", "1" * 5000, "NaN"])
def test_cookie_of_anybodys_making_breaks_no_form(client, post, cookie):
    client.cookies["writer"] = cookie

    assert client.get(write_address(post)).status_code == 200


@pytest.mark.parametrize("number", [2**31, 2**63, 10**40])
def test_no_number_breaks_the_count_of_what_is_new(client, post, number):
    make_comment(post)

    assert client.get(f"{post.get_absolute_url()}comments/since/{number}/").json() == {}
