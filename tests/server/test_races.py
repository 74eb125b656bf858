"""A comment sent eight times at the same instant, to two servers, is stored once; each sender is sent to it."""

import threading
from http.client import HTTPConnection
from urllib.parse import urlencode

import pytest

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("server")]

CLIENTS, ROUNDS = 8, 50
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


def send_at_once(ports, path, form):
    """Return the set of (status, Location) that the clients got; everything but the last byte is sent beforehand."""
    body = urlencode(form).encode()
    together = threading.Barrier(CLIENTS)
    answers = []

    def send(port):
        client = HTTPConnection("127.0.0.1", port, timeout=30)
        client.putrequest("POST", path)
        client.putheader("Content-Type", "application/x-www-form-urlencoded")
        client.putheader("Content-Length", str(len(body)))
        client.endheaders(body[:-1])
        together.wait(timeout=30)
        client.send(body[-1:])
        response = client.getresponse()
        answers.append((response.status, response.headers["Location"]))
        client.close()

    threads = [threading.Thread(target=send, args=[ports[i % len(ports)]]) for i in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == CLIENTS
    return set(answers)


def test_comment_sent_eight_times_at_once_is_stored_once(site, two_ports):
    path, token = site.do(NEW_POST).split()

    for number in range(1, ROUNDS + 1):
        text = f"Omgång {number}"
        form = {"name": "Anna", "email": "anna@blog.example", "text": text, "token": token}
        answers = send_at_once(two_ports, f"{path}comments/write/", form)

        numbers = site.ask("SELECT array_agg(number) FROM blog_comment WHERE text = %s", text)
        assert len(numbers) == 1, f"round {number}: stored as {numbers}"
        assert {(status, place.partition("#")[2]) for status, place in answers} == {(302, f"comment-{numbers[0]}")}
