"""Reading the query part of an address, which anybody may write."""

MAX_DIGITS = 18  # what fits a bigint, and what int() reads at once


def whole_number(request, name):
    """Return the parameter `name` as an int of at most 18 digits; None if it is missing or anything else."""
    value = request.GET.get(name, "")
    return int(value) if value.isdecimal() and len(value) <= MAX_DIGITS else None
