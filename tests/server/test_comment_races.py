"""A reply arrives at the instant in which what it answers is taken away, on a real site with two processes.

Whoever comes first: no reply is left without what it answers, the counts are the rows, and every text is either stored
or given back in the answer. RACE_ROUNDS=200 plays that many rounds of each kind; usually it is 70 of all together.
"""

import json
import os
from collections import Counter
from urllib.parse import urlsplit

import pytest

from tests.server.conftest import post_at_once
from tests.server.desk import Person

pytestmark = pytest.mark.server

ROUNDS = int(os.environ.get("RACE_ROUNDS", 10))  # of each of the seven kinds
HEAD_START = 0.06  # seconds: so that now the one and now the other comes first
KINDS = ["remove", "hold", "merge", "close", "unpublish", "withdrawal", "erasure"]
PREPARE = """
import json
from django.contrib.auth.models import User
from django.test import Client
from blog.comments.forms import Token
from blog.comments.models import Comment
from blog.comments import groups
from blog.comments.models_duplicates import Member
from blog.receipts import keys
from tests.factories import make_comment, make_published, make_user

def session(role):
    client = Client()
    client.force_login(make_user(role, f"{role}-racing"))
    return client.cookies["sessionid"].value

def race(kind, number):
    post = make_published(f"{kind} {number}")
    parents = [make_comment(post, "Fråga").pk for _ in range(2)]
    if number % 2:
        parents.reverse()
    answered = Comment.objects.get(pk=parents[0])
    return {"post": post.pk, "path": post.get_absolute_url(), "parents": parents,
            "answered": answered.number, "receipt": keys.address_of(answered),
            "token": Token(post.pk, 2, asked=True).sign()}

races = {kind: [race(kind, number) for number in range(ROUNDS)] for kind in KINDS}
groups.catch_up()
for each in races["merge"]:
    each["group"] = Member.objects.get(comment=each["parents"][0]).group_id

sessions = {role: session(role) for role in ("editor", "moderator")}
User.objects.update(email="")  # nothing is mailed
print(json.dumps({"sessions": sessions, "races": races}))
"""
ORPHANS = """
SELECT count(*) FROM blog_comment c LEFT JOIN blog_comment p ON p.id = c.parent_id
WHERE (c.parent_id IS NOT NULL AND (p.id IS NULL OR p.post_id <> c.post_id)) OR p.state = 'merged'
   OR c.path IS DISTINCT FROM p.path[1:100] || c.number::bigint
"""
WRONG_COUNTS = """
SELECT count(*) FROM blog_discussion d LEFT JOIN LATERAL (
    SELECT count(*) FILTER (WHERE kind = 'comment') AS comments, count(*) FILTER (WHERE kind = 'mention') AS mentions,
           count(*) FILTER (WHERE kind = 'merged') AS merged, max(number) AS last
    FROM (SELECT number, blog_counted_as(state, origin) AS kind FROM blog_comment WHERE post_id = d.post_id) each
) counted ON true
WHERE (d.visible_comments, d.visible_mentions, d.merged_comments) <> (comments, mentions, merged) OR last > last_number
"""
STORED = "SELECT count(*) FROM blog_comment WHERE text = %s"


class Races:
    def __init__(self, site, port, database):
        found = json.loads(site.do(f"ROUNDS, KINDS = {ROUNDS}, {KINDS!r}\n{PREPARE}"))
        self.people = {role: Person(port, role, key) for role, key in found["sessions"].items()}
        self.races, self.database, self.port, self.seen = found["races"], database, port, Counter()

    def reply(self, race, text):
        form = {"name": "Anna", "text": text, "reply_to": race["answered"], "token": race["token"]}
        return self.port, f"{race['path']}comments/write/", form, {}

    def end_of(self, kind, race):
        """What takes away that which is answered, as a request of the staff, or of its writer by the receipt."""
        post = f"/admin/blog/post/{race['post']}/"
        match kind:
            case "remove" | "hold":
                chosen = {"action": kind, "_selected_action": str(race["parents"][0])}
                return self.people["moderator"].sends("/admin/blog/comment/", chosen)
            case "merge":  # what is answered is the copy in every second race
                chosen = {"comment": [str(pk) for pk in race["parents"]], "group": str(race["group"])}
                chosen |= {f"keep-{race['group']}": str(race["parents"][1]), "merge": str(race["group"])}
                return self.people["moderator"].sends("/admin/blog/batch/duplicates/", chosen)
            case "close":
                form = self.people["editor"].open(f"{post}change/", "base")
                return self.people["editor"].sends(f"{post}change/", form, comment_policy="closed")
            case "unpublish":
                return self.people["editor"].sends(f"{post}step/unpublish/", {"revision": "0", "confirmed": "1"})
            case "withdrawal" | "erasure":  # a field, since the last byte is what starts the race
                return self.port, f"{urlsplit(race['receipt']).path}{kind}/", {"sure": "1"}, {}

    def is_ended(self, kind, race):
        of_post = "SELECT count(*) = 1 FROM blog_comment WHERE post_id = %s AND state"
        query = {
            "remove": f"{of_post} = 'removed'",
            "hold": f"{of_post} = 'held' AND parent_id IS NULL",  # a reply may be held too, by a rule
            "merge": f"{of_post} = 'merged'",
            "close": "SELECT comment_policy = 'closed' FROM blog_post WHERE id = %s",
            "unpublish": "SELECT status = 'draft' FROM blog_post WHERE id = %s",
            "withdrawal": f"{of_post} = 'withdrawn'",
            "erasure": f"{of_post} = 'erased' AND text = ''",
        }[kind]
        return self.database.execute(query, [race["post"]]).fetchone()[0]


@pytest.fixture(scope="module")
def races(site):
    with site.served() as (port, _), site.connect() as database:
        races = Races(site, port, database)
        yield races
        print("\nReplies:", dict(races.seen))


@pytest.mark.parametrize("kind", KINDS)
def test_reply_against_the_end_of_what_it_answers(races, kind):
    for number, race in enumerate(races.races[kind]):
        text = f"Svar {number} mot {kind}"
        requests = [races.reply(race, text), races.end_of(kind, race)]

        reply, end = post_at_once(requests, late=(number % 5 - 1) * HEAD_START)

        is_stored = reply[0] == 302
        stored = races.database.execute(STORED, [text]).fetchone()[0]
        assert (reply[0], end[0]) in [(302, 302), (422, 302), (404, 302)]
        assert stored == is_stored
        assert is_stored or text in reply[2].decode()
        assert races.is_ended(kind, race)
        races.seen[f"{kind}: {'stored' if is_stored else 'given back'}"] += 1

    assert races.database.execute(ORPHANS).fetchone()[0] == 0
    assert races.database.execute(WRONG_COUNTS).fetchone()[0] == 0
