"""The audit trail outside the site: rows to keep where nobody here can touch them."""

import csv
import json
from datetime import UTC

from blog.posts.events import Event

# A spreadsheet takes a cell that begins so for a formula (OWASP, CSV injection).
FORMULA_BEGINNINGS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
BYTE_ORDER_MARK = "\ufeff"  # without it Excel takes UTF-8 for something else
CHUNK = 2000  # rows in memory at once


def csv_lines(events):
    """Yield the lines of a table for spreadsheets, oldest event first, its head included."""
    writer = csv.DictWriter(Echo(), list(_row(Event())))
    yield BYTE_ORDER_MARK + writer.writeheader()
    for event in _in_order(events):
        yield writer.writerow({name: harmless(value) for name, value in _row(event).items()})


def json_lines(events):
    """Yield a JSON object for each event, oldest first, with a line break behind each."""
    for event in _in_order(events):
        yield json.dumps(_row(event), ensure_ascii=False) + "\n"


class Echo:
    """What csv writes to: gives each line back."""

    def write(self, line):
        return line


def _in_order(events):
    return events.order_by("pk").iterator(chunk_size=CHUNK)


def _row(event):
    """The columns of both exports. Times are UTC; the post and the account may be gone."""
    return {
        "number": event.pk,
        "at": _time(event.at),
        "post": event.post_id,
        "title": event.title,
        "event": event.kind,
        "of_update": event.of_update,
        "account": event.by_id,
        "person": event.by_name,
        "from": event.from_status,
        "to": event.to_status,
        "publish_at": _time(event.publish_at),
        "version": event.revision,
        "note": event.note,
    }


def _time(moment):
    return moment and moment.astimezone(UTC).isoformat()


def harmless(value):
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_BEGINNINGS) else value
