"""Reading the edition's plain text files: posts with a header, and the remarks under them."""

import re
from dataclasses import dataclass
from datetime import timedelta
from email import message_from_string
from pathlib import Path

FOLDER = Path(__file__).parent


@dataclass
class Remark:
    """A comment as it stands in comments/<slug>.txt, under a line such as `== 7 > 3 · Anna Berg · 2 01:15:00 · held`.

    That is: its number, the number that it answers, who wrote it, how long after the post (here two days, an hour
    and a quarter), and marks: a state other than visible, an origin other than the form, the username of a
    person with an account, `picked`, or a web address.
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
        header, _blank, body = path.read_text("utf-8").partition("\n\n")
        yield path.stem, message_from_string(header), body.strip()


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
    return Remark(int(number), int(reply_to) if reply_to else None, name, _duration(after), marks, text.strip())


def _duration(words):
    days, _space, clock = words.rpartition(" ")
    hours, minutes, seconds = map(int, clock.split(":"))
    return timedelta(days=int(days or 0), hours=hours, minutes=minutes, seconds=seconds)
