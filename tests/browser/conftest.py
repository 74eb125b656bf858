"""A real Chromium against a live server. It collects everything that the browser complains about."""

import shutil
from contextlib import contextmanager

import pytest
from django.db import connections
from playwright.sync_api import sync_playwright

from blog.policy import ROLES
from tests.factories import make_user
from tests.permissions.walking import sign_in

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
REPORT_VIOLATIONS = """
addEventListener("securitypolicyviolation", event =>
  console.error(`policy: ${event.violatedDirective} ${event.blockedURI} on ${location.pathname}`))
"""


class Browser:
    """Chromium, people's windows in it, and what it complained about."""

    def __init__(self, chromium, address):
        self.chromium, self.address = chromium, address
        self.complaints = []

    @contextmanager
    def window(self, **options):
        """A page of a person of one's own: no cookie is shared with the other windows."""
        options.setdefault("service_workers", "block")  # what one asks for is not seen by a test
        options.setdefault("locale", "en-GB")
        context = self.chromium.new_context(base_url=self.address, **options)
        context.set_default_timeout(15_000)
        context.add_init_script(REPORT_VIOLATIONS)
        context.on("console", self._hear)
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        yield context.new_page()
        context.close()

    @contextmanager
    def desk_of(self, user, **options):
        """A window in which a member of the staff has just signed in."""
        with self.window(**options) as page:
            session = sign_in(user).cookies["sessionid"].value
            page.context.add_cookies([{"name": "sessionid", "value": session, "url": self.address}])
            yield page

    def _hear(self, message):
        if message.type in ("error", "warning") and "registration blocked by Playwright" not in message.text:
            self.complaints.append(f"{message.text} ({message.location['url']})")


@pytest.fixture
def staff(transactional_db):
    """One person of each role."""
    return {role: make_user(role) for role in ROLES}


@pytest.fixture(scope="session")
def chromium():
    if CHROMIUM is None:
        pytest.skip("there is no Chromium here")
    # Playwright's event loop runs in this thread; Django would take the tests' queries for asynchronous code.
    with pytest.MonkeyPatch.context() as environment, sync_playwright() as playwright:
        environment.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()
        connections.close_all()  # inside the loop Django had one of its own


@pytest.fixture
def browser(live_server, chromium, settings):
    settings.SITE_URL = live_server.url  # so that the links which the site gives out lead to it
    yield Browser(chromium, live_server.url)
    for context in chromium.contexts:  # what a failed test left
        context.close()


def choose_picture(page, window):
    """Click the first picture of the window that offers some to `page`; it closes by that, too soon for Playwright."""
    window.wait_for_selector(".picker button")
    window.evaluate("void setTimeout(() => document.querySelector('.picker button').click())")
    while not window.is_closed():
        page.wait_for_timeout(50)
