"""The board and the calendar in a real browser: with a mouse, with the keyboard alone, and without scripts."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from blog.posts.models import Post
from tests.factories import make_byline, make_post

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
GOOD = {"standfirst": "Om pauser.", "body": "<p>Ett kommatecken är en paus.</p>"}


def make_draft(title, **fields):
    return make_post(title, tags=["språk"], **GOOD | fields)


def make_scheduled(title, **fields):
    hour = timezone.localtime().replace(day=15, hour=8, minute=0, second=0, microsecond=0)
    hour = hour.replace(year=hour.year + 1, month=6)
    return make_draft(title, status="approved", publish_at=hour, first_published_at=hour, **fields)


def state(post):
    return Post.objects.get(pk=post.pk).status


def hour(post):
    return timezone.localtime(Post.objects.get(pk=post.pk).publish_at)


def test_card_is_dragged_to_the_column_of_a_step(browser, staff):
    post = make_draft("Om kommatecken", created_by=staff["editor"])

    with browser.desk_of(staff["editor"]) as page:
        page.goto("/admin/board/")
        page.drag_and_drop(f"#post-{post.pk} h3", "[data-column=review]")
        expect(page.locator(f"[data-column=review] #post-{post.pk} h3 a")).to_be_focused()
        page.drag_and_drop(f"#post-{post.pk} h3", "[data-column=published]")
        expect(page.locator(f"[data-column=published] #post-{post.pk}")).to_be_visible()

    assert state(post) == "approved"
    assert browser.complaints == []


def test_drop_that_no_step_allows_says_so(browser, staff):
    post = make_draft("Om kommatecken", created_by=staff["editor"])

    with browser.desk_of(staff["editor"]) as page:
        page.goto("/admin/board/")
        page.drag_and_drop(f"#post-{post.pk} h3", "[data-column=changes]")
        expect(page.get_by_role("status")).to_contain_text("Om kommatecken")

    assert state(post) == "draft"
    assert browser.complaints == []


def test_board_works_by_keyboard_alone(browser, staff):
    make_draft("Ett", priority=1)
    two = make_draft("Två")
    make_draft("Inne", status="in_review")

    with browser.desk_of(staff["editor"]) as page:
        page.goto("/admin/board/")
        page.locator(".card a", has_text="Ett").focus()
        page.keyboard.press("ArrowDown")
        expect(page.locator(f"#post-{two.pk} h3 a")).to_be_focused()
        page.keyboard.press("ArrowRight")
        expect(page.locator(".card a", has_text="Inne")).to_be_focused()
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.locator(f"[data-column=review] #post-{two.pk} h3 a")).to_be_focused()

    assert state(two) == "in_review"
    assert browser.complaints == []


def test_entry_is_dragged_to_another_day_and_keeps_its_time(browser, staff):
    post = make_scheduled("Om kommatecken")
    month, target = f"{hour(post):%Y-%m}", f"{hour(post):%Y-%m}-24"

    with browser.desk_of(staff["editor"]) as page:
        page.goto(f"/admin/calendar/?month={month}")
        page.drag_and_drop(f"#post-{post.pk} > a", f"[data-day='{target}']")
        expect(page.locator(f"[data-day='{target}'] #post-{post.pk}")).to_be_visible()

    assert f"{hour(post):%Y-%m-%d %H:%M}" == f"{target} 08:00"
    assert browser.complaints == []


def test_entry_is_moved_by_keyboard_alone(browser, staff):
    post = make_scheduled("Om kommatecken")

    with browser.desk_of(staff["editor"]) as page:
        page.goto(f"/admin/calendar/?month={hour(post):%Y-%m}")
        page.locator(f"#post-{post.pk} > a").focus()
        page.keyboard.press("Shift+ArrowRight")
        page.keyboard.press("Shift+ArrowDown")
        page.keyboard.press("Enter")
        expect(page.locator(f"[data-day='{hour(post):%Y-%m}-23'] #post-{post.pk} > a")).to_be_focused()

    assert (hour(post).day, hour(post).hour) == (23, 8)
    assert browser.complaints == []


def test_all_of_it_works_without_scripts(browser, staff):
    post, draft = make_scheduled("Om kommatecken"), make_draft("Utkast")

    with browser.desk_of(staff["editor"], java_script_enabled=False) as page:
        page.goto("/admin/board/")
        page.click(f"#post-{draft.pk} summary")
        page.click(f"#post-{draft.pk} button[data-to=review]")
        expect(page.locator(f"[data-column=review] #post-{draft.pk}")).to_be_visible()
        page.goto(f"/admin/calendar/?month={hour(post):%Y-%m}")
        page.click(f"#post-{post.pk} summary")
        page.fill(f"#post-{post.pk} [name=hour_1]", "09:30")
        page.click(f"#post-{post.pk} button")
        expect(page.locator(f"#post-{post.pk}")).to_contain_text("09:30")

    assert state(draft) == "in_review"


@pytest.mark.parametrize("width", [320, 1280])
def test_overview_fits_the_screen(browser, staff, width):
    day = timezone.localdate() - timedelta(days=1)
    make_draft("Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft", due_on=day)
    make_draft("Inne", status="in_review", reviewer=staff["editor"], bylines=[make_byline()], priority=1)
    post = make_scheduled("Kommande med en lång rubrik som säger det mesta")

    with browser.desk_of(staff["editor"]) as page:
        page.set_viewport_size({"width": width, "height": 900})
        for path in ("/admin/", "/admin/board/", f"/admin/calendar/?month={hour(post):%Y-%m}"):
            page.goto(path)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path

    assert browser.complaints == []
