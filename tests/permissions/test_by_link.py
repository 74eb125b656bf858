"""Who holds a review link reads that version, notes and decides; and everything else is as closed as before."""

from datetime import timedelta
from itertools import product
from urllib.parse import urlsplit
from uuid import uuid4

import pytest

from blog.review import seats
from tests.permissions.canaries import sung, words
from tests.permissions.ledger import Ledger
from tests.permissions.place import Place
from tests.permissions.visits import ELSEWHERE, FORGED, OF_POSTS
from tests.permissions.walking import JOBS, ask, name_of, walk
from tests.permissions.world import make_world

NOTE = {"text": "Stryk det.", "form_key": str(uuid4()), "block": "1"}
DECISION = {"decision": "changes", "note": "Längre."}


@pytest.fixture
def world(db):
    return make_world(["another"], ["in review", "published", "scheduled update, rewritten"], words)


def link_to(post):
    return urlsplit(seats.address_of(post.key)).path


@pytest.mark.parametrize("state", ["in review", "scheduled update, rewritten"])
def test_link_shows_one_version_and_nothing_beside_it(world, reader, state):
    post = world.posts["another", state]
    versions = list(post.revisions.order_by("number"))
    newest = versions[-1].content["title"]

    page = reader.get(link_to(post))

    heard = {each for each in sung(page, "") if each.startswith("kanarietitle")}
    public = {post.title for post in world.posts.values() if post.is_public()}
    assert newest in heard
    assert heard - public == {newest}
    assert "Stryk." not in page.text  # what the staff note among themselves
    assert not page.cookies


def test_link_lets_its_holder_note_and_decide(world, reader):
    post, ledger = world.posts["another", "in review"], Ledger()

    _answer, noted = ask(reader, ledger, "POST", link_to(post) + "notes/", FORGED | NOTE)
    _answer, decided = ask(reader, ledger, "POST", link_to(post) + "decision/", FORGED | DECISION)

    assert set.union(*map(name_of, noted)) == {"note"}
    assert [(row.after["seat_id"], row.after["user_id"], row.after["post_id"]) for row in noted] == [
        (post.seat.pk, None, post.pk)
    ]
    assert set.union(*map(name_of, decided)) - set(JOBS.split()) == {"event", "post.status", "seat"}
    assert {row.after["post_id"] for row in decided if row.table == "blog_event"} == {post.pk}


def test_dead_link_opens_nothing(world, reader):
    published, update = (world.posts["another", state] for state in ("published", "in review"))
    seats.revoke(published.seat, by=world.people["editor in chief"])
    expired = seats.invite(update, name="Nils", by=world.people["editor in chief"], valid_for=timedelta(seconds=-1))[1]
    ledger = Ledger()

    dead = [link_to(published), urlsplit(seats.address_of(expired)).path]
    for link, end, method in product(dead, ["", "notes/", "decision/"], ["GET", "POST"]):
        answer, changes = ask(reader, ledger, method, link + end, FORGED | NOTE | DECISION)
        assert (answer.status_code in (405, 410), changes, sung(answer, link)) == (True, [], set())


def test_link_opens_no_other_address(world, reader):
    for post in world.posts.values():
        reader.get(link_to(post))
    ledger, nobody = Ledger(), world.people["anonymous"]

    deviations = list(walk(Place(world, nobody), ELSEWHERE, reader, ledger))
    for (_owner, state), post in world.posts.items():
        deviations += walk(Place(world, nobody, state, post), OF_POSTS, reader, ledger)

    assert not deviations, "\n".join(deviations)
