"""A comment sent eight times at the same instant, to two servers, is stored once; each sender is sent to it."""

import os

import pytest

from tests.server.conftest import post_at_once

pytestmark = pytest.mark.server

CLIENTS, ROUNDS = 8, int(os.environ.get("RACE_ROUNDS", 15))
NEW_POST = """
from blog.comments.forms import token_for
from tests.factories import make_published
post = make_published("Tävling")
print(post.get_absolute_url(), token_for(post))
"""


@pytest.fixture(scope="module")
def two_ports(site):
    with site.served() as (first, _), site.served() as (second, _):
        yield first, second


def test_comment_sent_eight_times_at_once_is_stored_once(site, two_ports):
    path, token = site.do(NEW_POST).split()

    for number in range(1, ROUNDS + 1):
        text = f"Omgång {number}"
        form = {"name": "Anna", "email": "anna@blog.example", "text": text, "token": token}
        requests = [(two_ports[i % 2], f"{path}comments/write/", form, {}) for i in range(CLIENTS)]
        answers = {(status, headers["Location"]) for status, headers, _ in post_at_once(requests)}

        numbers = site.ask("SELECT array_agg(number) FROM blog_comment WHERE text = %s", text)
        assert len(numbers) == 1, f"round {number}: stored as {numbers}"
        assert {(status, place.partition("#")[2]) for status, place in answers} == {(302, f"comment-{numbers[0]}")}
