"""When two comments say the same, and when the same comment is sent again."""

import time

import pytest

from blog.text.fingerprints import author_key, normal_form, submission_key, text_key, without_tracking


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Bra skrivet!", "bra   skrivet!"),
        ("Rad ett\r\n\r\nrad två", "rad ett\nRAD TVÅ"),
        ("Hon sa ”ja”", 'Hon sa "ja"'),
        ("«Ja» sa ’hon’", "\"ja\" sa 'hon'"),
        ("Det är *mycket* bra", "Det är mycket bra"),
        ("> Citat\nsvar", "Citat svar"),
        ("- ett\n- två", "ett två"),
        ("[ord](https://a.example/x)", "ord https://a.example/x"),
        ("<p>Hej &amp; hå</p>", "hej & hå"),
        ("ﬁnt", "fint"),
        ("a\u0308r", "är"),
        ("ord\u00adbok\u200b", "ordbok"),
        ("se https://a.example/x?utm_source=feed&b=1", "se https://a.example/x?b=1"),
        ("se https://a.example/x#utm_source=feed&utm_medium=feed", "se https://a.example/x"),
        ("STRASSE", "straße"),
    ],
)
def test_normal_form_is_equal_for_the_same_words(one, other):
    assert normal_form(one) == normal_form(other)
    assert text_key(one) == text_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Jag håller med", "Jag haller med"),  # letters with dots and rings are letters of their own
        ("Vi ses kl. 10", "Vi ses kl. 11"),
        ("Bra!", "Bra?"),
        ("se https://a.example/x?b=1", "se https://a.example/x?b=2"),
        ("3 < 4", "3 > 4"),
        ("👍", "👎"),
    ],
)
def test_normal_form_differs_where_the_meaning_does(one, other):
    assert normal_form(one) != normal_form(other)


@pytest.mark.parametrize("part", ["[", "![[", "[](", "[a](<b", "[a]("])
def test_normal_form_of_unfinished_links_takes_no_time(part):
    begun = time.perf_counter()

    normal_form(part * (10_000 // len(part)))

    assert time.perf_counter() - begun < 0.05


def test_without_tracking_leaves_other_addresses_as_they_are():
    assert without_tracking("https://a.example/?q=å+ö&b=#top") == "https://a.example/?q=å+ö&b=#top"
    assert without_tracking("https://[broken") == "https://[broken"


def test_author_key_knows_a_person_by_account_then_mail_then_name_and_network():
    assert author_key(user_id=1, email="a@b.se") == author_key(user_id=1, email="c@d.se", name="Anna")
    assert author_key(email=" Anna@B.se ", name="Anna") == author_key(
        email="anna@b.se", name="A. K.", network="10.0.0.9"
    )
    assert author_key(name="Anna  Ek", network="10.0.0.1") == author_key(name="anna ek", network="10.0.0.1")
    assert author_key(name="Anna", network="10.0.0.1") != author_key(name="Anna", network="10.0.0.2")
    assert author_key(name="Anna", network="10.0.0.1") != author_key(name="Bo", network="10.0.0.1")


def test_author_key_depends_on_the_secret(settings):
    before = author_key(email="a@b.se")

    settings.SECRET_KEY = "another"

    assert author_key(email="a@b.se") != before


def test_submission_key_is_the_person_the_place_and_the_words():
    anna, bo = author_key(email="anna@b.se"), author_key(email="bo@b.se")
    key = submission_key(anna, 1, None, "Tack!")

    assert key == submission_key(anna, 1, None, "  Tack!\r\n")
    others = [
        submission_key(bo, 1, None, "Tack!"),
        submission_key(anna, 2, None, "Tack!"),
        submission_key(anna, 1, 7, "Tack!"),
        submission_key(anna, 1, None, "tack!"),
        submission_key(anna, 11, None, "Tack!"),
        submission_key(anna, 1, 1, "Tack!"),
    ]
    assert len({key, *others}) == 7
