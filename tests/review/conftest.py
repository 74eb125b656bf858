"""A draft, somebody who was asked to read it, and what becomes of both."""

from datetime import timedelta
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from blog.posts import revisions
from blog.review import notes, seats
from tests.factories import make_post

BODY = "<p>Ett kommatecken är en paus.</p><p>Ett kolon är en trumpet.</p>"


@pytest.fixture
def draft(editor):
    """A draft of two paragraphs that has versions."""
    post = make_post("Hemlig rubrik", body=BODY, created_by=editor)
    rewrite(post, BODY)
    return post


@pytest.fixture
def guest(draft, editor):
    """An invited reviewer: the Seat, with the path of its link as `path`."""
    return invite(draft, editor)


def rewrite(post, body):
    """Save another version, which readers would get."""
    post.refresh_from_db()
    number = revisions.record(post, revisions.content_of(post) | {"body": body})
    revisions.put(post, number)


def invite(post, by, name="Eva Gäst", valid_for=timedelta(days=1), **fields):
    seat, key = seats.invite(post, name=name, by=by, valid_for=valid_for, **fields)
    seat.path = path_of(key)
    return seat


def path_of(key):
    return urlsplit(seats.address_of(key)).path


def token_of(seat):
    return seat.path.split("/")[2]


def write(post, by, text="Stryk det.", *, revision=None, **fields):
    revision = post.head if revision is None else revision
    return notes.write(post, by=by, text=text, revision=revision, **{"form_key": uuid4()} | fields)[0]


def queries_of(client, address):
    """How many queries a page costs."""
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)
