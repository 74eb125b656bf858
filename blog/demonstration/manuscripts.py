"""Reading the edition's plain text files: posts with a header, and the remarks under them."""

import re
from dataclasses import dataclass
from datetime import timedelta
from email import message_from_string
from pathlib import Path

from django.utils.dateparse import parse_duration

FOLDER = Path(__file__).parent


@dataclass
class Remark:
    """A comment as it stands in comments/<slug>.txt, under a line such as `== 7 > 3 · Anna Berg · 2 01:15:00 · held`.

    That is: its number, the number that it answers, who wrote it, how long after the post (here two days, an hour
    and a quarter), and marks: a state other than visible, an origin other than the form, the username of a
    person with an account, or a web address.
    """

    number: int
    reply_to: int | None
    name: str
    after: timedelta
    marks: list
    text: str

    @property
    def website(self):
        return next((mark for mark in self.marks if mark.startswith("https://")), "")


def posts():
    """Return (slug, header, body) of every manuscript by its slug. The header is a mapping with get() and get_all()."""
    for path in sorted((FOLDER / "posts").glob("*.html")):
        message = message_from_string(path.read_text("utf-8"))
        yield path.stem, message, message.get_payload().strip()


def remarks(slug):
    """Return the Remarks of a post, in the order in which they arrived; [] where nobody has said anything."""
    path = FOLDER / "comments" / f"{slug}.txt"
    if not path.exists():
        return []
    _before, *blocks = re.split(r"^== ", path.read_text("utf-8"), flags=re.MULTILINE)
    return [_remark(*block.split("\n", 1)) for block in blocks]


def _remark(heading, text):
    place, name, after, *marks = heading.split(" · ")
    number, _arrow, reply_to = place.partition(" > ")
    return Remark(int(number), int(reply_to) if reply_to else None, name, parse_duration(after), marks, text.strip())
