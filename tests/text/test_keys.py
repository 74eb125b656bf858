"""The numbers by which a database finds texts of the same or nearly the same wording."""

import pytest

from blog.text.keys import BANDS, keys_of
from blog.text.wording import read

SAID = "Tack för en bra artikel om hur man väljer rätt kommatecken, och när man låter bli att sätta något alls!"


def test_keys_stay_what_they_are():
    # They are stored: if this fails, wording.VERSION has to be raised.
    found = keys_of(read(SAID))

    assert (found.full, found.core, found.bands[0], found.bands[-1]) == (
        -777959051833257905,
        -777959051833257905,
        415761503433549183,
        -3544192281677027867,
    )


def test_same_words_have_the_same_keys():
    assert keys_of(read(SAID)) == keys_of(read(f"  {SAID.upper()} 👍"))


def test_greeting_and_link_change_the_full_key_alone():
    plain, other = keys_of(read(SAID)), keys_of(read(f"Hej Anna! {SAID} https://a.example/"))

    assert plain.full != other.full
    assert (plain.core, plain.bands) == (other.core, other.bands)


def test_nearly_the_same_words_share_bands_and_others_none():
    plain = set(keys_of(read(SAID)).bands)

    assert plain & set(keys_of(read(SAID.replace("rätt", "fel"))).bands)
    assert not plain & set(keys_of(read("Jag håller inte med om att ett kommatecken alltid måste vara en paus.")).bands)


def test_numbers_do_not_matter_for_the_bands():
    assert keys_of(read(f"{SAID} 12")).bands == keys_of(read(f"{SAID} 7")).bands


@pytest.mark.parametrize("text", ["", "Tack!", "x" * 39])
def test_short_text_has_no_bands(text):
    assert keys_of(read(text)).bands == ()


@pytest.mark.parametrize("text", ["x" * 40, "👍" * 50, "\ud800" * 50, "ord " * 2000])
def test_any_long_text_has_all_bands_within_bigint(text):
    found = keys_of(read(text))

    assert len(found.bands) == BANDS
    assert all(-(2**63) <= key < 2**63 for key in (found.full, found.core, *found.bands))
