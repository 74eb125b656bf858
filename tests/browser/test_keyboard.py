"""With the keyboard alone: a reader comments, an editor schedules. Every stop on the way is seen."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from blog.comments.models import Comment
from tests.factories import make_comment, make_post, make_published

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MOST_STOPS = 150
STOP = """() => {
  const each = document.activeElement, look = getComputedStyle(each)
  const outlined = look.outlineStyle !== "none" && parseFloat(look.outlineWidth) > 0
  const words = each.getAttribute("aria-label") || each.labels?.[0]?.innerText || each.innerText || each.value || ""
  return [words.trim(), outlined || look.boxShadow !== "none" || each === document.body]
}"""


def tab_to(page, words, key="Tab"):
    """Press Tab until what begins with `words` has the focus, and that is seen at each stop."""
    passed = []
    while len(passed) < MOST_STOPS:
        page.keyboard.press(key)
        name, is_seen = page.evaluate(STOP)
        passed.append(name[:40])
        assert is_seen, f"no visible focus: {name[:40]}"
        if re.match(rf"{words}\b", name):
            return
    raise AssertionError(f"{words} not among {passed}")


def type_into(page, label, text):
    tab_to(page, label)
    page.keyboard.press("Control+A")
    page.keyboard.type(text)


def press(page, words, key="Tab"):
    tab_to(page, words, key)
    page.keyboard.press("Enter")


def test_commenting_by_keyboard(browser, transactional_db, settings):
    settings.COMMENTS_PUBLIC_AT_ONCE = "everyone"
    post = make_published(language="en")
    make_comment(post, "The question")

    with browser.window() as page:
        page.goto(post.get_absolute_url())
        press(page, "")  # the first stop of all
        assert page.evaluate("location.hash") == "#content"
        press(page, "Send the comment")
        expect(page.locator("#id_text")).to_be_focused()  # which is empty
        page.keyboard.type("It is *true*.")
        type_into(page, "Name", "Anna")
        press(page, "Preview")
        expect(page.locator(".preview em")).to_have_text("true")
        press(page, "Send the comment")
        expect(page.locator("#comment-2 .words em")).to_have_text("true")
        page.goto(post.get_absolute_url())
        with page.expect_navigation():
            press(page, "Reply")
        type_into(page, "Comment", "The answer")
        type_into(page, "Name", "Bo")
        press(page, "Send the comment")
        expect(page.locator("#comment-1 #comment-3 .words")).to_have_text("The answer")

    assert Comment.objects.get(number=3).parent.number == 1


def test_scheduling_by_keyboard(browser, staff):
    body = "<p>Ett kommatecken är en paus.</p>"
    post = make_post("Om kommatecken", standfirst="Om pauser.", body=body, tags=["språk"], created_by=staff["editor"])
    day = timezone.localdate() + timedelta(days=30)

    with browser.window(viewport={"width": 1280, "height": 900}) as page:
        page.goto("/admin/")
        type_into(page, "Username", "editor")
        type_into(page, "Password", "correct horse")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        with page.expect_navigation():
            press(page, post.title)
        type_into(page, "Date", f"{day:%Y-%m-%d}")
        type_into(page, "Time", "08:00:00")
        press(page, "Publish at")
        expect(page.locator(".messagelist .success")).to_be_visible()
        page.goto(f"/admin/calendar/?month={day:%Y-%m}")
        tab_to(page, post.title)
        page.keyboard.press("Shift+ArrowRight")
        page.keyboard.press("Enter")
        moved = day + timedelta(days=1)
        expect(page.locator(f"#post-{post.pk} > a")).to_be_focused()

    post.refresh_from_db()
    assert post.status == "approved"
    assert timezone.localtime(post.publish_at).date() == moved
