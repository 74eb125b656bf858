"""The permission walk: who may read and do what, at every address, with posts in every state.

What is expected is computed from blog.policy, never from the code of a view. What a request changed is told by the
database (ledger.py), which is then as it was before.
"""

import pytest

from blog import policy
from tests.permissions.addresses import ADDRESSES, address_of, keys_for, rule_for
from tests.permissions.ledger import Ledger
from tests.permissions.place import Place
from tests.permissions.visits import EITHER, ELSEWHERE, EVERYBODY, OF_POSTS, READERS
from tests.permissions.walking import ask, forged, name_of, sign_in, walk
from tests.permissions.world import make_world

OUTSIDERS = ("anonymous", "reader", "without a role", "former staff", "dismissed")


@pytest.mark.parametrize("names", [OUTSIDERS, ("author",), ("editor",), ("moderator",), ("administrator",)], ids=str)
def test_nobody_gets_further_than_the_table_says(db, names):
    owners = ["author", "another"] if names == ("author",) else ["another"]
    world = make_world(owners)
    clients = {name: sign_in(world.people[name]) for name in names}
    ledger = Ledger()

    deviations = []
    for name, client in clients.items():
        person = world.people[name]
        deviations += walk(Place(world, person), ELSEWHERE, client, ledger)
        for (_owner, state), post in world.posts.items():
            deviations += walk(Place(world, person, state, post), OF_POSTS, client, ledger)

    assert not deviations, "\n".join(deviations)


def test_nothing_is_done_for_a_form_from_elsewhere(db):
    world = make_world(["another"], ["draft"])
    editor, post = world.people["editor"], world.posts["another", "draft"]
    client = sign_in(editor, enforce_csrf_checks=True)
    ledger, taken = Ledger(), []

    for place, visits in ((Place(world, editor), ELSEWHERE), (Place(world, editor, "draft", post), OF_POSTS)):
        for path, deed in [(place.fill(each.path), deed) for each in visits for deed in each.deeds]:
            answer, changes = ask(client, ledger, "POST", path, forged(place) | deed.body(place))
            if deed.action not in (READERS, EVERYBODY) and (changes or answer.status_code not in (403, 405)):
                taken.append(path)

    assert taken == []


def test_form_of_the_site_is_taken(db):
    world = make_world(["another"], ["draft"])
    path = f"/admin/blog/post/{world.posts['another', 'draft'].pk}/step/submit/"
    client = sign_in(world.people["editor"], enforce_csrf_checks=True)
    token = client.get(path).context["csrf_token"]

    _answer, changes = ask(client, Ledger(), "POST", path, {"confirmed": "1", "csrfmiddlewaretoken": token})

    assert set.union(*map(name_of, changes)) >= {"post.status", "event"}


def test_every_address_has_a_rule():
    rules = {policy.PUBLIC, policy.SIGNED_IN, *policy.RULES}

    assert {address for address in ADDRESSES if rule_for(address) not in rules} == set()


def test_every_rule_has_an_address():
    assert {key for address in ADDRESSES for key in keys_for(address)} == set(policy.ADDRESSES)


def test_walk_leads_past_every_address(db):
    world = make_world(["another"], ["draft", "published"])
    place = Place(world, world.people["author"], "published", world.posts["another", "published"])

    walked = {address_of(place.fill(visit.path)) for visit in [*OF_POSTS, *ELSEWHERE]}

    assert ADDRESSES - walked == set()


def test_walk_expects_nobody_where_the_table_of_addresses_has_another_rule(db):
    world = make_world(["another"], ["published"])
    ways = [(visit, None) for visit in ELSEWHERE] + [(visit, world.posts["another", "published"]) for visit in OF_POSTS]

    wider = [
        (name, visit.path)
        for name, person in world.people.items()
        for visit, post in ways
        for place in [Place(world, person, "published", post)]
        for rule in [rule_for(address_of(place.fill(visit.path)))]
        if rule in policy.RULES and not policy.may(person, rule) and place.may(visit.read) and visit.read != EITHER
    ]

    assert wider == []
