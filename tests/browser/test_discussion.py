"""Readers in a discussion, with a script and without: what they type is never lost, what is new is found."""

import pytest

from blog.comments.models import Comment
from tests.factories import make_comment, make_published

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WAYS = pytest.mark.parametrize("scripted", [True, False], ids=["with script", "without"])
NARROW = {"width": 360, "height": 740}
LONGEST = ["x" * 10_000, "مرحبا " * 500, "Z̸̢̛͉͝ä̷̧͎l̵g̶o̸" * 200, "https://blog.example/" + "y" * 3000]


@pytest.fixture
def post(transactional_db, settings):
    settings.COMMENTS_PUBLIC_AT_ONCE = "everyone"
    return make_published(language="en")


def type_comment(page, text, name="Anna"):
    page.fill("#id_text", text)
    page.fill("#id_name", name)


def send(page):
    page.click("text=Send the comment")


def clean(browser):
    """What the browser complained about, apart from answers that refuse and keep the text."""
    return [each for each in browser.complaints if "status of 4" not in each]


@WAYS
def test_comment_is_previewed_and_sent(browser, post, scripted):
    with browser.window(java_script_enabled=scripted) as page:
        page.goto(post.get_absolute_url())
        type_comment(page, "Det är *sant*.")
        page.click("text=Preview")
        assert page.locator(".preview em").inner_text() == "sant"
        assert page.input_value("#id_text") == "Det är *sant*."
        assert not Comment.objects.exists()
        send(page)

        assert page.locator("#comment-1 .words em").inner_text() == "sant"
        assert "Thank you" in page.locator(".messages").inner_text()
        assert page.input_value("#id_text") == ""

    assert clean(browser) == []


@WAYS
def test_crossed_reply_is_shown_and_then_posted(browser, post, scripted):
    first = make_comment(post, "Frågan")
    with browser.window(java_script_enabled=scripted) as page:
        page.goto(post.get_absolute_url())
        page.click("#comment-1 .reply")
        make_comment(post, "Jag hann före", name="Bo", parent=first)
        type_comment(page, "Mitt svar")
        send(page)

        assert page.locator(".crossed .words").inner_text() == "Jag hann före"
        assert page.input_value("#id_text") == "Mitt svar"
        send(page)
        assert page.locator("#comment-3 .words").inner_text() == "Mitt svar"

    assert clean(browser) == []


@WAYS
def test_closed_while_writing_gives_the_text_back(browser, post, scripted):
    with browser.window(java_script_enabled=scripted) as page:
        page.goto(post.get_absolute_url())
        type_comment(page, "För sent")
        post.comment_policy = "closed"
        post.save()
        send(page)

        assert "are closed" in page.locator(".errors").inner_text()
        assert page.input_value("#id_text") == "För sent"


@WAYS
def test_thread_collapses_and_a_permalink_marks_its_comment(browser, post, scripted):
    first = make_comment(post, "Frågan")
    make_comment(post, "Svaret", parent=first)
    with browser.window(java_script_enabled=scripted) as page:
        page.goto(f"{post.get_absolute_url()}comments/2/")
        assert page.locator(".comment:target > article .words").inner_text() == "Svaret"
        page.click("#comment-1 summary")
        assert not page.locator("#comment-2 .words").is_visible()
        assert page.locator("#comment-1 > article .words").is_visible()

    assert clean(browser) == []


def test_draft_survives_a_lost_connection_and_goes_once_it_is_accepted(browser, post):
    with browser.window() as page:
        page.goto(post.get_absolute_url())
        type_comment(page, "Lång och klok text")
        page.route("**/comments/write/", lambda route: route.abort())
        page.click("text=Send the comment", no_wait_after=True)
        page.wait_for_timeout(300)
        page.unroute("**/comments/write/")

        page.goto(post.get_absolute_url())
        assert page.input_value("#id_text") == "Lång och klok text"
        assert page.locator(".kept").is_visible()
        page.fill("#id_name", "Anna")
        send(page)
        page.wait_for_selector("#comment-1")
        assert page.input_value("#id_text") == ""
        page.goto(post.get_absolute_url())
        assert (page.input_value("#id_text"), page.locator(".kept").is_visible()) == ("", False)


def test_dropped_draft_does_not_come_back_and_each_place_has_its_own(browser, post):
    make_comment(post, "Frågan")
    with browser.window() as page:
        page.goto(post.get_absolute_url())
        page.fill("#id_text", "Ny tråd")
        page.click("#comment-1 .reply")
        assert page.input_value("#id_text") == ""
        page.fill("#id_text", "Ett svar")
        page.goto(post.get_absolute_url())
        assert page.input_value("#id_text") == "Ny tråd"
        page.click(".kept button")
        page.reload()
        assert page.input_value("#id_text") == ""
        page.click("#comment-1 .reply")
        assert page.input_value("#id_text") == "Ett svar"


@pytest.mark.parametrize("broken", ["get", "setItem"])
def test_forbidden_and_full_storage_break_nothing(browser, post, broken):
    forbid = {
        "get": "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no') }})",
        "setItem": "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError') }",
    }
    with browser.window() as page:
        page.add_init_script(forbid[broken])
        page.goto(post.get_absolute_url())
        type_comment(page, "Ändå")
        send(page)
        assert page.locator("#comment-1 .words").inner_text() == "Ändå"

    assert clean(browser) == []


def test_name_is_remembered_by_consent_only(browser, post):
    with browser.window() as page:
        page.goto(post.get_absolute_url())
        type_comment(page, "Ett", name="Åsa; Ek")
        send(page)
        page.wait_for_selector("#comment-1")
        assert page.input_value("#id_name") == ""
        type_comment(page, "Två", name="Åsa; Ek")
        page.check("#id_remember")
        send(page)
        page.wait_for_selector("#comment-2")
        assert (page.input_value("#id_name"), page.is_checked("#id_remember")) == ("Åsa; Ek", True)


def test_names_are_suggested_by_keyboard_and_never_forced(browser, post):
    make_comment(post, "Ett", name="Åsa Ek")
    make_comment(post, "Två", name="Bo")
    with browser.window() as page:
        page.goto(post.get_absolute_url())
        page.click("#id_text")
        page.keyboard.type("Hej @as")
        assert page.locator(".names button").all_inner_texts() == ["Åsa Ek"]
        assert "Åsa Ek" in page.locator(".names [role=status]").inner_text()
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.keyboard.type("och @b")
        page.keyboard.press("Escape")
        page.keyboard.type("yxa")
        assert page.input_value("#id_text") == "Hej @Åsa Ek och @byxa"
        assert page.locator(".names button").count() == 0


@WAYS
def test_quote_brings_the_words_or_those_selected(browser, post, scripted):
    make_comment(post, "Första raden\n\nAndra raden")
    with browser.window(java_script_enabled=scripted) as page:
        page.goto(post.get_absolute_url())
        page.click("#comment-1 .quote")
        assert page.input_value("#id_text").startswith("> Första raden\n>\n> Andra raden\n")
        if scripted:
            page.goto(post.get_absolute_url())
            page.dblclick("#comment-1 .words p:last-child", position={"x": 5, "y": 5})
            page.click("#comment-1 .quote")
            assert page.input_value("#id_text") == "> Andra\n\n"


@pytest.mark.parametrize("text", LONGEST, ids=["word", "arabic", "zalgo", "address"])
def test_no_text_makes_a_phone_scroll_sideways(browser, post, text):
    parent = None
    for _ in range(6):
        parent = make_comment(post, text, name=text[:80], parent=parent)
    with browser.window(viewport=NARROW) as page:
        for address in ("", "comments/write/?reply_to=6", "comments/new/"):
            page.goto(post.get_absolute_url() + address)
            assert page.evaluate("document.documentElement.scrollWidth") == NARROW["width"], address
