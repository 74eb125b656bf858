"""What the writer of a comment that nobody else can see is told: why, by whom, until when, and how to object."""

from datetime import timedelta

import pytest
from django.utils import timezone

from blog.comments.models import Comment
from blog.comments.submission import Sender, submit
from blog.moderation import bans, batches
from blog.moderation.batches import Action
from blog.moderation.models import RemovalReason
from blog.receipts.models import Appeal
from blog.screening.models import Ban
from tests.factories import make_comment, make_published

pytestmark = pytest.mark.django_db
HERE = {"address": "203.0.113.7"}


@pytest.fixture
def comment(post):
    return make_comment(post, "Du är en idiot.", name="Bo", email="bo@blog.example")


def shown(client, link, comment):
    return client.get(link(comment)).text


def remove(comment, by, **why):
    return batches.moderate(Action.REMOVE, Comment.objects.filter(pk=comment.pk), by=by, **why)


def banned(post, moderator, **ban):
    first, _is_new = submit(post, name="Bo", text="Ett", sender=Sender(**HERE, is_known=True))
    bans.ban("person", first, by=moderator, **ban)
    return submit(post, name="Bo", text="Två", sender=Sender(**HERE, is_known=True))[0]


@pytest.mark.parametrize(("language", "words"), [("sv", "Så inte."), ("en", "Not so.")])
def test_removal_tells_its_reason_in_the_language_of_the_post(client, moderator, link, language, words):
    comment = make_comment(make_published(language=language), "Du är en idiot.")
    names = {"name_sv": "Angrepp", "name_en": "Attack", "statement_sv": "Så inte.", "statement_en": "Not so."}

    remove(comment, moderator, because=RemovalReason.objects.create(**names), note="Läs regel 3.")

    page = shown(client, link, comment)
    assert words in page
    assert "Läs regel 3." in page
    assert ("Not so." in page) == (language == "en")


def test_statement_tells_whether_a_person_or_a_rule_decided(client, moderator, link, comment):
    by_person, by_rule = "A person decided this", "A rule decided this by itself"
    pages = []

    batches.moderate(Action.HOLD, Comment.objects.filter(pk=comment.pk), by=None, reason="reported")
    pages.append(shown(client, link, comment))
    remove(comment, moderator)
    pages.append(shown(client, link, comment))
    Comment.objects.filter(pk=comment.pk).update(state="visible")
    pages.append(shown(client, link, comment))

    assert [(by_person in page, by_rule in page) for page in pages] == [(False, True), (True, False), (False, False)]


def test_of_two_removals_the_later_one_is_told(client, moderator, link, comment):
    remove(comment, moderator, note="Ett misstag.")
    batches.moderate(Action.APPROVE, Comment.objects.filter(pk=comment.pk), by=moderator)
    remove(comment, moderator, note="Med rätta.")

    page = shown(client, link, comment)

    assert ("Ett misstag." in page, "Med rätta." in page) == (False, True)


def test_undone_removal_is_no_reason_any_more(client, moderator, link, comment):
    first = remove(comment, moderator, note="Ett misstag.")
    batches.undo(first, by=moderator)
    remove(comment, moderator, note="Med rätta.")

    page = shown(client, link, comment)

    assert "Med rätta." in page
    assert "Ett misstag." not in page


def test_banned_person_reads_until_when_and_asks_once(client, post, moderator, link):
    until = timezone.now() + timedelta(days=7)
    comment = banned(post, moderator, ends_at=until, note="Trampar på folk")

    page = shown(client, link, comment)
    answers = [client.post(link(comment, "appeal/"), {"text": "Det var ironi."}).status_code for _ in range(2)]

    assert f"not shown until {timezone.localtime(until):%-d %B %Y}" in page
    assert "You may ask for a second look, once" in page
    assert "Trampar på folk" not in page
    assert answers == [302, 409]
    assert Appeal.objects.get().comment == comment


def test_ban_without_an_end_or_lifted_names_no_day(client, post, moderator, link):
    comment = banned(post, moderator)
    without_end = shown(client, link, comment)
    bans.lift(Ban.objects.get(), by=moderator)

    assert "Comments from here are not shown." in without_end
    assert "Comments from here" not in shown(client, link, comment)


def test_nobody_else_learns_of_a_ban(client, post, moderator):
    comment = banned(post, moderator)

    page = client.get(post.get_absolute_url()).text
    place = client.get(f"{post.get_absolute_url()}comments/{comment.number}/").status_code

    assert "Ett" in page
    assert "not shown" not in page
    assert place == 404


def test_moderator_reads_at_an_appeal_what_its_writer_was_told(sign_in, moderator, comment):
    remove(comment, moderator, because=RemovalReason.objects.get(position=1), note="Läs regel 3.")
    Appeal.objects.create(comment=comment, text="Det var ironi.")

    page = sign_in(moderator).get(f"/admin/blog/comment/{comment.pk}/change/").text

    for words in ("Det var ironi.", "What its writer was told", "Attack on a person", "Läs regel 3."):
        assert words in page
