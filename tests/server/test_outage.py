"""What readers and writers get while PostgreSQL is down, and how soon all is as before."""

import re
import signal
import time
from html import unescape

import pytest

from project.embedded_pg import server
from tests.project.test_embedded_pg import postmaster
from tests.server.conftest import get, post, wait_until

pytestmark = pytest.mark.server

NEW_POST = """
from blog.comments.forms import token_for
from tests.factories import make_published
post = make_published("Bakom ombudet")
print(post.get_absolute_url(), token_for(post))
"""
TEXT = 'Första raden.\r\n\r\n<b>"Tack" & hej</b>\r\n' + "å" * 200
HIDDEN = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)">')
TYPED = re.compile(r'<input id="[^"]*" name="([^"]*)" value="([^"]*)">')
LONG = re.compile(r'<textarea id="[^"]*" name="([^"]*)" rows="10">\n(.*?)</textarea>', re.DOTALL)


class Outage:
    """A site on a PostgreSQL of its own, which may be stopped and started."""

    def __init__(self, folder, port):
        self.port = port
        self.home, self.socket = server.places(folder)
        self.folder = folder

    def begin(self):
        running = postmaster(self.folder)
        running.send_signal(signal.SIGINT)  # fast shutdown
        running.wait(30)

    def finish(self):
        server._start(self.home / "data", self.socket, self.home)


@pytest.fixture(scope="module")
def own(fragile):
    site, folder = fragile
    address = site.do(NEW_POST).split()
    with site.served() as (port, _process):
        yield Outage(folder, port), *address


@pytest.fixture
def outage(own):
    outage, *_ = own
    outage.begin()
    yield outage
    outage.finish()


def repeated(page):
    """The fields of the form that a 503 gives back."""
    return {name: unescape(value) for kind in (HIDDEN, TYPED, LONG) for name, value in kind.findall(page)}


def test_comment_is_given_back_and_can_be_sent_again(own):
    outage, path, token = own
    form = {"name": "Anna å", "text": TEXT, "token": token, "subject": "", "reply_to": ""}
    outage.begin()

    status, headers, page = post(outage.port, f"{path}comments/write/", form, **{"Accept-Language": "en"})
    outage.finish()

    page = page.decode()
    assert (status, headers["Retry-After"]) == (503, "5")
    assert "no-store" in headers["Cache-Control"]
    assert '<html lang="sv"' in page
    assert f'action="{path}comments/write/"' in page
    assert repeated(page) == form
    again = post(outage.port, f"{path}comments/write/", repeated(page))
    assert again[0] in (302, 303)
    assert "&lt;b&gt;" in get(outage.port, again[1]["Location"].partition("#")[0])[2].decode()


def test_every_page_that_cannot_be_made_is_a_503(outage):
    statuses = {
        path: get(outage.port, path)[0] for path in ("/search/?q=ord", "/admin/", "/archive/", "/feed/?before=9")
    }

    assert statuses == dict.fromkeys(statuses, 503)


def test_staff_are_not_given_a_password_back(outage):
    form = {"login": "petra", "password": "en fras om hav"}

    status, _, page = post(outage.port, "/admin/account/sign-in/", form)

    assert (status, repeated(page.decode())) in ((503, {}), (403, {}))
    assert b"en fras" not in page


def test_monitors_are_told(own):
    outage, *_ = own
    before = [get(outage.port, path)[0] for path in ("/healthz", "/readyz")]
    outage.begin()

    during = [get(outage.port, path)[0] for path in ("/healthz", "/readyz")]
    outage.finish()
    ended = time.monotonic()
    wait_until(lambda: get(outage.port, "/readyz")[0] == 200, seconds=5)
    answers = [get(outage.port, "/search/?q=ord")[0] for _ in range(20)]

    assert (before, during) == ([200, 200], [200, 503])
    assert answers == [200] * 20
    assert time.monotonic() - ended < 5
