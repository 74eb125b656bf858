"""A receipt in a browser, with and without JavaScript: every button, one after the other."""

import pytest
from playwright.sync_api import expect

from blog.comments.models import Comment
from blog.receipts import keys
from blog.receipts.models import Following
from tests.factories import make_comment, make_published

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("with_script", [True, False])
def test_writer_does_everything_on_the_receipt(browser, with_script):
    post = make_published("On commas", language="en")
    mine = make_comment(post, "Well said.", email="anna@post.example", origin="form", state="held", reason="new")
    path = keys.address_of(mine, by_mail=True).split("/", 3)[3]

    with browser.window(java_script_enabled=with_script, viewport={"width": 360, "height": 800}) as page:
        page.goto(f"/{path}")
        page.get_by_role("button", name="Yes, this is my address").click()
        page.get_by_label("Mail me").select_option("thread")
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.get_by_label("Mail me")).to_have_value("thread")
        page.get_by_text("Change the text").click()
        page.get_by_label("Comment").fill("Better said.")
        page.get_by_role("button", name="Save the text").click()
        page.get_by_role("button", name="Take the comment back").click()
        expect(page.locator(".state")).to_contain_text("You have taken it back")
        page.get_by_role("button", name="Bring the comment back").click()
        Comment.objects.update(reason="reported")  # now it is a decision to ask about
        page.goto(f"/{path}")
        page.get_by_label("Why should the moderators think it over?").fill("It is true.")
        page.get_by_role("button", name="Ask the moderators").click()
        expect(page.locator(".asked")).to_have_text("It is true.")
        assert page.evaluate("document.documentElement.scrollWidth") == 360
        before = Comment.objects.get(), Following.objects.get().scope
        page.get_by_role("link", name="Erase everything of mine").click()
        page.get_by_role("button", name="Erase it all for good").click()
        expect(page.locator(".state")).to_contain_text("It is erased")

    assert (before[0].text, before[0].state, before[1]) == ("Better said.", "held", "thread")
    assert (Comment.objects.get().state, Following.objects.count()) == ("erased", 0)
