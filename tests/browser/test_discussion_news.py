"""What is new in a discussion: since the last visit, by consent, and on a page that stays open."""

import pytest

from tests.factories import make_comment, make_published

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def post(transactional_db):
    post = make_published(language="en", body="<p>Ord.</p>" * 40)
    for number in range(3):
        make_comment(post, f"Gammal {number}")
    return post


def names(page):
    return {each["name"] for each in page.context.cookies()}


def next_visit(page, post):
    """A window opened on another day: the browser keeps its cookies, and nothing of the tab."""
    again = page.context.new_page()
    again.goto(post.get_absolute_url())
    return again


def test_new_comments_are_marked_and_found_by_key_once_that_was_asked_for(browser, post):
    with browser.window() as page:
        page.goto(post.get_absolute_url())
        assert (names(page), page.locator(".new").count()) == (set(), 0)
        page.click("text=Mark what is new")
        assert names(page) == {"visits"}
        parent = make_comment(post, "Nytt")
        make_comment(post, "Nytt svar", parent=parent)

        again = next_visit(page, post)
        assert again.locator(".visits .count").inner_text() == "2"
        assert [each.get_attribute("id") for each in again.locator(".new").all()] == ["comment-4", "comment-5"]
        again.click("#comment-4 summary")
        focus = []
        for key in "nnpkj":
            again.keyboard.press(key)
            focus.append(again.evaluate("document.activeElement.id"))
        assert focus == [f"comment-{number}" for number in (5, 4, 5, 4, 5)]  # the click had gone to the fourth
        assert again.locator("#comment-5").is_visible()
        again.fill("#id_text", "")
        again.locator("#id_text").press("n")
        assert again.input_value("#id_text") == "n"

        assert next_visit(page, post).locator(".new").count() == 0
        again.click("text=Stop marking")
        assert names(page) == set()
        assert next_visit(page, post).locator("text=Mark what is new").is_visible()

    assert browser.complaints == []


def test_new_comments_are_listed_without_a_script(browser, post):
    with browser.window(java_script_enabled=False) as page:
        page.goto(post.get_absolute_url())
        page.click("text=Mark what is new")
        make_comment(post, "Nytt")
        page.goto(f"{post.get_absolute_url()}comments/new/")
        assert page.locator(".words").all_inner_texts() == ["Nytt"]
        page.click("text=I have seen these")
        page.goto(f"{post.get_absolute_url()}comments/new/")
        assert page.locator(".words").count() == 0
        page.click("text=Stop marking")
        assert names(page) == set()

    assert browser.complaints == []


def test_open_page_tells_of_new_comments_and_moves_nothing(browser, post):
    with browser.window() as page:
        page.clock.install()
        page.goto(post.get_absolute_url())
        page.evaluate("scrollTo(0, document.querySelector('#comment-2').offsetTop)")
        place = page.locator("#comment-2").bounding_box()
        asked = []
        page.on("request", lambda request: asked.append(request.url) if "/since/" in request.url else None)
        page.clock.fast_forward(31_000)
        page.wait_for_timeout(300)
        assert page.locator(".news").inner_text() == ""
        make_comment(post, "Nytt")
        page.clock.fast_forward(34_000)
        page.locator(".news a").wait_for()

        assert len(asked) == 2
        assert page.locator(".news").inner_text().strip() == "1 new comment"
        assert page.locator("#comment-2").bounding_box() == place
        page.fill("#id_text", "Halvskrivet")
        page.click(".news a")
        page.wait_for_url("**#comment-4")
        assert page.locator(".comment:target .words").inner_text() == "Nytt"
        assert page.input_value("#id_text") == "Halvskrivet"

    assert browser.complaints == []


def test_open_page_tells_that_comments_were_closed(browser, post):
    with browser.window() as page:
        page.clock.install()
        page.goto(post.get_absolute_url())
        post.comment_policy = "closed"
        post.save()
        page.clock.fast_forward(31_000)
        page.locator(".news", has_text="have been closed").wait_for()
