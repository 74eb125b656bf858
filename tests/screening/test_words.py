"""Listed words: found as whole words and in every inflection, and hidden by nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blog.screening import words

LETTERS = "abcdefghijklmnopqrstuvwxyzåäö"
WORDS = st.text(LETTERS, min_size=3, max_size=12)


@pytest.mark.parametrize(
    ("listed", "forms"),
    [
        ("kasino", "kasino kasinot kasinon kasinona kasinos kasinots Kasinonas"),
        ("casino", "casino casinos casino’s casino's CASINOES"),
        ("flicka", "flicka flickan flickor flickorna flickornas"),
        ("pojke", "pojke pojken pojkar pojkarnas"),
        ("bil", "bilen bilar bilarna"),
        ("program", "programmet programmen programs"),
        ("nyckel", "nyckeln nycklar nycklarna"),
        ("billig", "billigt billiga billigare billigast"),
        ("spela", "spelar spelade spelat spelas"),
        ("lottery", "lottery lotteries lotterys"),
    ],
)
def test_listed_word_is_found_in_its_inflections(listed, forms):
    for form in forms.split():
        assert words.matching(f"Här är {form}, ja.", (listed,)) == [listed], form


@pytest.mark.parametrize(
    ("listed", "text"),
    [
        ("kasino", "kasinorätt akasino minikasino kasinobord"),
        ("apa", "kapa apparat skapa"),
        ("bår", "bar bars baren"),
        ("bar", "bår båren"),
        ("ko", "kon kor"),
        ("gratis pengar", "gratis och pengar, pengar gratis"),
    ],
)
def test_listed_word_is_not_found_in_other_words(listed, text):
    assert words.matching(text, (listed,)) == []


@pytest.mark.parametrize(
    "text",
    [
        "kas\u200bino", "kаsinо", "k\u00adasino", "ｋａｓｉｎｏ", "KASINO!", "kas**ino**", "k̶a̶sino", "<b>kas</b>ino",
        "&#107;asino",
    ],
)  # fmt: skip
def test_nothing_hides_a_listed_word(text):
    assert words.matching(f"Spela på {text} i dag", ("kasino",)) == ["kasino"]


def test_several_words_in_a_row_are_found_in_their_inflections():
    assert words.matching("Gratis pengarna, nu!", ("gratis pengar", "gratis lån")) == ["gratis pengar"]


@given(WORDS, st.sampled_from(LETTERS), WORDS)
def test_words_never_match_inside_longer_ones(word, letter, rest):
    longer = f"{letter}{rest}{word}"

    found = words.matching(f"Se {longer} här", (word,))

    assert found == ([word] if longer in words.forms(word) else [])


@given(WORDS, st.data())
def test_words_are_always_found_in_their_forms(word, data):
    form = data.draw(st.sampled_from(sorted(words.forms(word))))

    assert word in words.matching(f"»{form.upper()}« – sa hon", (word,))


def test_another_list_counts_at_once():
    assert words.matching("Kasinot!", ("kasino",)) == ["kasino"]

    assert [words.matching(text, ("lotteri",)) for text in ("Kasinot!", "Lotteriet!")] == [[], ["lotteri"]]
