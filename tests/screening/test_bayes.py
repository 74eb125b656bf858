"""The filter that learns: from decisions, in hashes, and not before it knows enough."""

import pytest
from django.db import connection

from blog.screening import bayes, links
from blog.screening.models import Lesson, Token

pytestmark = pytest.mark.django_db
SPAM = [(f"Billiga klockor och snabba lån nummer {at}", {"klockor.example"}, True) for at in range(20)]
WANTED = [(f"Jag håller med om det du skriver i stycke {at}", set(), False) for at in range(20)]


def learned():
    with connection.cursor() as cursor:
        cursor.execute(bayes.LEARNED)
        return cursor.fetchone()


def test_filter_tells_spam_from_what_is_wanted():
    bayes.learn([*SPAM, *WANTED])

    scores = [
        bayes.score(*said, learned())
        for said in [
            ("Snabba lån och billiga klockor", {"klockor.example"}),
            ("Du skriver som jag håller med om", set()),
            ("Okända glosor överallt", set()),
        ]
    ]

    assert scores[0] > 0.99
    assert scores[1] < 0.01
    assert bayes.IS_SPAM > scores[2] > 0.1


def test_filter_says_nothing_before_it_has_learned_enough():
    bayes.learn([*SPAM, *WANTED[:19]])

    assert bayes.score("Billiga klockor", {"klockor.example"}, learned()) is None
    assert Lesson.objects.values_list("spam", "wanted").get() == (20, 19)


def test_filter_forgets_what_it_learned_before():
    bayes.learn([*SPAM, *WANTED])
    bayes.learn(WANTED)

    assert not Token.objects.filter(spam__gt=0).exists()
    assert Lesson.objects.values_list("spam", "wanted").get() == (0, 20)


def test_no_word_can_be_read_from_what_is_kept_nor_tried_without_the_secret(settings):
    bayes.learn([*SPAM, ("hemligheten", set(), False)])
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(t::text, ' ') FROM blog_token t")
        kept = cursor.fetchone()[0]
    key = bayes.key("klockor")
    settings.SECRET_KEY = "another" * 9

    assert "klockor" not in kept
    assert bayes.key("klockor") != key
    assert not Token.objects.filter(token=bayes.key("hemligheten")).exists()


def test_domains_are_known_from_spam_that_no_wanted_comment_links_to():
    bayes.learn([*SPAM, ("Se", {"klockor.example", "tidning.example"}, True), ("Se", {"tidning.example"}, False),
                 ("En", {"en.example"}, True)])  # fmt: skip

    known = links.known_from_spam({"klockor.example", "tidning.example", "en.example", "ny.example"})

    assert known == ["klockor.example"]


@pytest.mark.parametrize("text", ["", "🙂", "a " * 5000, "\ud800"])
def test_any_text_has_a_score(text):
    bayes.learn([*SPAM, *WANTED])

    assert 0 <= bayes.score(text, set(), learned()) <= 1
