"""Sending a comment: the form, its errors, who is public at once, and one comment however often it is sent."""

import re

import html5lib
import pytest
from django.core import signing

from blog.comments import ownership
from blog.comments.forms import Token, token_for
from blog.comments.models import TEXT_CHARACTERS, Comment
from blog.web.shared import WROTE
from tests.comments.sending import RIGHT, send, shown, write_address
from tests.factories import make_comment, make_published

pytestmark = pytest.mark.django_db


@pytest.fixture
def post(db):
    return make_published(language="en")  # so that the words stand here as they are in the code


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
    assert '<div class="messages" role="status">' in page
    assert "Thank you! Your comment is waiting for a moderator." in page
    assert "only you can see this" in page
    assert '<div class="messages"' not in shown(client.get(post.get_absolute_url()))
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
    expected |= {"reply_to": "", "remember": "", "subject": ""}
    token = fields.pop("token")
    expected.pop("token", None)
    assert Token.read(token) == Token(post.pk, 0)
    assert response.status_code == 422
    assert {name: (value or "").strip() for name, value in fields.items()} == {
        name: value.strip() for name, value in expected.items()
    }
    assert 'role="alert"' in page
    assert not Comment.objects.exists()


def test_mails_without_an_address_are_asked_about_at_the_field(client, post):
    form = RIGHT | {"token": token_for(post), "email": "", "follow": "thread"}

    response = client.post(write_address(post), form)

    assert response.status_code == 422
    assert "Please write the address to mail to" in shown(response)
    assert 'value="thread" selected' in response.text
    assert not Comment.objects.exists()


def test_error_summary_links_to_the_field_and_the_field_has_the_focus(client, post):
    page = shown(send(client, post, name="", text=""))

    assert re.findall(r'<li><a href="(#id_\w+)">', page) == ["#id_text", "#id_name"]
    assert re.findall(r'<(?:input|textarea)[^>]* autofocus[^>]* id="(\w+)"', page) == ["id_text"]


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


def test_who_has_sent_a_comment_reads_it_next_from_no_cache_and_no_replica(client, post):
    response = send(client, post, email="")

    assert response.cookies[WROTE].value == "1"
