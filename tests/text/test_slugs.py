"""Addresses made from titles."""

import pytest

from blog.text.slugs import MAX_CHARACTERS, slugify, stem, unique_slug


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Åtta räddningsövningar på Öland", "atta-raddningsovningar-pa-oland"),
        ("Kafé Idé", "kafe-ide"),
        ("Kommunal svarar…", "kommunal-svarar"),
        ("Strateger sökes… eller kontaktnät?", "strateger-sokes-eller-kontaktnat"),
        ("”Sponsrade pins” – vad är det?", "sponsrade-pins-vad-ar-det"),
        ("Linda’s «best» 'n' \"brightest\"", "lindas-best-n-brightest"),
        ("Straße, Łódź, Ærø", "strasse-lodz-aero"),
        ("B2B/B2C", "b2b-b2c"),
        ("2.0", "20"),
        ("مرحبا بالعالم", "مرحبا-بالعالم"),
        ("Привет", "привет"),
        ("🎉🎉", "post"),
        ("   ", "post"),
        ("--a--", "a"),
    ],
)
def test_slugify_keeps_what_a_reader_would_type(title, slug):
    assert slugify(title) == slug


def test_slugify_cuts_between_words():
    slug = slugify("kommunikation " * 20)

    assert len(slug) <= MAX_CHARACTERS
    assert set(slug.split("-")) == {"kommunikation"}


def test_slugify_cuts_one_endless_word():
    assert slugify("a" * 500) == "a" * MAX_CHARACTERS


def test_unique_slug_counts_up_past_what_is_taken():
    assert unique_slug("om-ord", set()) == "om-ord"
    assert unique_slug("om-ord", {"om-ord", "om-ord-2"}) == "om-ord-3"


@pytest.mark.parametrize("wanted", ["om-ord", "a" * MAX_CHARACTERS, "a" * 74 + "-" + "b" * 5])
def test_stem_begins_every_slug_that_may_be_given(wanted):
    taken = {wanted}
    for _ in range(12):
        taken.add(unique_slug(wanted, taken))

    assert len(taken) == 13
    assert all(slug.startswith(stem(wanted)) for slug in taken)


def test_unique_slug_stays_within_the_limit():
    wanted = "a" * MAX_CHARACTERS

    assert len(unique_slug(wanted, {wanted})) <= MAX_CHARACTERS
