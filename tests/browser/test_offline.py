"""Pages that were read open without a network, and nothing that is one person's."""

import pytest

from tests.factories import make_comment, make_published

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CONTROLLED = "() => navigator.serviceWorker.controller !== null"
KEPT = """async () => {
    const found = [];
    for (const name of await caches.keys())
        for (const request of await (await caches.open(name)).keys()) found.push(new URL(request.url).pathname);
    return found;
}"""


def open_twice(window, path):
    """The first visit installs the worker, the second one is kept by it."""
    window.goto(path)
    window.wait_for_function(CONTROLLED)
    window.goto(path)
    wait_for(window, f"async () => await caches.match('{path}') !== undefined")


def wait_for(window, asked):
    """Playwright's own waiting takes a promise for an answer."""
    for _try in range(50):
        if window.evaluate(asked):
            return
        window.wait_for_timeout(100)
    raise AssertionError(asked)


def test_page_once_read_opens_without_a_network(browser):
    post = make_published("Lästa rader", body="<p>En gång läst.</p>")
    path = post.get_absolute_url()

    with browser.window(service_workers="allow") as window:
        open_twice(window, path)
        window.context.set_offline(True)
        window.goto(path)

        assert window.inner_text("h1") == "Lästa rader"
        assert "En gång läst." in window.inner_text("main")
        assert window.inner_text(".banner") == "Det finns inget nätverk: det här är sidan så som du läste den senast."
        assert window.evaluate("getComputedStyle(document.querySelector('.skip')).position") == "absolute"  # its style

        window.goto("/archive/")

        assert window.inner_text("h1") == "Det finns inget nätverk just nu"
        window.wait_for_selector(f".kept-pages a[href$='{path}']")
        assert window.inner_text(".kept-pages").startswith("Lästa rader")
    browser.complaints = [each for each in browser.complaints if "ERR_INTERNET_DISCONNECTED" not in each]


def test_new_comment_is_seen_at_once_when_there_is_a_network(browser):
    post = make_published()

    with browser.window(service_workers="allow") as window:
        open_twice(window, post.get_absolute_url())
        make_comment(post, "Nyss sagt")
        window.reload()

        assert "Nyss sagt" in window.inner_text("#comments")


def test_nothing_of_a_persons_own_is_kept(browser, staff):
    post = make_published()

    with browser.desk_of(staff["editor"], service_workers="allow") as window:
        window.goto(post.get_absolute_url())
        window.wait_for_function(CONTROLLED)
        for path in (post.get_absolute_url(), "/search/?q=ord", f"{post.get_absolute_url()}comments/write/", "/admin/"):
            window.goto(path)
        kept = window.evaluate(KEPT)

    assert "/offline/" in kept
    assert {path for path in kept if not path.startswith(("/static/", "/media/"))} == {"/offline/"}


def test_site_that_no_longer_wants_it_takes_the_worker_away(browser, settings):
    post = make_published()

    with browser.window(service_workers="allow") as window:
        open_twice(window, post.get_absolute_url())
        settings.OFFLINE_READING = False
        window.goto("/archive/")
        window.evaluate("async () => (await navigator.serviceWorker.getRegistration())?.update()")
        wait_for(window, "async () => (await navigator.serviceWorker.getRegistrations()).length === 0")

        assert window.evaluate(KEPT) == []
        assert window.locator("script[data-worker]").count() == 0
