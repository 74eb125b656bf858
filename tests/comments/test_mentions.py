"""Names behind an "@", as people type them."""

import pytest

from blog.comments import mentions
from blog.comments.mentions import find, people
from tests.factories import make_comment, make_published

ASA, BO, JAN = {"Åsa Ek": 1}, {"Bo": 2}, {"Jan-Åke Öberg": 3}
ALL = ASA | BO | JAN


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("@Åsa Ek har rätt", {"Åsa Ek": 1}),
        ("@åsa ek har rätt", {"åsa ek": 1}),
        ("@Asa Ek", {"Asa Ek": 1}),
        ("@asaek", {"asaek": 1}),
        ("@ÅSA-EK!", {"ÅSA-EK": 1}),
        ("@A\u030asa Ek", {"A\u030asa Ek": 1}),  # the ring as a character of its own
        ("@Åsa: ja", {"Åsa": 1}),
        ("@Åsa Ek, @Bo och @jan-åke.", {"Åsa Ek": 1, "Bo": 2, "jan-åke": 3}),
        ("(@Bo)", {"Bo": 2}),
        ("@Bo's", {}),  # not a name that anybody has
        ("@Bo.", {"Bo": 2}),
        ("@JanÅke Öberg", {"JanÅke Öberg": 3}),
        ("@Jan Åke Oberg", {"Jan Åke Oberg": 3}),
        ("@Bo\nEk", {"Bo": 2}),
        ("@Ek", {}),
        ("@Åsa Eklund", {"Åsa": 1}),
        ("anna@Bo", {}),
        ("@@Bo", {"Bo": 2}),
        ("@ Bo", {}),
        ("@Karin", {}),
        ("@_", {}),
        ("@", {}),
    ],
)
def test_find_reads_names_as_people_type_them(text, found):
    assert find(text, ALL) == found


def test_first_name_that_two_people_have_is_left_alone():
    both = {"Åsa Ek": 1, "Åsa Lind": 2}

    assert find("@Åsa, eller @Åsa Lind", both) == {"Åsa Lind": 2}


def test_person_who_is_called_by_the_first_name_alone_comes_first():
    assert find("@Bo", {"Bo Ek": 1, "Bo": 2, "Bo Lind": 3}) == {"Bo": 2}


def test_of_several_spellings_the_typed_one_counts_else_the_newest():
    spellings = {"Åsa Ek": 1, "ASA EK": 7, "asaek": 4}

    assert find("@Åsa Ek, @asaek, @asa ek, @Åsa", spellings) == {"Åsa Ek": 1, "asaek": 4, "asa ek": 7, "Åsa": 7}


@pytest.mark.parametrize("name", ["★", "…", "_", "", " "])
def test_name_of_signs_alone_is_nobodys(name):
    assert find("@_ @★ @", {name: 1}) == {}


def test_a_flood_of_names_is_looked_at_once_each(monkeypatch):
    plain, looked_at = mentions._plain, []
    monkeypatch.setattr(mentions, "_plain", lambda name: looked_at.append(name) or plain(name))

    assert find("@a" * 5_000, {"Bo": 1}) == {}
    assert find("@a b c d e f g " * 600, {"Bo": 1}) == {}

    assert len(looked_at) < 600 * (mentions.MAX_WORDS + 1) + 20


# --- Who can be mentioned


@pytest.mark.django_db
def test_people_are_those_whom_everybody_sees_in_the_thread(post, django_assert_num_queries):
    first = make_comment(post, name="Åsa")
    make_comment(post, "Svar", name="Bo", parent=first)
    newest = make_comment(post, "Mer", name="Åsa", parent=first)
    make_comment(post, "Dold", name="Spam", parent=first, state="spam")
    make_comment(post, "Väntar", name="Hemlig", parent=first, state="held")
    elsewhere = make_comment(post, "En annan tråd", name="Cia")
    make_comment(make_published("En annan"), "Annat", name="Disa")

    with django_assert_num_queries(2):
        in_thread, in_post = people(post, first.thread), people(post)

    assert in_thread == {"Åsa": newest.number, "Bo": 2}
    assert in_post == in_thread | {"Cia": elsewhere.number}


@pytest.mark.django_db
def test_people_are_the_newest_of_a_long_thread(post, monkeypatch):
    monkeypatch.setattr(mentions, "CANDIDATES", 2)
    for name in ("Anna", "Bo", "Cia"):
        make_comment(post, name, name=name)

    assert people(post) == {"Bo": 2, "Cia": 3}


@pytest.mark.django_db
def test_a_text_without_a_name_asks_the_database_nothing(post, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert mentions.in_reply(post, None, "Bra skrivet.") == {}


@pytest.mark.django_db
def test_a_new_thread_may_mention_everybody_on_the_post(post):
    bo = make_comment(post, name="Bo")

    assert mentions.in_reply(post, None, "Som @Bo skrev") == {"Bo": bo.number}
