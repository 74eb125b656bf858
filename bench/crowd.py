"""Very many comments, of which is known which say the same: for the bench of duplicates.

Half of them are of Zipf's words, half of the demonstration edition's sentences with some words exchanged. Planted are
doubles of one person, copies by others, texts that their writers changed a little, and campaigns. The name of a
comment says what it is: "Person 12 of 345" has the same text, or nearly, as all that are "of 345".
"""

import random
import re
from datetime import UTC, datetime, timedelta
from itertools import count

from bench import loading, writer
from bench.writer import Writer
from blog.comments.models import Comment
from blog.demonstration import manuscripts
from blog.posts.models import Post
from blog.posts.workflow import Status
from blog.text import markup
from blog.text.fingerprints import author_key

SEED = 700
POSTS, PEOPLE = 2_000, 50_000
YEARS = timedelta(days=5 * 365)
DOUBLES, COPIES, EDITS, SHORT = 0.03, 0.01, 0.02, 0.05  # shares of all comments
CAMPAIGNS = (0.005, 0.002, 0.001, 0.001, 0.0005)
THANKS = ["Tack!", "Tack så mycket", "Bra skrivet!", "Instämmer.", "+1", "Ja!", "👍", "Så sant", "Haha", "Bra!"]
COLUMNS = (
    "id, post_id, number, path, name, email, website, text, html, markup_version, mentions, state, reason, findings,"
    " origin, created_at, told_at, author_key, submission_key"
)
PENDING = """
INSERT INTO blog_fingerprint (comment_id, version, "full", core, characters, domains)
SELECT id, 0, 0, 0, 0, '{}' FROM blog_comment
"""


class Crowd:
    """Writes the comments of a site in the order of their arrival."""

    def __init__(self, size):
        self.size, self.chance = size, random.Random(SEED)
        self.writer = Writer(self.chance)
        said = " ".join(
            remark.text for slug, _header, _body in manuscripts.posts() for remark in manuscripts.remarks(slug)
        )
        self.sentences = [each.strip() for each in re.split(r"(?<=[.!?])\s+", said) if 30 < len(each) < 160]
        self.campaigns = [(self.text(), round(share * size)) for share in CAMPAIGNS]

    def text(self):
        if self.chance.random() < 0.5:
            return " ".join(self.writer.sentence() for _ in range(self.chance.randint(2, 6)))
        words = " ".join(self.chance.choices(self.sentences, k=self.chance.randint(2, 4))).split()
        for at in range(self.chance.randrange(2), len(words), 2):  # else everybody would say the same sentences
            words[at] = self.writer.some_words(1)[0]
        return " ".join(words)

    def changed(self, text):
        """One word of it is another one, and nothing else: what a person does who sends it again."""
        words = text.split()
        words[self.chance.randrange(len(words))] = self.writer.some_words(1)[0]
        return " ".join(words)

    def comments(self):
        """Yield (person, group, post, text, seconds after the one before)."""
        chance, step = self.chance, YEARS.total_seconds() / self.size
        groups = count(1)
        campaign = [(f"c{number}", text) for number, (text, many) in enumerate(self.campaigns) for _ in range(many)]
        chance.shuffle(campaign)
        shares = (DOUBLES, COPIES, EDITS, SHORT, len(campaign) / self.size)
        kinds = chance.choices(
            ["double", "copy", "edit", "short", "campaign", "new"], [*shares, 1 - sum(shares)], k=self.size
        )
        last = (0, "g0", 1, self.text())
        for kind in kinds:
            person, post = chance.randrange(PEOPLE), 1 + int(POSTS * chance.random() ** 3)
            if kind == "campaign" and campaign:
                group, text = campaign.pop()
                yield person, group, post, f"{text} https://site-{chance.randrange(90)}.example/", step
            elif kind == "short":
                yield person, f"g{next(groups)}", post, chance.choice(THANKS), step
            elif kind in ("double", "edit") and len(last[3]) > 120:
                text = last[3] if kind == "double" else self.changed(last[3])
                yield last[0], last[1], last[2], text, 20
            elif kind == "copy" and len(last[3]) > 120:
                yield person, last[1], post, last[3], step
            else:
                last = person, f"g{next(groups)}", post, self.text()
                yield *last, step


def ensure_loaded(size):
    """Fill the bench's database, unless it holds this crowd already; return whether it had to be filled."""
    return loading.ensure(size, [__file__, writer.__file__], load)


def load(size, cursor):
    """Write a crowd of this size into empty tables."""
    _write_posts()
    with loading.bare(cursor, Comment), cursor.copy(f"COPY blog_comment ({COLUMNS}) FROM STDIN") as copy:
        for row in _rows(size):
            copy.write_row(row)
    cursor.execute(loading.DISCUSSIONS)
    cursor.execute(PENDING)
    cursor.execute("SELECT setval(pg_get_serial_sequence('blog_comment', 'id'), %s)", [size])


def _write_posts():
    hour = datetime.now(UTC) - YEARS
    dates = {"publish_at": hour, "first_published_at": hour, "created_at": hour, "updated_at": hour}
    Post.objects.bulk_create(
        Post(pk=pk, title=f"Post {pk}", slug=f"post-{pk}", body="<p>…</p>", status=Status.APPROVED, **dates)
        for pk in range(1, POSTS + 2)
    )


def _rows(size):
    hour = datetime.now(UTC) - YEARS
    numbers = [0] * (POSTS + 2)
    keys = [author_key(name=f"Person {person}") for person in range(PEOPLE)]
    chance = random.Random(SEED)
    for pk, (person, group, post, text, seconds) in enumerate(Crowd(size).comments(), 1):
        numbers[post] += 1
        hour += timedelta(seconds=seconds)
        state = "held" if chance.random() < 0.001 else "spam" if chance.random() < 0.02 else "visible"
        yield (
            pk, post, numbers[post], [numbers[post]], f"Person {person} of {group}", "", "", text, f"<p>{text}</p>",
            markup.VERSION, "{}", state, "new" if state == "held" else "", "[]", "import", hour, hour, keys[person],
            pk.to_bytes(16, "big"),
        )  # fmt: skip
