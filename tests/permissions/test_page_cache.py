"""Nobody reads from memory what was made for somebody else, and nothing of a person is ever kept."""

import os
import random
import re
from itertools import product

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client

from project.page_cache.front import PageCache
from project.page_cache.store import Store
from tests.permissions.canaries import TOKEN, addresses, make_aviary
from tests.project.page_cache.asking import Heard, ask

PAIRS = int(os.environ.get("CACHE_PAIRS", 200))  # 1000 are the whole trial
ODD = [
    {"HTTP_COOKIE": "comments=abc:def; writer=%7B%22name%22%3A%22Petra%22%7D; visits=1.2"},
    {"HTTP_COOKIE": "csrftoken=" + "a" * 32},
    {"HTTP_COOKIE": "=;;;=sessionid;; x"},
    {"HTTP_RANGE": "bytes=0-9"},
    {"HTTP_X_FORWARDED_HOST": "evil.example", "HTTP_X_FORWARDED_PROTO": "https", "HTTP_X_FORWARDED_FOR": "1.2.3.4"},
    {"HTTP_X_REWRITE_URL": "/admin/", "HTTP_X_ORIGINAL_URL": "/admin/", "HTTP_X_HTTP_METHOD_OVERRIDE": "POST"},
    {"HTTP_ACCEPT_LANGUAGE": "en", "HTTP_USER_AGENT": "Googlebot", "HTTP_REFERER": "https://petra.example/"},
    {"HTTP_ACCEPT": "application/json", "HTTP_X_REQUESTED_WITH": "XMLHttpRequest"},
    {"HTTP_IF_NONE_MATCH": "*x*", "HTTP_IF_MODIFIED_SINCE": "Sat, 01 Jan 2000 00:00:00 GMT"},
    {"method": "HEAD"},
    {},
]
UNKNOWN = ["utm_source=petra", "fbclid=1", "reply_to=1", "x=<script>", "next=//evil.example", ""]
EXPIRES = {"expires", "cache-status"}


@pytest.fixture
def world(db):
    return make_aviary()


@pytest.fixture
def cache():
    """The page cache before Django, whose connection is the test's and not closed after a request."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield PageCache(WSGIHandler(), Store(2**26), Heard())
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def signed_in(person):
    client = Client()
    client.force_login(person)
    return {"HTTP_COOKIE": f"sessionid={client.cookies['sessionid'].value}; comments=x"}


def plain(answered):
    """What was answered, but for what the second alone changes."""
    changing = EXPIRES | {"etag", "content-length"}
    if "no-store" in answered.headers.get("cache-control", ""):
        changing |= {"set-cookie"}  # the sign-in page's, of its form's token
    headers = {name: value for name, value in answered.headers.items() if name not in changing}
    return answered.status, TOKEN.sub("", answered.body.decode()), headers


def with_query(path, query):
    return f"{path}{'&' if '?' in path else '?'}{query}" if query else path


def test_page_of_one_person_is_never_anothers(world, cache):
    paths = [path for path in addresses(world) if "\0" not in path and "%00" not in path]
    clean = {path: ask(cache, path) for path in paths}
    people = [
        signed_in(world.people[name])
        for name in ("author", "editor", "moderator", "administrator")
        if name in world.people
    ]
    dice, compared = random.Random(6), 0

    for number, (path, person) in enumerate(dice.sample(list(product(paths, people)), PAIRS)):
        odd = ODD[number % len(ODD)]
        kept = len(cache.store), cache.counts["hit"]
        ask(cache, path, **person)
        assert (len(cache.store), cache.counts["hit"]) == kept
        stranger = ask(cache, with_query(path, dice.choice(UNKNOWN)), **odd)
        after = ask(cache, path)

        assert plain(after) == plain(clean[path]), path
        if stranger.status == 200 and odd.get("method") != "HEAD" and "surrogate-key" in clean[path].headers:
            assert TOKEN.sub("", stranger.body.decode()) == TOKEN.sub("", clean[path].body.decode())
            compared += 1

    assert compared > PAIRS / 10
    assert_nothing_personal_is_kept(cache, [re.search("sessionid=([^;]+)", each["HTTP_COOKIE"])[1] for each in people])


def assert_nothing_personal_is_kept(cache, secrets):
    stored = cache.store._answers
    assert len(stored) > 20
    for key, answer in stored.items():
        names = {name.lower() for name, _value in answer.headers}
        text = answer.body.decode()
        assert not names & {"set-cookie", "content-length"}, key
        assert "csrfmiddlewaretoken" not in text
        assert "evil.example" not in text
        assert not [secret for secret in secrets if secret in text], key
        assert not re.search(r"sessionid|name=\"email\"[^>]*value=\"[^\"]", text), key


def test_errors_redirects_and_forms_are_never_kept(world, cache):
    answers = {path: ask(cache, path) for path in addresses(world) if "%00" not in path}

    kept = {key[2] for key in cache.store._answers}

    assert {path.partition("?")[0] for path, each in answers.items() if each.status == 200} >= kept
    assert not [path for path in kept if path.startswith(("/admin", "/receipt", "/review", "/search", "/accounts"))]
    assert not [path for path in kept if "/write/" in path or "/report/" in path]
