"""The pages on which moderators ban, lift and renew, list words and word reasons."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from blog.comments import groups
from blog.comments.models import Comment
from blog.moderation import bans
from blog.moderation.admin_bans import LOOKED_BACK
from blog.moderation.models import Batch, RemovalReason
from blog.screening.models import Ban, ListedWord
from tests.factories import make_comment

pytestmark = pytest.mark.django_db
NEW = "/admin/blog/ban/new/"
DAY = timedelta(days=1)
WEEK = {"kind": "person", "term": "week"}


@pytest.fixture
def comment(post):
    return make_comment(post, "Köp på https://spam.example/x", name="Bo", network_key=b"n" * 16)


def address(comment):
    return f"{NEW}?comment={comment.pk}"


def test_page_shows_what_each_ban_would_have_caught(sign_in, moderator, post, comment):
    mine = make_comment(post, "Av samma", name="Bo")
    make_comment(post, "Samma nät", name="Eva", network_key=b"n" * 16)
    make_comment(post, "För länge sedan", name="Bo", created_at=timezone.now() - 2 * LOOKED_BACK)
    groups.catch_up()

    page = sign_in(moderator).get(address(comment))

    previews = {each.label: (each.number, each.newest[0].text) for each in page.context["previews"]}
    assert previews == {
        "Person": (2, mine.text), "Network": (2, "Samma nät"), "spam.example": (1, comment.text),
    }  # fmt: skip
    assert page.context["everything"] == 3
    assert "3 comments of this person are stored." in page.text


def test_moderator_bans_with_everything_and_is_offered_to_undo_it(sign_in, moderator, comment):
    reason = RemovalReason.objects.first()
    answers = WEEK | {"everything": "remove", "because": reason.pk, "note": "Så inte här.", "remark": "Tredje gången"}

    told = sign_in(moderator).post(address(comment), answers, follow=True)

    ban, batch = Ban.objects.get(), Batch.objects.get()
    assert (ban.kind, ban.note, round((ban.ends_at - ban.at) / DAY)) == ("person", "Tredje gången", 7)
    assert (batch.ban, batch.reason, batch.note) == (ban, reason, "Så inte här.")
    assert Comment.objects.get().state == "removed"
    assert reverse("admin:blog_batch_undo", args=[batch.pk]) in told.text


@pytest.mark.parametrize(
    "answers",
    [
        {}, {"kind": "robot"}, {"kind": "domain"}, {"kind": "domain", "domain": "other.example"},
        {"term": "date"}, {"term": "date", "last_day": "2001-01-01"}, {"term": "date", "last_day": "9999-12-31"},
    ],
)  # fmt: skip
def test_incomplete_answers_ban_nobody(sign_in, moderator, comment, answers):
    page = sign_in(moderator).post(address(comment), WEEK | answers if answers else {})

    assert page.status_code == 200
    assert 'class="errorlist"' in page.text
    assert not Ban.objects.exists()


@pytest.mark.parametrize("query", ["", "?comment=x", "?comment=999999"])
def test_nobody_to_ban_is_no_page(sign_in, moderator, query):
    assert sign_in(moderator).get(NEW + query).status_code == 404


def test_moderator_lifts_and_renews(sign_in, moderator, comment):
    ban = bans.ban("person", comment, by=moderator).ban
    client = sign_in(moderator)

    client.post(reverse("admin:blog_ban_lift", args=[ban.pk]))
    client.post(reverse("admin:blog_ban_lift", args=[ban.pk]))
    ban.refresh_from_db()
    client.post(reverse("admin:blog_ban_renew", args=[ban.pk]), {"term": "day"})

    assert ban.lifted_by == moderator
    assert Ban.objects.filter(lifted_at=None, ends_at__isnull=False).count() == 1
    page = client.get("/admin/blog/ban/", {"standing": "yes"}).text
    assert page.count("Bo, #") == 1


def test_list_of_bans_costs_the_same_for_one_and_for_many(sign_in, moderator, post, django_assert_num_queries):
    client = sign_in(moderator)
    bans.ban("person", make_comment(post), by=moderator)
    client.get("/admin/blog/ban/")

    for number in (2, 6):
        with django_assert_num_queries(6):
            client.get("/admin/blog/ban/")
        for each in range(number):
            bans.ban("person", make_comment(post, name=f"Nr {number} {each}"), by=moderator)


def test_listed_word_shows_its_forms_and_what_it_would_have_caught(sign_in, moderator, post):
    make_comment(post, "Bästa kasinot")
    make_comment(post, "Kasinorätt är ett ämne")
    client = sign_in(moderator)

    client.post("/admin/blog/listedword/add/", {"word": " KASINO! ", "note": ""})
    listed = ListedWord.objects.get()
    page = client.get(reverse("admin:blog_listedword_change", args=[listed.pk])).text

    assert listed.word == "kasino"
    assert "kasinots" in page
    assert "Bästa kasinot" in page
    assert "Kasinorätt" not in page


def test_moderator_words_a_reason_and_administrator_retires_it(sign_in, moderator, administrator):
    reason = RemovalReason.objects.first()
    page = reverse("admin:blog_removalreason_change", args=[reason.pk])
    fields = {"name_sv": "Nytt", "name_en": "New", "statement_sv": "Så.", "statement_en": "So.", "position": "1"}

    sign_in(moderator).post(page, fields | {"is_retired": "on"})
    worded = RemovalReason.objects.get(pk=reason.pk)
    sign_in(administrator).post(page, fields | {"is_retired": "on"})

    assert (worded.name_en, worded.is_retired) == ("New", False)
    assert RemovalReason.objects.get(pk=reason.pk).is_retired
    assert sign_in(moderator).get("/admin/blog/removalreason/add/").status_code == 403


def test_removal_from_the_list_names_its_reason(sign_in, moderator, comment):
    reason = RemovalReason.objects.first()
    chosen = {"action": "remove", "_selected_action": [comment.pk], "because": reason.pk, "note": "Se regel 3."}

    sign_in(moderator).post("/admin/blog/comment/", chosen)

    assert Batch.objects.values_list("action", "reason", "note").get() == ("remove", reason.pk, "Se regel 3.")
