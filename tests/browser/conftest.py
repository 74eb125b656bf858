"""A real Chromium against a live server. It collects everything that the browser complains about."""

import os
import shutil
from contextlib import contextmanager
from io import BytesIO

import pytest
from django.conf import settings as site
from django.db import connections
from PIL import Image
from playwright.sync_api import sync_playwright

from blog.policy import ROLES
from tests.factories import make_user
from tests.permissions.walking import sign_in

PICTURES = site.BASE_DIR / "docs" / "en" / "pictures"
WIDTH = 1000  # of a picture, in pixels
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
        context = self.chromium.new_context(locale="en-GB", base_url=self.address, **options)
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


@pytest.fixture
def picture():
    """Take a picture for the documentation where SCREENSHOTS=1 asks for it; hold that it is there in any case."""

    def take(page, name, height=800, **options):
        file = PICTURES / f"{name}.png"
        if os.environ.get("SCREENSHOTS") == "1":
            usual = page.viewport_size
            page.set_viewport_size({"width": 1280, "height": height})
            page.evaluate("scrollTo(0, 0)")
            shot = Image.open(BytesIO(page.screenshot(animations="disabled", **options)))
            shot.thumbnail((WIDTH, shot.height))
            shot.save(file, optimize=True)
            page.set_viewport_size(usual)
        assert file.is_file(), f"{file.name} is missing: SCREENSHOTS=1 takes it"

    return take


def choose_picture(page, window):
    """Click the first picture of the window that offers some to `page`; it closes by that, too soon for Playwright."""
    window.wait_for_selector(".picker button")
    window.evaluate("void setTimeout(() => document.querySelector('.picker button').click())")
    while not window.is_closed():
        page.wait_for_timeout(50)
