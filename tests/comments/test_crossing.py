"""What was said while somebody wrote, and what was said already."""

import pytest

from blog.comments import crossing
from blog.comments.crossing import replies_since, said_already
from blog.comments.models import Comment
from tests.factories import make_comment, make_published

pytestmark = pytest.mark.django_db
TEXT = "Kommatecknet är en paus, och den som läser högt hör det."


def numbers(comments):
    return [comment.number for comment in comments]


def test_replies_are_those_of_the_thread_which_everybody_sees_and_that_are_newer(post):
    root = make_comment(post, "Fråga")
    early = make_comment(post, "Tidigt svar", parent=root)
    other = make_comment(post, "En annan tråd")
    make_comment(post, "Svar i den andra", parent=other)
    deep = make_comment(post, "Svar på svaret", parent=early)
    make_comment(post, "Väntar", parent=root, state="held")
    own = make_comment(post, "Mitt eget", parent=root)
    last = make_comment(post, "Sist", parent=root)

    assert replies_since(root, early.shown, own=[own.pk]) == [deep, last]
    assert replies_since(deep, deep.shown, own=[own.pk]) == [last]
    assert replies_since(root, last.shown) == []


def test_reply_that_was_let_through_meanwhile_has_crossed(post):
    root = make_comment(post, "Fråga")
    held = make_comment(post, "Väntar", parent=root, state="held")
    seen = make_comment(post, "Sist", parent=root).shown

    Comment.objects.filter(pk=held.pk).update(state="visible")

    assert replies_since(root, seen) == [held]


def test_replies_are_the_first_of_many_with_what_a_page_needs(post, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(crossing, "SHOWN", 3)
    root = make_comment(post, "Fråga")
    for number in range(5):
        make_comment(post, f"Svar {number}", parent=root)

    with django_assert_num_queries(1):
        shown = replies_since(root, root.shown)
        assert [comment.parent.name for comment in shown] == ["Anna"] * 3

    assert numbers(shown) == [2, 3, 4]


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        TEXT.upper(),
        f"> {TEXT}",
        "Kommatecknet är en paus och den som läser högt hör det!",
        "Ja: kommatecknet är en paus, och den som läser högt hör nog det.",
    ],
)
def test_nearly_the_same_was_said_already(post, text):
    make_comment(post, "Något helt annat om semikolon och deras plats i en mening.")
    said = make_comment(post, TEXT)

    assert said_already(post, text) == said


@pytest.mark.parametrize(
    "text", ["", "Kommatecknet är en paus.", "Den som läser högt hör semikolonet, punkten och frågetecknet."]
)
def test_something_else_was_not(post, text):
    make_comment(post, TEXT)

    assert said_already(post, text) is None


def test_short_texts_are_the_same_only_word_for_word(post):
    agreed = make_comment(post, "Jag håller med.")

    assert said_already(post, "jag håller med") == agreed
    assert said_already(post, "Jag håller inte med.") is None


def test_the_closest_counts_and_neither_ones_own_nor_what_nobody_sees(post):
    close = make_comment(post, f"{TEXT} Alltid.")
    make_comment(post, TEXT, state="held")
    make_comment(make_published("En annan"), TEXT)
    own = make_comment(post, TEXT)

    assert said_already(post, TEXT, own=[own.pk]) == close
    assert said_already(post, TEXT) == own


def test_of_a_long_discussion_and_of_long_texts_only_so_much_is_read(post, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(crossing, "COMPARED", 2)
    make_comment(post, TEXT)
    make_comment(post, "Annat")
    long = make_comment(post, f"{'ord ' * 250}{TEXT}")
    read = []
    monkeypatch.setattr(crossing, "words_of", lambda text: read.append(len(text)) or {text})

    with django_assert_num_queries(1):
        said = said_already(post, long.text)

    assert said == long
    assert read == [1_000, 1_000, 5]
