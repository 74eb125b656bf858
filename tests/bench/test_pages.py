"""The addresses that the bench asks for lead to pages, and its rows have the names by which they are looked up."""

import pytest
from django.db import connection
from django.test import Client

from bench import archives, data_set, pages
from blog.moderation.queues import ROWS

SMALL = data_set.Size(posts=60, comments=11_500, named=(0, 18, 1_000, 10_000), words=100, texts=5)
NAMES = (
    "front page",
    "post, 18 comments",
    "post, 1,000 comments",
    "post, 10,000 comments",
    "tag",
    "feed",
    "search",
    f"moderators' list, {ROWS[-1]} rows",
)


@pytest.fixture
def loaded(db):
    with connection.cursor() as cursor:
        data_set.load(SMALL, cursor)


def test_every_row_is_a_page_that_holds_what_it_should(loaded):
    found = pages.all_pages()

    assert tuple(page.name for page in found) == NAMES
    for page in found:
        response = Client(SERVER_NAME="127.0.0.1", headers=page.header_values()).get(page.path)
        if page.name != "search":  # its word is one of longer posts
            assert (response.status_code, page.expected in response.content.decode()) == (200, True), page.name


def test_every_page_whose_growth_is_measured_is_there(loaded):
    visits = archives.visits_of(SMALL)

    answers = {name: client.get(path).status_code for name, (path, client) in visits.items()}
    assert answers == dict.fromkeys(visits, 200)


def test_growth_is_told_beyond_the_bound_only():
    few, more, much = ({"cpu_ms": cpu_ms} for cpu_ms in (10, 13, 13.1))

    assert list(archives.grown("front page", few, much, more)) == []
    assert list(archives.grown("front page", few, more, much)) == ["front page grows by 1.31"]
