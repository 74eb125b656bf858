import re

import pytest

from blog.text.avatars import HUES, avatar, initials


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Åsa Ek", "ÅE"), ("anna", "A"), ("Karin von der Ek", "KE"), ("  Bo  ", "B"), ("ßen", "S"), ("𝒜", "𝒜"),
        ("Z̸̢̛͉͝algo Ÿ̷", "ZŸ"), ("مريم علي", "مع"), ("<b> x", "BX"), ("🙂", "·"), ("", "·"), ("'; --", "·"),
    ],
)  # fmt: skip
def test_initials_are_those_of_the_first_and_the_last_word(name, letters):
    assert initials(name) == letters


def test_avatar_is_the_same_for_the_same_name_and_holds_nothing_of_it_but_initials():
    drawn = {avatar(name) for name in ("Åsa Ek", "åsa  EK", "A\u030asa Ek")}

    assert len(drawn) == 1
    assert re.fullmatch(r'<span class="avatar hue-\d" [^<]*>ÅE</span>', drawn.pop())


def test_every_hue_is_used():
    hues = {avatar(f"Läsare {number}").split("hue-")[1][0] for number in range(200)}

    assert hues == {str(number) for number in range(HUES)}
