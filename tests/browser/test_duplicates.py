"""The desk for duplicates in a real browser: with a mouse, by keyboard alone, and on a phone with one thumb."""

import pytest

from blog.comments import groups
from blog.comments.models import Comment
from blog.comments.models_duplicates import Group
from blog.moderation.models import Batch
from tests.browser.axe import faults_of
from tests.factories import make_comment, make_published

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DESK = "/admin/blog/batch/duplicates/"
SAID = "Det åttonde sättet stämmer på min chef, och jag har arbetat för honom i elva år."
OTHERS = "Och för er som undrar: han svarar aldrig på det sjunde, inte ens när han ligger efter med lönerna."
SHORT = "Min mor rättade tidningen med bläck."
THUMB = 44  # pixels
# Too small, or outside of the window. What stands in a line of text is text, and has room around it.
TOO_SMALL = f"""
[...document.querySelectorAll("#content button, #content .choices label, #content select, #content summary")]
  .filter((each) => each.checkVisibility())
  .map((each) => [each.textContent.trim().slice(0, 30), each.getBoundingClientRect()])
  .filter(([, box]) => box.height < {THUMB} || box.width < {THUMB} || box.left < 0 || box.right > innerWidth)
  .map(([words]) => words)
"""


@pytest.fixture
def discussion(staff):
    """Three groups: one author's, the fuller text of one author's, and two people's; the newest first on the desk."""
    post = make_published("Sju sätt att sluta ett mejl")
    mine = [make_comment(post, SAID) for _ in range(2)]
    make_comment(post, "Svar till kopian", parent=mine[1], name="Bo")
    for text in (SHORT, f"{SHORT} Hon skickade aldrig in något av det, för det räckte att någon hade sett felet."):
        make_comment(post, text, name="Cilla")
    for name in ("David", "Eva"):
        make_comment(make_published(f"Nr {name}"), OTHERS, name=name)
    groups.catch_up()
    assert list(Group.objects.values_list("tier", flat=True)) == ["exact", "extended", "exact"]
    return post


def states():
    return list(Comment.objects.order_by("pk").values_list("state", flat=True))


def test_group_is_merged_and_the_merge_undone(browser, staff, discussion):
    before = states()
    with browser.desk_of(staff["moderator"]) as page:
        page.goto(DESK)
        group = page.locator(".group").last
        group.get_by_role("radio").nth(1).check()
        group.get_by_role("button", name="Merge this group").click()
        page.get_by_text("Merge duplicates").wait_for()
        merged = states()
        page.locator(".messagelist").get_by_role("button", name="Undo").click()
        page.get_by_text("Undone: everything is as it was before.").wait_for()

    assert merged == ["merged", *before[1:]]
    assert states() == before
    assert browser.complaints == []


def test_desk_is_cleared_by_keyboard_alone(browser, staff, discussion):
    with browser.desk_of(staff["moderator"]) as page:
        page.goto(DESK)
        page.keyboard.press("?")
        assert page.locator("#keys").is_visible()
        page.keyboard.press("Escape")
        page.keyboard.press("j")
        with page.expect_navigation():
            page.keyboard.press("d")  # two people under two posts: not duplicates
        assert page.evaluate("document.activeElement.matches('.group:first-of-type')")
        page.keyboard.press("j")
        page.keyboard.press("k")
        with page.expect_navigation():
            page.keyboard.press("m")  # the fuller text is chosen beforehand
        page.keyboard.press("2")
        with page.expect_navigation():
            page.keyboard.press("m")
        assert page.get_by_text("There are no duplicates.").is_visible()
        with page.expect_navigation():
            page.keyboard.press("u")
        page.goto(DESK)
        assert page.locator(".group").count() == 1

    assert states() == ["visible", "visible", "visible", "merged", "visible", "visible", "visible"]
    assert [bool(batch.undone_at) for batch in Batch.objects.order_by("pk")] == [False, True]
    assert browser.complaints == []


def test_keys_are_letters_where_somebody_writes(browser, staff, discussion):
    with browser.desk_of(staff["moderator"]) as page:
        page.goto(DESK)
        page.get_by_text("Choose groups").click()
        page.get_by_label("Words of the post’s title").press_sequentially("mjd")

        assert page.get_by_label("Words of the post’s title").input_value() == "mjd"
    assert states() == ["visible"] * 7


def test_phone_and_one_thumb_are_enough(browser, staff, discussion):
    with browser.desk_of(staff["moderator"]) as page:
        page.set_viewport_size({"width": 360, "height": 740})
        page.goto(DESK)
        page.get_by_text("Choose groups").click()
        assert page.evaluate("document.documentElement.scrollWidth") == 360
        assert page.evaluate(TOO_SMALL) == []
        widths = page.evaluate("[...document.querySelectorAll('.member')].map((each) => each.offsetLeft)")
        assert len(set(widths)) == 1  # one below the other
        group = page.locator(".group").last
        group.get_by_text("Keep").nth(1).click()
        group.get_by_role("button", name="Merge this group").click()
        page.get_by_text("Merge duplicates").wait_for()
        page.goto(f"{DESK}wave/?wave=import")
        assert page.evaluate("document.documentElement.scrollWidth") == 360

    assert states()[:2] == ["merged", "visible"]
    assert browser.complaints == []


def test_desk_works_without_a_script(browser, staff, discussion):
    with browser.desk_of(staff["moderator"], java_script_enabled=False) as page:
        page.goto(DESK)
        page.get_by_role("button", name="Merge everything ticked on this page").click()
        assert page.locator(".group").count() == 1  # the two people's

    assert states() == ["visible", "merged", "visible", "merged", "visible", "visible", "visible"]


def test_axe_finds_nothing(browser, staff, discussion):
    """Django's own admin is not ours to mend: its frame is left out."""
    faults = {}
    with browser.desk_of(staff["moderator"]) as page:
        for path in (DESK, f"{DESK}?tier=near", f"{DESK}wave/?wave=import"):
            page.goto(path)
            if page.locator("#show-keys").count():
                page.click("#show-keys")
            faults[path] = faults_of(page, "#content")

    assert {path: found for path, found in faults.items() if found} == {}
