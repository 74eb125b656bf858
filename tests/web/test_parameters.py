"""What anybody may write into an address."""

from datetime import UTC, datetime

import pytest

from blog.web.parameters import as_hour, as_whole_number


@pytest.mark.parametrize(
    "text", ["", "x", "2026-11-23", "2026-11-23T08:00:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"]
)
def test_what_is_no_hour_is_none(text):
    assert as_hour(text) is None


def test_hour_is_one_that_the_database_can_read():
    assert as_hour("2026-11-23T08:00:00+23:00") == datetime(2026, 11, 22, 9, tzinfo=UTC)
    assert as_hour("2026-11-23T08:00:00+23:00").tzinfo == UTC


@pytest.mark.parametrize(("text", "number"), [("7", 7), ("-7", None), ("", None), ("²", None), ("9" * 19, None)])
def test_whole_number_has_at_most_eighteen_digits(text, number):
    assert as_whole_number(text) == number
