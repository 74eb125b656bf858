"""What speaks against showing a comment at once, and what its moderator and its writer are told of it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from blog.comments import screening
from blog.comments.forms import Token, token_for
from blog.comments.models import Comment
from blog.comments.submission import Sender, submit
from blog.moderation import lessons
from blog.screening import bayes, words
from blog.screening.models import Lesson, ListedWord
from tests.comments.sending import send
from tests.factories import make_comment, make_published

pytestmark = pytest.mark.django_db
HERE = "203.0.113.7"
LINK = "https://blog.example/ett"


@pytest.fixture
def everyone(settings):
    settings.COMMENTS_PUBLIC_AT_ONCE = "everyone"


def said(post, text, *, name="Anna", email="", website="", **sender):
    comment, _is_new = submit(
        post, name=name, text=text, email=email, website=website, sender=Sender(**{"address": HERE} | sender)
    )
    return comment


def outcome(comment):
    return comment.state, comment.reason, comment.findings


def test_unknown_person_with_many_links_is_held_and_a_known_one_is_not(post, everyone):
    links = " ".join(f"https://{name}.example/" for name in ("a", "b", "c"))

    unknown, known = said(post, links), said(post, f"Mina: {links}", is_known=True)

    assert outcome(unknown) == ("held", "rule", [{"rule": "links", "links": 3}])
    assert outcome(known) == ("visible", "", [])
    assert outcome(said(post, "https://a.example och https://b.example")) == ("visible", "", [])


def test_listed_word_holds_a_known_person_too_and_may_stand_in_the_name(post):
    ListedWord.objects.create(word="kasino")

    comments = said(post, "Bästa KASINOT!", is_known=True), said(post, "Hej", name="Kasino", is_known=True)

    assert [outcome(each) for each in comments] == [("held", "rule", [{"rule": "word", "word": "kasino"}])] * 2
    assert outcome(said(post, "Om kasinorätt", is_known=True)) == ("visible", "", [])


@pytest.mark.parametrize(
    ("seconds", "is_known", "found"),
    [(0.4, False, [{"rule": "fast", "seconds": 0.4}]), (0.4, True, []), (3, False, []), (None, False, [])],
)
def test_form_that_is_filled_in_too_fast_is_held(post, everyone, seconds, is_known, found):
    assert said(post, "Hej!", seconds=seconds, is_known=is_known).findings == found


def test_page_tells_when_its_form_was_shown_first_also_after_an_error(client, post, everyone):
    began = timezone.now().timestamp() - 60
    sent_back = send(client, post, name="", text="Efter en stund", token=token_for(post, began=began))
    token = sent_back.context["form"].data["token"]

    send(client, post, text="Efter en stund", token=token)
    send(Client(), post, name="Bo", email="bo@blog.example", text="Genast", token=token_for(post))

    assert Token.read(token).began == began
    assert list(Comment.objects.order_by("pk").values_list("text", "state")) == [
        ("Efter en stund", "visible"), ("Genast", "held"),
    ]  # fmt: skip


def test_burst_from_one_network_holds_the_next(post, everyone):
    network = said(post, "Ett").network_key
    for number in range(screening.NETWORK_BURST):
        make_comment(post, f"Nr {number}", network_key=network)
    late = said(post, "Två")
    Comment.objects.update(created_at=timezone.now() - timedelta(minutes=6))

    assert outcome(late) == ("held", "rule", [{"rule": "network_burst", "comments": 10}])
    assert outcome(said(post, "Tre")) == ("visible", "", [])


def test_burst_of_links_to_one_domain_holds_the_next_from_anywhere(post, everyone):
    others = ["Den här", "Läs mer om det", "Intressant läsning i ämnet", "Titta på det här nu", "Bra sammanfattning"]
    for at, text in enumerate(others):
        said(post, f"{text}: {LINK}?{at}", name=f"Nr {at}", address=f"198.51.{at}.7")

    late = said(post, f"Nu kom jag på {LINK}?sist", name="Eva")

    assert outcome(late) == ("held", "rule", [{"rule": "domain_burst", "domain": "blog.example", "comments": 5}])


def test_filter_learns_from_what_moderators_left_and_took_away(post, everyone):
    yesterday = timezone.now() - timedelta(days=2)
    for at in range(bayes.MIN_LESSONS):
        make_comment(post, f"Billiga klockor och snabba lån {at}", name=f"N{at}", state="spam", created_at=yesterday)
        make_comment(post, f"Det tycker jag om stycke {at} också", name=f"M{at}", created_at=yesterday)
    make_comment(post, "Alldeles ny")
    make_comment(post, "Borttagen", state="removed", created_at=yesterday)

    lesson = lessons.learn()

    assert (lesson.spam, lesson.wanted) == (20, 20)
    spam = said(post, "Snabba lån mot billiga klockor")
    assert (spam.state, [found["rule"] for found in spam.findings]) == ("held", ["bayes"])
    assert outcome(said(post, "Det tycker jag också om, stycke för stycke")) == ("visible", "", [])


def test_new_person_reads_that_they_are_new_whatever_else_is_suspected(post):
    assert outcome(said(post, "Hej!", seconds=1)) == ("held", "new", [{"rule": "fast", "seconds": 1}])


def test_person_is_known_by_a_proved_address_of_which_a_comment_stands(post):
    Comment.objects.filter(pk=said(post, "Ett", email="anna@blog.example").pk).update(state="visible")

    proved = said(post, "Två", email="anna@blog.example", proves_email=True)
    typed = said(post, "Tre", email="anna@blog.example")
    other = said(post, "Fyra", email="bo@blog.example", proves_email=True)

    assert [each.state for each in (proved, typed, other)] == ["visible", "held", "held"]


def test_rule_that_fails_holds_the_comment_and_says_so_in_the_log(post, monkeypatch, caplog):
    monkeypatch.setattr(words, "matching", lambda text, listed: 1 / 0)

    comment = said(post, "Hej!", is_known=True)

    assert outcome(comment) == ("held", "rule", [{"rule": "failed"}])
    assert "could not be screened" in caplog.text
    assert Comment.objects.get().text == "Hej!"


def test_screening_costs_a_fixed_number_of_queries(post, django_assert_num_queries):
    for at in range(30):
        make_comment(make_published(f"Inlägg {at}"), f"{LINK} {at}", state="spam")
        ListedWord.objects.create(word=f"ord{at}")
    lessons.learn()
    Lesson.objects.update(wanted=30)
    links = Comment(
        post=post, name="Anna", text=f"{LINK} {LINK}?2", author_key=b"1" * 16, network_key=b"2" * 16, html=""
    )
    plain = Comment(post=post, name="Anna", text="Hej", author_key=b"1" * 16, network_key=b"2" * 16)

    with django_assert_num_queries(6):  # with a savepoint and its release
        screening.judge(links, Sender(), screening.facts(links, Sender()))
    with django_assert_num_queries(3):
        screening.judge(plain, Sender(is_known=True), screening.facts(plain, Sender(is_known=True)))
