"""Sending a comment: the form, its errors, who is public at once, and one comment however often it is sent."""

import re
from datetime import timedelta

import html5lib
import pytest
from django.core import signing
from django.utils import timezone

from blog.comments import ownership
from blog.comments.forms import token_for
from blog.comments.models import TEXT_CHARACTERS, Comment
from tests.factories import make_comment, make_published

pytestmark = pytest.mark.django_db

RIGHT = {"name": "Anna", "email": "anna@blog.example", "website": "", "text": "Bra skrivet!", "reply_to": ""}


@pytest.fixture
def post(db):
    return make_published(language="en")  # so that the words stand here as they are in the code


def write_address(post):
    return f"{post.get_absolute_url()}comments/write/"


def send(client, post, follow=False, headers=None, **fields):
    form = RIGHT | {"token": token_for(post)} | fields
    return client.post(write_address(post), form, follow=follow, headers=headers or {})


def shown(response):
    """The page's text, which must be valid HTML."""
    page = response.content.decode()
    html5lib.HTMLParser(strict=True).parse(page)
    return page


# --- Who is public at once


@pytest.mark.parametrize(
    ("at_once", "unknown", "known"),
    [("everyone", "visible", "visible"), ("known", "held", "visible"), ("nobody", "held", "held")],
)
def test_setting_decides_whose_comments_are_public_at_once(client, post, settings, at_once, unknown, known):
    settings.COMMENTS_PUBLIC_AT_ONCE = at_once

    send(client, post, text="Den första")
    Comment.objects.update(state="visible")  # a moderator lets it through
    send(client, post, text="Den andra")

    assert list(Comment.objects.order_by("number").values_list("state", flat=True)) == ["visible", known]
    client.cookies.clear()
    send(client, post, name="Bo", email="", text="En främlings")
    assert Comment.objects.get(name="Bo").state == unknown


def test_name_and_address_of_a_known_person_prove_nothing(client, post):
    make_comment(post, "Sedan länge", name="Anna", email="anna@blog.example")

    send(client, post)

    assert Comment.objects.get(text="Bra skrivet!").state == "held"


def test_first_comment_is_held_and_its_writer_told_and_shown(client, post):
    response = send(client, post, follow=True)

    page = shown(response)
    assert response.redirect_chain == [(f"{post.get_absolute_url()}#comment-1", 302)]
    assert 'role="status"' in page
    assert "Thank you! Your comment is waiting for a moderator." in page
    assert "only you can see this" in page
    assert 'role="status"' not in shown(client.get(post.get_absolute_url()))
    assert "Bra skrivet!" not in shown(client.__class__().get(post.get_absolute_url()))


def test_cookie_is_out_of_reach_of_scripts_and_other_sites(client, post):
    cookie = send(client, post).cookies[ownership.COOKIE]

    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
    assert signing.loads(cookie.value, salt=ownership.SALT) == [Comment.objects.get().pk]


# --- Once


def test_sent_twice_is_stored_once_and_told_kindly(client, post):
    make_comment(post, "En annan")

    first, second = send(client, post), send(client, post, follow=True)

    assert second.redirect_chain == [(first["Location"], 302)]
    assert "You had sent this comment already" in shown(second)
    assert Comment.objects.filter(text="Bra skrivet!").count() == 1


def test_sent_again_from_another_browser_leads_to_the_same_comment(client, post):
    first = send(client, post)

    second = send(client.__class__(), post)

    assert second["Location"] == first["Location"]
    assert Comment.objects.count() == 1


@pytest.mark.parametrize(
    "other",
    [{"name": "Bo", "email": "bo@blog.example"}, {"name": "Bo", "email": ""}, {"reply_to": "1"}, {"text": "Tack!"}],
)
def test_same_text_by_another_or_elsewhere_is_a_comment_of_its_own(client, post, other):
    make_comment(post, "Sedan tidigare")
    send(client, post)

    send(client, post, **other)

    assert Comment.objects.count() == 3


def test_sent_again_after_a_merge_leads_to_the_kept_one(client, post):
    kept = make_comment(post, "Bra skrivet!")
    send(client, post)
    Comment.objects.filter(origin="form").update(state="merged", merged_into=kept)

    assert send(client, post)["Location"] == f"{post.get_absolute_url()}#{kept.anchor}"


@pytest.mark.parametrize("state", ["spam", "removed"])
def test_sent_again_after_a_removal_is_neither_stored_nor_shown(client, post, state):
    send(client, post)
    Comment.objects.update(state=state)

    response = send(client, post, follow=True)

    assert response.redirect_chain == [(f"{post.get_absolute_url()}#comments", 302)]
    assert "Bra skrivet!" not in shown(response)
    assert Comment.objects.count() == 1


# --- What may be typed


@pytest.mark.parametrize(
    "text",
    ["å ä ö é ñ", "🙂👨‍👩‍👧‍👦", "مرحبا بالعالم", "\u202eom och om igen", "<b>inte fet</b> & så", "x" * TEXT_CHARACTERS],
)
def test_any_text_is_kept_as_it_was_typed(client, post, text):
    response = send(client, post, text=text, follow=True)

    shown(response)
    assert Comment.objects.get().text == text


def test_line_ends_count_once(client, post):
    text = "\r\n".join(["x" * 99] * 100)  # 9,999 characters as the browser counts them, 10,098 as it sends them

    send(client, post, text=text)

    assert Comment.objects.get().text == text.replace("\r\n", "\n")


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "\u200b\u200d"},
        {"name": "x" * 81},
        {"email": "inte en adress"},
        {"website": "javascript:alert(1)"},
        {"website": "ftp://filer.example/"},
        {"text": "x" * (TEXT_CHARACTERS + 1)},
        {"text": " \r\n\t "},
        {"text": "\u200b"},
        {"token": ""},
        {"token": "1:fel"},
        {"reply_to": "99"},
        {"reply_to": "x"},
        {"reply_to": "9" * 30},
        {"reply_to": "9" * 5000},
    ],
)
def test_error_keeps_everything_that_was_typed(client, post, wrong):
    typed = {
        "name": "Åsa <b>",
        "email": "asa@blog.example",
        "website": "asa.example",
        "text": "Lång & klok\r\ntext</textarea>",
    }

    response = send(client, post, **typed | wrong)

    page = shown(response)
    form = html5lib.parse(page, namespaceHTMLElements=False).find(".//form[@class='comment-form']")
    fields = {each.get("name"): each.get("value", "") for each in form.iter("input")}
    fields["text"] = form.find(".//textarea").text
    expected = {key: value.replace("\r\n", "\n") for key, value in (typed | wrong).items()}
    expected |= {"token": token_for(post), "reply_to": ""}
    assert response.status_code == 422
    assert {name: (value or "").strip() for name, value in fields.items()} == {
        name: value.strip() for name, value in expected.items()
    }
    assert 'role="alert"' in page
    assert not Comment.objects.exists()


def test_error_summary_links_to_the_field_and_the_field_has_the_focus(client, post):
    page = shown(send(client, post, name="", text=""))

    assert re.findall(r'<li><a href="(#id_\w+)">', page) == ["#id_name", "#id_text"]
    assert re.findall(r'<(?:input|textarea)[^>]* autofocus[^>]* id="(\w+)"', page) == ["id_name"]


@pytest.mark.parametrize("field", ["name", "email", "website", "text", "reply_to", "token"])
def test_nul_is_refused(client, post, field):
    assert send(client, post, **{field: "a\0b"}).status_code == 400
    assert not Comment.objects.exists()


def test_control_characters_are_left_out(client, post):
    send(client, post, name="An\x01na\x85", text="Bra\x07 skrivet!\x1b")

    comment = Comment.objects.get()
    assert (comment.name, comment.text) == ("Anna", "Bra skrivet!")


def test_website_without_a_scheme_becomes_https(client, post):
    send(client, post, website="anna.example/om")

    assert Comment.objects.get().website == "https://anna.example/om"


# --- Replies


def test_reply_page_quotes_the_parent(client, post):
    parent = make_comment(post, "Vad menar du?", name="Bo")

    page = shown(client.get(f"{write_address(post)}?reply_to={parent.number}"))

    assert "Reply to Bo" in page
    assert "Vad menar du?" in page
    send(client, post, reply_to=str(parent.number))
    assert Comment.objects.get(name="Anna").path == [1, 2]


@pytest.mark.parametrize("state", ["held", "spam", "removed"])
def test_reply_page_does_not_quote_what_nobody_sees(client, post, state):
    parent = make_comment(post, "Hemlig text", state=state)

    response = client.get(f"{write_address(post)}?reply_to={parent.number}")

    assert (response.status_code, "Hemlig" in response.content.decode()) == (404, False)


@pytest.mark.parametrize("number", ["x", "99", "-1", "9" * 30, "9" * 5000, ""])
def test_reply_to_no_comment_is_404(client, post, number):
    assert client.get(f"{write_address(post)}?reply_to={number}").status_code == 404


@pytest.mark.parametrize("state", ["held", "spam", "removed"])
def test_reply_to_what_was_taken_away_meanwhile_can_be_sent_on_its_own(client, post, state):
    parent = make_comment(post, "Hemlig text", state=state)

    page = shown(send(client, post, reply_to=str(parent.number)))

    assert "The comment that you answer is no longer there." in page
    assert "Bra skrivet!" in page
    assert "Hemlig" not in page
    assert re.search(r'name="reply_to"[^>]*value="(.+?)"', page) is None
    assert Comment.objects.count() == 1


def test_reply_to_a_merged_comment_goes_to_the_kept_one(client, post):
    kept = make_comment(post, "Samma", name="Bo")
    copy = make_comment(post, "Samma", name="Bo", state="merged", merged_into=kept)

    page = shown(client.get(f"{write_address(post)}?reply_to={copy.number}"))
    send(client, post, reply_to=str(copy.number))

    assert "Reply to Bo" in page
    assert Comment.objects.get(name="Anna").parent == kept


# --- Where a comment can be sent, and from where


def test_a_strangers_copy_of_an_old_comment_proves_nothing(client, post):
    send(client, post)
    Comment.objects.update(created_at=timezone.now() - timedelta(hours=1), state="visible")
    client.cookies.clear()

    response = send(client, post)

    assert response.status_code == 302
    assert ownership.COOKIE not in response.cookies
    assert Comment.objects.count() == 1


def test_copying_a_fresh_public_comment_proves_nothing(client, post):
    send(client, post)
    Comment.objects.update(state="visible")
    client.cookies.clear()

    assert ownership.COOKIE not in send(client, post).cookies


@pytest.mark.parametrize("text", ["> >", "- ", "[](https://a.example)", "\u3164", "\u2063"])
def test_comment_that_shows_nothing_is_refused(client, post, text):
    assert send(client, post, text=text).status_code == 422
    assert not Comment.objects.exists()


def test_comment_that_looks_like_a_tag_is_text(client, post):
    assert send(client, post, text="<sarcasm>").status_code == 302


def test_removed_comment_sent_again_is_not_said_to_be_there(client, post):
    send(client, post)
    Comment.objects.update(state="removed")

    assert "A moderator has removed it." in shown(send(client, post, follow=True))


def test_double_click_whose_first_answer_was_lost_still_proves_the_writer(client, post):
    send(client, post)
    client.cookies.clear()

    assert ownership.COOKIE in send(client, post).cookies


def test_closed_post_gives_the_text_back(client):
    post = make_published(comment_policy="closed", language="en")

    response = send(client, post)

    assert response.status_code == 422
    assert "Comments on this post are closed. Your text is still here" in shown(response)
    assert "Bra skrivet!" in response.content.decode()
    assert not Comment.objects.exists()
    assert "comment-form" not in shown(client.get(write_address(post)))


def test_post_taken_down_gives_the_text_back_and_says_nothing_of_the_post(client, post):
    post.return_to_draft()

    response = send(client, post)

    assert response.status_code == 404
    assert "Bra skrivet!" in shown(response)
    assert post.title not in response.content.decode()
    assert not Comment.objects.exists()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "same-origin"}, 302),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"origin": "http://testserver"}, 302),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({}, 302),
    ],
)
def test_form_on_another_site_is_refused(client, post, headers, status):
    response = send(client, post, headers=headers)

    assert response.status_code == status
    assert Comment.objects.count() == (status == 302)


def test_token_of_another_post_is_not_good_here(client, post):
    other = make_published("En annan")

    assert send(client, post, token=token_for(other)).status_code == 422


def test_form_needs_no_cookie_and_the_page_sets_none(client, post):
    page = client.get(post.get_absolute_url()).content.decode()
    token = re.search(r'name="token" value="([^"]+)"', page)[1]

    response = send(client.__class__(enforce_csrf_checks=True), post, token=token)

    assert response.status_code == 302


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods_are_not_allowed(client, post, method):
    assert getattr(client, method)(write_address(post)).status_code == 405
    assert getattr(client, method)(post.get_absolute_url()).status_code == 405
