"""Parts of addresses. A date is written one way, so that no page has two addresses: /2026/03/, not /2026/3/."""

from django.urls import register_converter


class Year:
    regex = "[0-9]{4}"
    digits = 4

    def to_python(self, value):
        return int(value)

    def to_url(self, value):
        return f"{int(value):0{self.digits}}"


class Month(Year):
    regex = "[0-9]{2}"
    digits = 2


register_converter(Year, "year")
register_converter(Month, "month")
