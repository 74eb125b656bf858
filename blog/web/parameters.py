"""Reading the query part of an address, which anybody may write."""

from datetime import UTC, datetime
from uuid import UUID

MAX_DIGITS = 18  # what fits a bigint, and what int() reads at once


def whole_number(request, name):
    """Return the parameter `name` as an int of at most 18 digits; None if it is missing or anything else."""
    return as_whole_number(request.GET.get(name, ""))


def as_whole_number(text):
    """Return a text of 1 to 18 digits as an int, anything else as None."""
    return int(text) if text.isdecimal() and len(text) <= MAX_DIGITS else None


def as_hour(text):
    """Return a text such as 2026-11-23T08:00:00+01:00 as an aware datetime, anything else as None."""
    try:
        hour = datetime.fromisoformat(text)
        return hour.astimezone(UTC) if hour.tzinfo else None  # PostgreSQL knows no offset of sixteen hours
    except (ValueError, OverflowError):
        return None


def as_uuid(text):
    """Return a text as a UUID, None if it is none."""
    try:
        return UUID(text)
    except ValueError:
        return None
