"""The desk in a real browser: its keys, the sheet that names them, and moderating with one thumb."""

import pytest
from playwright.sync_api import expect

from blog.comments.models import Comment
from tests.browser.axe import faults_of
from tests.browser.test_narrow_window import PHONE, TOO_WIDE
from tests.factories import make_comment, make_post, make_published

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAGES = [
    "/admin/", "/admin/keys/", "/admin/blog/post/", "/admin/blog/post/add/", "/admin/blog/comment/", "/admin/blog/tag/",
    "/admin/auth/user/add/", "/admin/board/", "/admin/calendar/", "/admin/account/two-factor/",
]  # fmt: skip

ODDITIES = {"empty-table-header"}  # Django's rows inside a form have a column without width


def test_keys_lead_through_the_desk_until_they_are_turned_off(browser, staff):
    post = make_post("Utkast")
    sheet = ".sheet"

    with browser.desk_of(staff["editor"]) as page:
        page.goto("/admin/")
        page.keyboard.type("gp")
        page.wait_for_url("**/admin/blog/post/")
        page.keyboard.press("j")
        expect(page.locator("#result_list tbody th a")).to_be_focused()
        page.keyboard.press("/")
        expect(page.locator("#searchbar")).to_be_focused()
        page.keyboard.type("gb?")
        expect(page.locator("#searchbar")).to_have_value("gb?")  # letters, where somebody writes
        page.locator("#searchbar").blur()

        page.keyboard.press("?")
        expect(page.locator(sheet)).to_contain_text("Comments to judge")
        assert faults_of(page, context=sheet) == []
        page.click(f"{sheet} .switch button")
        page.keyboard.press("Escape")
        expect(page.locator(sheet)).to_have_count(0)
        page.keyboard.type("gb/")
        expect(page.locator("#searchbar")).not_to_be_focused()

        page.goto(f"/admin/blog/post/{post.pk}/change/")
        page.fill("#id_sign_off", "/Anna")
        page.keyboard.press("Control+s")
        page.wait_for_selector(".messagelist")
        assert page.input_value("#id_sign_off") == "/Anna"

    assert browser.complaints == []


def test_comments_are_judged_with_one_thumb(browser, staff):
    post = make_published(language="en")
    comments = [make_comment(post, f"Waiting {number}", state="held", reason="new") for number in range(3)]
    lowest = PHONE["viewport"]["height"] / 2

    def in_hand(comment):
        return page.locator(f"#row-{comment.pk}[aria-current]")

    with browser.desk_of(staff["moderator"], has_touch=True, **PHONE) as page:
        page.goto("/admin/queue/held/")
        for button in ("[value=approve]", "[value=spam]", ".remove summary"):
            place = in_hand(comments[0]).locator(button).bounding_box()
            assert (button, place["y"] > lowest, place["height"] >= 44) == (button, True, True)
        assert faults_of(page) == []
        in_hand(comments[0]).locator("[value=approve]").tap()
        expect(in_hand(comments[1])).to_have_count(1)
        in_hand(comments[1]).locator(".undo-last").tap()
        expect(in_hand(comments[0])).to_have_count(1)
        page.locator(f"#row-{comments[2].pk} .text").tap()
        in_hand(comments[2]).locator("[value=spam]").tap()
        expect(page.locator(f"#row-{comments[2].pk}")).to_have_class("row done")
        while not Comment.objects.filter(state="spam").exists():  # rows close at once; what they send is on its way
            page.wait_for_timeout(50)

    assert list(Comment.objects.order_by("pk").values_list("state", flat=True)) == ["held", "held", "spam"]
    assert browser.complaints == []


def test_steps_of_a_post_open_from_the_bar_on_a_phone(browser, staff):
    post = make_post("Utkast", created_by=staff["author"])

    with browser.desk_of(staff["author"], **PHONE) as page:
        page.goto(f"/admin/blog/post/{post.pk}/change/")
        expect(page.get_by_text("Submit for review")).to_be_hidden()
        page.click("text=Next step")
        page.click("text=Submit for review")
        page.wait_for_url("**/step/submit/**")

    assert browser.complaints == []


def test_pages_of_the_desk_are_sound_and_fit_a_phone(browser, staff):
    make_comment(make_published("Samtal", tags=["Språk"]), state="held")
    make_post("Utkast med ett mycket långt ord: " + "Utropstecken" * 12)

    with browser.desk_of(staff["administrator"], **PHONE) as page:
        for path in PAGES:
            page.goto(path)
            assert (path, page.evaluate(TOO_WIDE)) == (path, [])
            page.set_viewport_size({"width": 1280, "height": 800})
            assert (path, [each for each in faults_of(page) if each[1] not in ODDITIES]) == (path, [])
            page.set_viewport_size(PHONE["viewport"])
        page.click(".menu summary")
        assert (page.evaluate(TOO_WIDE), faults_of(page)) == ([], [])
