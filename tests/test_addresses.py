"""Every address of the site has a rule in policy.ADDRESSES, and keeps it."""

import re

from django.contrib.auth.models import User
from django.urls import get_resolver

from blog import policy
from tests import factories


def patterns(resolver, route="", spaces=()):
    """Yield each pattern's address (its name, or else its route) and its route."""
    for pattern in resolver.url_patterns:
        below = route + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from patterns(pattern, below, (*spaces, *filter(None, [pattern.namespace])))
        else:
            yield ":".join([*spaces, pattern.name]) if pattern.name else below, below


PATTERNS = list(patterns(get_resolver()))


def keys_for(address):
    """The keys of the table that concern the address: its own name, and the beginnings, which end in _ or /."""
    return [key for key in policy.ADDRESSES if address == key or (key[-1] in "_/" and address.startswith(key))]


def rule_for(address):
    return policy.ADDRESSES.get(max(keys_for(address), key=len, default=None))


GUARDED = [(route, rule_for(address)) for address, route in PATTERNS if rule_for(address) not in (policy.PUBLIC, None)]


def path_of(route, pk):
    """A path that the route matches, concerning the thing with this key."""
    route = re.sub(r"<\w*:?(pk|object_id|id)>", str(pk), route)
    route = route.replace("^(?P<app_label>auth|blog)/$", "blog/").replace("(?P<url>.*)$", "finns-inte")
    return "/" + re.sub(r"<\w+:\w+>", "1", route)


def test_every_address_has_a_rule():
    assert [
        address for address, _ in PATTERNS if rule_for(address) not in {policy.PUBLIC, policy.SIGNED_IN, *policy.RULES}
    ] == []


def test_every_rule_has_an_address():
    assert {key for address, _ in PATTERNS for key in keys_for(address)} == set(policy.ADDRESSES)


def test_stranger_is_shown_the_door(client, post):
    answers = {route: client.get(path_of(route, post.pk)) for route, _ in GUARDED}

    assert {route for route, answer in answers.items() if not _is_a_door(answer)} == set()


def _is_a_door(answer):
    return answer.status_code in (403, 404) or (answer.status_code == 302 and answer["Location"].startswith("/admin/"))


def test_staff_without_the_right_sees_nothing(client, db):
    draft = factories.make_post()
    people = [factories.make_user(role) for role in policy.ROLES[:-1]]
    people.append(User.objects.create_user("temp", is_staff=True))

    seen = []
    for user in people:
        client.force_login(user)
        forbidden = [route for route, action in GUARDED if action in policy.RULES and not policy.may(user, action)]
        seen += [
            (user.username, route) for route in forbidden if client.get(path_of(route, draft.pk)).status_code == 200
        ]

    assert seen == []
