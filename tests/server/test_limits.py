"""Fifty people send at the same instant, on a real site with two processes: exactly as many pass as the limit says."""

import pytest

from tests.server.conftest import post_at_once

pytestmark = pytest.mark.server

CLIENTS, MOST = 50, 20
LIMITS = {"COMMENTS_PER_NETWORK": str(MOST), "COMMENTS_PER_PERSON": str(MOST)}
NEW_POST = """
from blog.comments.forms import Token
from tests.factories import make_comment, make_published
post = make_published("Trängsel")
make_comment(post, "Borttagen", state="removed")
print(post.get_absolute_url(), Token(post.pk, 1, asked=True).sign())
"""


@pytest.fixture(scope="module")
def send_at_once(site):
    with site.served(**LIMITS) as (port, _):
        path, token = site.do(NEW_POST).split()

        def send(letters):
            """Send all of them, pairs of the sender's network address and what is written; return the answers."""
            forms = [({"X-Forwarded-For": address}, {"token": token} | form) for address, form in letters]
            return post_at_once([(port, f"{path}comments/write/", form, headers) for headers, form in forms])

        yield send


def letter(number, who, **more):
    name = {"name": who, "email": f"{who}@blog.example"}
    return name | {"text": f"Nummer {number} av {who}"} | more


def holds(letters, answers, site):
    """Return how many answers there were of each status; whoever was not heard has the text and is told when."""
    statuses = [status for status, _, _ in answers]
    for (_, form), (status, headers, page) in zip(letters, answers, strict=True):
        stored = site.ask("SELECT count(*) FROM blog_comment WHERE text = %s", form["text"])
        assert stored == (status == 302)
        assert status == 302 or form["text"] in page.decode()
        assert ("Retry-After" in headers) == (status == 429)
        assert status != 429 or 0 < int(headers["Retry-After"]) <= 600
    return {status: statuses.count(status) for status in set(statuses)}


def test_fifty_of_one_network(site, send_at_once):
    letters = [(f"192.0.2.{number}", letter(number, f"granne-{number}")) for number in range(CLIENTS)]

    answers = send_at_once(letters)

    assert holds(letters, answers, site) == {302: MOST, 429: CLIENTS - MOST}


def test_fifty_of_one_person_on_many_networks(site, send_at_once):
    letters = [(f"198.51.{number}.1", letter(number, "anna")) for number in range(CLIENTS)]

    answers = send_at_once(letters)

    assert holds(letters, answers, site) == {302: MOST, 429: CLIENTS - MOST}


def test_what_is_refused_uses_nothing_up(site, send_at_once):
    """Thirty answers to what was removed and twenty good ones at once: all twenty are stored, and no more."""
    refused = [("203.0.113.1", letter(number, "bo", reply_to="1")) for number in range(CLIENTS - MOST)]
    good = [("203.0.113.1", letter(number, "bo")) for number in range(100, 100 + MOST)]

    answers = send_at_once(refused + good)

    # A refusal that comes after the twentieth good one hears of the limit first.
    assert holds(refused, answers[: len(refused)], site).keys() <= {422, 429}
    assert holds(good, answers[len(refused) :], site) == {302: MOST}
    one_more = [("203.0.113.1", letter(200, "bo"))]
    assert holds(one_more, send_at_once(one_more), site) == {429: 1}
