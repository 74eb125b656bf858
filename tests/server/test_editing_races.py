"""Two people write at the same instant, on a real site with two processes: no word is lost.

A text is safe if its sender was told that it is saved and it stands in the newest version, or if its sender got the
page with both texts, which also keeps it as unsaved text. Whatever the other did by then - published, moved, deleted,
retagged, discarded - happened once or was refused, and never to a text that they had not seen.
EDITING_PART=1 is the whole trial of more than 200 rounds; usually it is a third of it.
"""

import json
import os
import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from tests.server.conftest import post_at_once
from tests.server.desk import Person, stored

pytestmark = pytest.mark.server

PART = int(os.environ.get("EDITING_PART", 3))  # one round in so many
LIST = "/admin/blog/post/"
HEAD_START = 0.05  # seconds: so that now the one and now the other comes first
TEXT = ["Först kom en bil.", "Sedan kom en buss.", "Så kom ett tåg.", "Till sist kom en båt."]
PREPARE = """
import json
from datetime import timedelta
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from blog.editing import saving
from blog.posts.models import Post
from tests.factories import make_user

def session(user):
    client = Client()
    client.force_login(user)
    return client.cookies["sessionid"].value

def begin(number, by=None, **columns):
    content = {"title": f"Rubrik {number}", "standfirst": "Vad som kom.", "body": BODY, "sign_off": "", "tags": ["väg"],
               "bylines": [], "cover": None, "sources": [], "language": "sv"}
    post = Post(slug=f"post-{number}", **columns)
    saving.begin(post, content, by=by or anna)
    return post

def scheduled(number):
    post = begin(number)
    post.approve(publish_at=tomorrow, by=bo)
    return post

def updated(number):
    post = begin(number)
    post.approve(by=bo)
    saving.save(post, post.revisions.get().content | {"sign_off": "Av redaktionen"}, base=1, by=anna)
    return post

anna, bo, disa = people = [make_user(role, name) for role, name in PEOPLE]
User.objects.update(email="")  # nothing is mailed
tomorrow = timezone.now().replace(second=0, microsecond=0) + timedelta(days=1)
make = {"draft": begin, "planned": lambda number: begin(number, publish_at=tomorrow), "scheduled": scheduled,
        "updated": updated, "disa's": lambda number: begin(number, by=disa)}
posts = {state: [make[state](f"{state[:4]}-{i}").pk for i in range(WANTED[state])] for state in WANTED}
print(json.dumps({"sessions": {user.username: session(user) for user in people}, "posts": posts}))
"""
PEOPLE = [("editor", "anna"), ("editor", "bo"), ("author", "disa")]
WANTED = {"draft": 165, "planned": 10, "scheduled": 10, "updated": 30, "disa's": 15}


class Desk:
    """Two editors, and posts to write in; `seen` counts how the rounds ended."""

    def __init__(self, site, port, database):
        wanted = {state: number // PART for state, number in WANTED.items()}
        given = f"WANTED, PEOPLE, BODY = {wanted!r}, {PEOPLE!r}, {body(*TEXT)!r}\n"
        found = json.loads(site.do(given + PREPARE))
        self.anna, self.bo, self.disa = (Person(port, name, key) for name, key in found["sessions"].items())
        self.posts, self.database, self.seen = found["posts"], database, Counter()

    def rounds(self, number, state="draft"):
        """Yield a part of that many posts in the state: key, and the fields of its form, which both have open."""
        number //= PART
        keys, self.posts[state] = self.posts[state][:number], self.posts[state][number:]
        assert len(keys) == number
        with ThreadPoolExecutor(4) as openers:
            forms = list(openers.map(lambda key: self.bo.open(form_of(key), "base"), keys))
        self.seen["rounds"] += number
        yield from zip(keys, forms, strict=True)

    def stored(self, key):
        return stored(self.database, key)

    def kept(self, key):
        """What is kept as unsaved text of the post: pairs of person and title."""
        query = """
        SELECT username, fields FROM blog_autosave JOIN auth_user ON auth_user.id = user_id WHERE post_id = %s
        """
        return [(name, fields) for name, fields in self.database.execute(query, [key])]

    def ends_of(self, key):
        """How often the trail says that the post was deleted."""
        query = "SELECT count(*) FROM blog_event WHERE post_id = %s AND kind = 'deleted'"
        return self.database.execute(query, [key]).fetchone()[0]

    def one_is_saved_and_one_is_asked(self, key, texts, answers, name):
        """Of two texts for the same place, `texts` by person, one is the newest; the other's sender sees both."""
        assert sorted(map(outcome, answers)) == ["asked", "saved"]
        loser = [outcome(answer) for answer in answers].index("asked")
        winner = 1 - loser
        shown = re.sub(r"<[^>]+>", "", answers[loser][2].decode())
        assert texts[winner][1] in self.stored(key).newest[name]
        assert all(text in shown for _, text in texts)
        [(person, fields)] = self.kept(key)
        assert person == texts[loser][0]
        assert texts[loser][1] in fields[name][0]
        self.seen["both texts shown"] += 1


@pytest.fixture(scope="module")
def desk(site):
    with site.served() as (port, _), site.connect() as database:
        desk = Desk(site, port, database)
        yield desk
        print("\nEditing races:", dict(desk.seen))


def body(*paragraphs):
    return "".join(f"<p>{text}</p>" for text in paragraphs)


def form_of(key):
    return f"{LIST}{key}/change/"


def outcome(answer):
    """What a person was told: "saved", "asked" which of two texts is to stand, or where they were sent."""
    status, headers, page = answer
    if status == 200 and b'name="settled_at"' in page:
        return "asked"
    if status == 302:
        return "saved" if headers["Location"] == LIST else headers["Location"]
    return status, page.decode()


@pytest.mark.parametrize(("first", "second"), [("anna", "bo"), ("anna", "anna")], ids=["two people", "two tabs"])
def test_same_field(desk, first, second):
    for key, form in desk.rounds(20):
        texts = [(first, f"Den{key}ena"), (second, f"Den{key}andra")]

        answers = post_at_once([getattr(desk, name).sends(form_of(key), form, title=text) for name, text in texts])

        desk.one_is_saved_and_one_is_asked(key, texts, answers, "title")


def test_same_paragraph(desk):
    for key, form in desk.rounds(20):
        texts = [("anna", f"Sedan kom en röd{key} buss."), ("bo", f"Sedan kom en blå{key} buss.")]
        bodies = [body(TEXT[0], text, *TEXT[2:]) for _, text in texts]

        answers = post_at_once(
            [desk.anna.sends(form_of(key), form, body=bodies[0]), desk.bo.sends(form_of(key), form, body=bodies[1])]
        )

        desk.one_is_saved_and_one_is_asked(key, texts, answers, "body")


PAIRS = [("title", "standfirst"), ("standfirst", "body"), ("body", "tags"), ("tags", "sign_off"), ("sign_off", "title")]


@pytest.mark.parametrize(("state", "number"), [("draft", 25), ("updated", 15)])
def test_different_fields(desk, state, number):
    for key, form in desk.rounds(number, state):
        ours, theirs = PAIRS[key % len(PAIRS)]
        before = desk.stored(key)
        texts = {name: f"ny-{name}-{key}" for name in (ours, theirs)}
        stand = {name: [text] if name == "tags" else text for name, text in texts.items()}
        if "body" in texts:
            texts["body"] = stand["body"] = body(*TEXT, texts["body"])

        answers = post_at_once(
            [
                desk.anna.sends(form_of(key), form, **{ours: texts[ours]}),
                desk.bo.sends(form_of(key), form, **{theirs: texts[theirs]}),
            ]
        )

        after = desk.stored(key)
        assert [outcome(answer) for answer in answers] == ["saved", "saved"]
        assert after.newest == before.newest | stand
        assert (after.status, after.kinds()) == (before.status, before.kinds())
        assert after.public == (before.public if state == "updated" else after.newest)
        desk.seen["merged"] += 1


def test_different_paragraphs(desk):
    for key, form in desk.rounds(25):
        ours, theirs = [(0, 1), (0, 3), (2, 1), (3, 2), (1, 3)][key % 5]
        mine, yours, both = list(TEXT), list(TEXT), list(TEXT)
        mine[ours] = both[ours] = f"Först {key} kom en cykel."
        yours[theirs] = both[theirs] = f"Därefter {key} kom en häst."

        answers = post_at_once(
            [
                desk.anna.sends(form_of(key), form, body=body(*mine)),
                desk.bo.sends(form_of(key), form, body=body(*yours)),
            ]
        )

        assert [outcome(answer) for answer in answers] == ["saved", "saved"]
        assert desk.stored(key).newest["body"] == body(*both)
        desk.seen["merged"] += 1


def test_save_against_publish(desk):
    """What is published is what the publisher saw; the text saved meanwhile waits as an update, or stops them."""
    for key, form in desk.rounds(20):
        step = f"{LIST}{key}/step/publish/"

        saved, published = post_at_once(
            [
                desk.anna.sends(form_of(key), form, title=f"Ny rubrik {key}"),
                desk.bo.sends(step, {"revision": "1", "confirmed": "1"}),
            ],
            late=(key % 4 - 1) * HEAD_START,
        )

        after = desk.stored(key)
        assert outcome(saved) == "saved"
        assert after.newest["title"] == f"Ny rubrik {key}"
        if outcome(published) == "saved":
            assert (after.status, after.shown, after.head) == ("approved", 1, 2)
            assert after.kinds() == ["created", "approved", "changed"]
        else:
            assert outcome(published) == form_of(key)
            assert (after.status, after.shown, after.head) == ("draft", 2, 2)
            assert after.kinds() == ["created"]
        desk.seen[f"publish came {'first' if after.shown == 1 else 'second'}"] += 1


@pytest.mark.parametrize("state", ["planned", "scheduled"])
def test_save_against_move_in_the_calendar(desk, state):
    """Both stand: the form's hour, which its sender did not touch, does not take the new one back."""
    for key, form in desk.rounds(10, state):
        before = desk.stored(key)
        moved = {"hour_0": "2031-05-01", "hour_1": "08:00", "seen": before.publish_at.isoformat()}

        answers = post_at_once(
            [
                desk.anna.sends(form_of(key), form, title=f"Ny rubrik {key}"),
                desk.bo.sends(f"/admin/calendar/move/{key}/", moved),
            ]
        )

        after = desk.stored(key)
        assert [outcome(answer) for answer in answers] == ["saved", f"/admin/calendar/?month=2031-05#post-{key}"]
        assert after.newest["title"] == f"Ny rubrik {key}"
        assert after.publish_at == datetime(2031, 5, 1, 6, 0, tzinfo=UTC)  # eight o'clock in Stockholm
        assert Counter(after.kinds()) - Counter(before.kinds()) == Counter(
            ["rescheduled"] + (["changed"] if state == "scheduled" else [])
        )


def test_save_against_delete(desk):
    """Who deletes has seen the newest text, or is told; who saves what is gone by then has it in a new draft."""
    for key, form in desk.rounds(20):
        question = desk.bo.open(f"{LIST}{key}/delete/", "post")

        saved, deleted = post_at_once(
            [
                desk.anna.sends(form_of(key), form, title=f"Ny rubrik {key}"),
                desk.bo.sends(f"{LIST}{key}/delete/", question),
            ],
            late=(key % 4 - 1) * HEAD_START,
        )

        after = desk.stored(key)
        title = f"Ny rubrik {key}"
        assert [outcome(saved), outcome(deleted)] == ["saved", "saved"]
        [[there]] = desk.database.execute("SELECT id FROM blog_post WHERE title = %s", [title]).fetchall()
        assert there == key if after else desk.stored(there).kinds() == ["created"]
        assert desk.ends_of(key) == (0 if after else 1)
        desk.seen[f"delete came {'second' if after else 'first'}"] += 1


def test_save_against_handing_in(desk):
    """What its author typed while it went to review, which they may not change now, is kept as unsaved text."""
    for key, form in desk.rounds(15, "disa's"):
        step = f"{LIST}{key}/step/submit/"

        saved, submitted = post_at_once(
            [
                desk.disa.sends(form_of(key), form, title=f"Ny rubrik {key}"),
                desk.disa.sends(step, {"revision": "1", "confirmed": "1"}),
            ],
            late=(key % 4 - 1) * HEAD_START,
        )

        after = desk.stored(key)
        is_first = outcome(submitted) == "saved"
        if is_first:
            [(_, fields)] = desk.kept(key)
            assert fields["title"] == [f"Ny rubrik {key}"]
            assert (after.status, after.head, after.kinds()) == ("in_review", 1, ["created", "submitted"])
            assert outcome(saved) == form_of(key)
        else:
            assert (after.status, after.head, after.kinds()) == ("draft", 2, ["created"])
            assert [outcome(saved), outcome(submitted)] == ["saved", form_of(key)]
            assert after.newest["title"] == f"Ny rubrik {key}"
        desk.seen[f"handing in came {'first' if is_first else 'second'}"] += 1


def test_save_against_bulk_change(desk):
    for key, form in desk.rounds(15):
        answers = post_at_once(
            [
                desk.anna.sends(form_of(key), form, tags="väg, bro"),
                desk.bo.sends("/admin/bulk/", {"post": str(key), "add": "tunnel", "remove": "väg"}),
            ]
        )

        assert [outcome(answer) for answer in answers] == ["saved", "saved"]
        assert desk.stored(key).newest["tags"] == ["bro", "tunnel"]
        desk.seen["merged"] += 1


def test_save_against_discard_of_the_update(desk):
    """Who discards has seen the newest text, or is told; what is saved after it becomes an update of its own."""
    for key, form in desk.rounds(15, "updated"):
        step = f"{LIST}{key}/step/discard/"

        saved, discarded = post_at_once(
            [
                desk.anna.sends(form_of(key), form, title=f"Ny rubrik {key}"),
                desk.bo.sends(step, {"revision": "2", "confirmed": "1"}),
            ],
            late=(key % 4 - 1) * HEAD_START,
        )

        after = desk.stored(key)
        is_first = outcome(discarded) == "saved"
        assert outcome(saved) == "saved"
        assert after.newest["title"] == f"Ny rubrik {key}"
        assert after.newest["sign_off"] == ("" if is_first else "Av redaktionen")
        assert (after.shown, after.head) == ((3, 4) if is_first else (1, 3))
        if not is_first:
            assert outcome(discarded) == form_of(key)
        assert after.kinds() == ["created", "approved", "changed"] + (["discarded", "changed"] if is_first else [])
        desk.seen[f"discard came {'first' if is_first else 'second'}"] += 1
