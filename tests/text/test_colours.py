"""How well colours are read."""

import pytest

from blog.text.colours import between, contrast


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [("#000000", "#ffffff", 21), ("#777777", "#ffffff", 4.48), ("#9a2a1b", "#fcfbf8", 7.46), ("#abcdef", "#abcdef", 1)],
)
def test_contrast_is_that_of_wcag_in_either_order(one, other, expected):
    assert contrast(one, other) == contrast(other, one) == pytest.approx(expected, abs=0.05)


def test_between_lies_on_the_way():
    assert [between("#000000", "#ff8000", share) for share in (0, 0.5, 1)] == ["#000000", "#804000", "#ff8000"]
