"""What is typed while nobody is signed in any more: it waits in the browser, and what was saved does not come back."""

import pytest
from playwright.sync_api import expect

from blog.editing.models import Autosave
from blog.posts.models import Post

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ADD = "/admin/blog/post/add/"
LEFT = "Object.keys(localStorage).filter(key => key.startsWith('/admin/autosave/')).length"


def test_text_sent_when_the_session_had_ended_is_found_again_and_saved_once(browser, staff):
    with browser.desk_of(staff["author"]) as page:
        page.goto(ADD)
        page.context.clear_cookies(name="sessionid")
        page.fill("#id_title", "Sent i natt")
        expect(page.locator("[data-autosave]")).to_contain_text("You are signed out")
        page.click("[name=_save]")
        page.fill("#id_login", "author")
        page.fill("#id_password", "correct horse")
        page.click("#sign-in")
        page.wait_for_url("**/add/?unsaved=*")
        expect(page.locator("#id_title")).to_have_value("Sent i natt")
        page.fill("#id_title", "Sent i går natt")
        page.click("[name=_continue]")
        page.wait_for_selector(".messagelist li")
        left = page.evaluate(LEFT)
        page.reload()

        assert page.locator("text=Go on with it").count() == left == 0

    assert ([post.title for post in Post.objects.all()], Autosave.objects.count()) == (["Sent i går natt"], 0)
