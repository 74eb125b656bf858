"""The receipt's page, and each of its buttons: a stranger, the right person, the wrong state, GET."""

import json

import pytest

from blog.comments.models import Comment
from blog.newsletter.models import Subscriber
from blog.receipts.models import Address, Following, FormerText
from tests.factories import make_comment
from tests.receipts.pages import columns, shown

pytestmark = pytest.mark.django_db

STEPS = ["address/", "text/", "withdrawal/", "return/", "mails/", "appeal/"]
ENDS = ["", "download/", "erasure/", *STEPS]


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("method", ["get", "post"])
def test_wrong_key_opens_nothing(client, mine, link, end, method):
    before = columns(mine)
    path = link(mine)
    number = path.split("/")[2].split(":")[0]

    wrong = [path.replace("/receipt/", "/receipt/x"), f"/receipt/{number}/", f"/receipt/{number}:{'a' * 43}/"]

    assert [getattr(client, method)(each + end).status_code for each in wrong] == [404] * 3
    assert columns(mine) == before


@pytest.mark.parametrize("end", STEPS)
def test_opening_an_address_of_a_step_does_nothing(client, mine, link, end):
    before = columns(mine)

    answer = client.get(link(mine, end, by_mail=True))

    assert answer.status_code == 405
    assert columns(mine) == before


@pytest.mark.parametrize("end", ["", "download/", "erasure/"])
@pytest.mark.parametrize("by_mail", [False, True])
def test_reading_changes_nothing_and_is_kept_by_nobody(client, mine, link, end, by_mail):
    before = columns(mine)

    answer = client.get(link(mine, end, by_mail))

    assert answer.status_code == 200
    assert columns(mine) == before
    assert not Address.objects.exists()
    assert not answer.cookies
    assert "no-store" in answer["Cache-Control"]
    assert (answer["Referrer-Policy"], answer["X-Robots-Tag"]) == ("no-referrer", "noindex, nofollow, noarchive")


@pytest.mark.parametrize(
    ("state", "reason", "words"),
    [
        ("visible", "", "Everybody can read it."),
        ("held", "new", "The first comment of a person is read by a moderator before everybody can see it."),
        ("held", "reported", "Several readers have reported it, so a moderator looks at it first."),
        ("spam", "", "A moderator took it for advertising or spam"),
        ("removed", "", "A moderator has removed it"),
        ("withdrawn", "", "You have taken it back"),
        ("erased", "", "It is erased"),
    ],
)
def test_page_says_what_became_of_the_comment(client, mine, link, state, reason, words):
    Comment.objects.update(state=state, reason=reason)

    page = shown(client.get(link(mine)))

    assert words in page
    assert ("Take the comment back" in page) == (state in ("visible", "held"))
    assert ("Bring the comment back" in page) == (state == "withdrawn")
    assert ("Ask for a second look" in page) == (state in ("held", "spam", "removed") and reason != "new")
    assert ("Well said." in page) == (state != "erased")
    assert "anna@blog.example" not in page.lower()


def test_page_of_a_merged_comment_leads_to_the_one_that_was_kept(client, post, mine, link):
    kept = make_comment(post, "Well said.", name="Bo")
    Comment.objects.filter(pk=mine.pk).update(state="merged", merged_into=kept)

    page = shown(client.get(link(mine)))

    assert "a moderator has merged the copies into one" in page
    assert f'href="{kept.get_absolute_url()}"' in page


def test_page_speaks_the_language_of_its_post_and_hides_a_post_that_was_taken_down(client, post, mine, link):
    post.language, post.status = "sv", "draft"
    post.save()

    answer = client.get(link(mine))

    assert answer["Content-Language"] == "sv"
    assert "On commas" not in shown(answer)
    assert 'lang="sv"' in shown(answer)


def test_page_points_to_what_was_said_already(client, post, link):
    first = make_comment(post, "The comma is a small pause between words", name="Bo")
    mine = make_comment(post, "The comma is a small pause between words!", origin="form")

    page = shown(client.get(link(mine)))

    assert "Bo has said nearly the same:" in page
    assert f'href="{first.get_absolute_url()}"' in page


# --- Whose address it is


def test_any_form_by_the_mailed_link_proves_the_address(client, post, mine, link):
    address = Address.objects.create(email="anna@blog.example", language="en")
    Following.objects.create(address=address, scope="replies", post=post, comment=mine)

    answer = client.post(link(mine, "address/", by_mail=True))

    address.refresh_from_db()
    assert answer.status_code == 302
    assert address.proved_at
    assert columns(mine)["email_proved_at"]
    assert Following.objects.get().confirmed_at
    assert answer.cookies["comments"]["httponly"]


def test_link_that_was_shown_proves_nothing(client, post, mine, link):
    address = Address.objects.create(email="anna@blog.example", language="en")
    Following.objects.create(address=address, scope="replies", post=post, comment=mine)

    client.post(link(mine, "address/"))
    answer = client.post(link(mine, "mails/"), {"scope": "post", "pace": "day"})

    address.refresh_from_db()
    assert answer.status_code == 403
    assert (address.proved_at, address.pace) == (None, "hour")
    assert list(Following.objects.values_list("scope", "confirmed_at")) == [("replies", None)]


def test_other_site_does_not_give_a_browser_a_comment(client, mine, link):
    answer = client.post(link(mine, "address/", by_mail=True), headers={"sec-fetch-site": "cross-site"})

    assert set(answer.cookies) == {"wrote"}  # which says nothing of whose


def test_mails_are_chosen_and_ended(client, post, mine, link):
    path = link(mine, "mails/", by_mail=True)

    client.post(path, {"scope": "thread", "pace": "day"})
    chosen = list(Following.objects.filter(ended_at=None).exclude(confirmed_at=None).values_list("scope", "comment"))
    page = shown(client.get(link(mine, by_mail=True)))
    client.post(path, {"scope": "post", "pace": "hour"})
    changed = list(Following.objects.filter(ended_at=None).values_list("scope", "comment"))
    client.post(path, {"scope": "", "pace": "hour"})

    assert chosen == [("thread", mine.pk)]
    assert '<option value="thread" selected>' in page
    assert '<option value="day" selected>' in page
    assert changed == [("post", None)]
    assert not Following.objects.filter(ended_at=None).exists()
    assert client.post(path, {"scope": "all", "pace": "never"}).status_code == 422


# --- Everything of mine


def test_download_holds_everything_with_the_address_and_nothing_of_others(client, post, mine, link):
    other = make_comment(post, "Of the same person", email="ANNA@blog.example")
    make_comment(post, "A stranger’s", name="Bo", email="bo@blog.example")
    FormerText.objects.create(comment=mine, text="Badly said.")
    client.post(link(mine, "mails/", by_mail=True), {"scope": "post", "pace": "day"})
    Subscriber.objects.create(email="anna@blog.example", language="en")

    shown_link, mailed = (client.get(link(mine, "download/", by_mail)) for by_mail in (False, True))

    client.cookies.clear()
    stranger = client.get(link(other, "download/"))
    everything = json.loads(mailed.content)
    assert mailed["Content-Disposition"] == 'attachment; filename="comments.json"'
    assert mailed["Content-Type"] == "application/json"
    assert [each["text"] for each in everything["comments"]] == ["Well said.", "Of the same person"]
    assert [each["text"] for each in everything["comments"][0]["former_texts"]] == ["Badly said."]
    assert everything["mails"]["address"] == "anna@blog.example"
    assert [each["scope"] for each in everything["mails"]["follows"]] == ["post"]
    assert [each["text"] for each in json.loads(shown_link.content)["comments"]] == ["Well said."]
    assert everything["newsletter"] | {"created_at": ""} == {
        "email": "anna@blog.example", "language": "en", "created_at": "", "confirmed_at": None
    }  # fmt: skip
    assert [json.loads(stranger.content)[name] for name in ("mails", "newsletter")] == [None, None]
