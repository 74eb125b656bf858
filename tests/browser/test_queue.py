"""The queue in a real browser: by keyboard alone, by mouse, on a phone, and without scripts."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from blog.comments.models import Comment
from blog.moderation.batches import Action, moderate
from blog.moderation.models import Batch, PersonNote, RemovalReason, Report
from tests.browser.axe import faults_of
from tests.factories import make_comment, make_group, make_published

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HELD = "/admin/queue/held/"
OPEN = ".queue > .row:not(.done)"


@pytest.fixture
def post(transactional_db):
    return make_published(language="en")


@pytest.fixture
def reasons(transactional_db):
    return list(RemovalReason.objects.all())


def hold(post, count):
    return [
        make_comment(post, f"Waiting {number}", name=f"Reader {number}", state="held", reason="new")
        for number in range(count)
    ]


def states():
    return list(Comment.objects.order_by("pk").values_list("state", flat=True))


def test_queue_of_thirty_and_more_is_cleared_by_keyboard(browser, staff, post, reasons):
    comments = hold(post, 40)

    with browser.desk_of(staff["moderator"]) as page:
        page.goto(HELD)
        for number in range(40):
            expect(page.locator(f"#row-{comments[number].pk}")).to_be_focused()
            for key in ("a", "s", "r1")[number % 3]:
                page.keyboard.press(key)
        expect(page.locator(OPEN)).to_have_count(0)
        while Comment.objects.held().exists():  # rows close at once; what they send is on its way
            page.wait_for_timeout(100)
        assert states() == (["visible", "spam", "removed"] * 14)[:40]

        page.keyboard.press("u")
        expect(page.locator(OPEN)).to_have_count(1)

    assert (states()[-1], Comment.objects.held().count()) == ("held", 1)
    assert Batch.objects.filter(action="remove", reason=reasons[0]).count() == 13
    assert browser.complaints == []


def test_row_that_was_sent_opens_again_where_somebody_was_quicker(browser, staff, post):
    first, second = hold(post, 2)

    with browser.desk_of(staff["moderator"]) as page, browser.desk_of(staff["editor"]) as other:
        page.goto(HELD)
        other.goto(HELD)
        other.keyboard.press("a")
        expect(other.get_by_role("status")).to_have_text("Approved")
        page.keyboard.press("s")
        expect(page.locator(f"#row-{first.pk} .refusal")).to_contain_text("editor was quicker: Approve")
        expect(page.locator(f"#row-{second.pk}")).to_be_focused()

    assert states() == ["visible", "held"]
    assert [each for each in browser.complaints if "409" not in each] == []


def test_nothing_that_was_typed_is_lost_offline(browser, staff, post):
    [comment] = hold(post, 1)

    with browser.desk_of(staff["moderator"]) as page:
        page.goto(HELD)
        page.keyboard.press("e")
        page.keyboard.type("Welcome, a and b!")
        page.context.set_offline(True)
        page.keyboard.press("Control+Enter")
        expect(page.locator(".refusal")).to_contain_text("the site is not to be reached")
        expect(page.locator(f"#reply-{comment.pk}")).to_have_value("Welcome, a and b!")
        page.context.set_offline(False)
        page.locator(f"#reply-{comment.pk}").focus()
        page.keyboard.press("Control+Enter")
        expect(page.get_by_role("status")).to_have_text("Approved")

    assert [each.text for each in Comment.objects.order_by("pk")] == ["Waiting 0", "Welcome, a and b!"]
    assert states() == ["visible", "visible"]


def test_signed_out_is_told_in_the_row(browser, staff, post):
    hold(post, 1)

    with browser.desk_of(staff["moderator"]) as page:
        page.goto(HELD)
        page.context.clear_cookies()
        page.keyboard.press("a")
        expect(page.locator(".refusal")).to_contain_text("you are signed out")

    assert states() == ["held"]


def test_ticked_rows_are_one_batch_and_one_undo(browser, staff, post):
    hold(post, 4)

    with browser.desk_of(staff["moderator"]) as page:
        page.goto(HELD)
        for key in "xjjx":
            page.keyboard.press(key)
        page.locator("#bulk").get_by_role("button", name="Spam").click()
        expect(page.locator(OPEN)).to_have_count(2)
        expect(page.get_by_role("status")).to_have_text("Marked as spam")
        assert (states(), Batch.objects.count()) == (["spam", "held", "spam", "held"], 1)
        page.locator(".outcome button").first.click()
        expect(page.locator(OPEN)).to_have_count(4)

    assert states() == ["held"] * 4
    assert browser.complaints == []


def test_keys_act_on_what_is_ticked_and_not_on_the_row_in_focus(browser, staff, post):
    hold(post, 3)

    with browser.desk_of(staff["moderator"]) as page:
        page.goto(HELD)
        for key in "xjxja":
            page.keyboard.press(key)
        expect(page.locator(OPEN)).to_have_count(1)
        expect(page.locator(".told")).not_to_be_empty()

    assert states() == ["visible", "visible", "held"]


def test_note_pick_merge_and_search_by_key(browser, staff, post):
    copies = [make_comment(post, "The same words", name=f"Reader {number}") for number in range(2)]
    make_group(*copies)
    Report.objects.create(comment=copies[0], reason="abuse")

    with browser.desk_of(staff["editor"]) as page:
        page.goto("/admin/queue/reported/")
        page.keyboard.press("n")
        page.keyboard.type("Warned")
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_have_text("Noted about the person.")
        page.keyboard.press("p")
        expect(page.get_by_role("status")).to_have_text("Made the editors’ choice")
        page.keyboard.press("m")
        expect(page.get_by_role("status")).to_have_text("Merged")
        page.keyboard.press("/")
        expect(page.locator("#id_words")).to_be_focused()

    assert (PersonNote.objects.get().text, states()) == ("Warned", ["visible", "merged"])
    assert Comment.objects.picked().get() == copies[0]
    assert browser.complaints == []


def test_row_stays_after_the_choice_and_what_others_do_meanwhile_is_not_overwritten(browser, staff, post):
    removed, edited, unchanged = (make_comment(post, f"Said {number}", name=f"Reader {number}") for number in range(3))
    for comment in (removed, edited, unchanged):
        Report.objects.create(comment=comment, reason="abuse")

    with browser.desk_of(staff["editor"]) as page:
        page.goto("/admin/queue/reported/")
        for comment in (unchanged, edited, removed):  # the newest stands first
            row = page.locator(f"#row-{comment.pk}")
            row.focus()
            page.keyboard.press("p")
            expect(row.locator(".refusal")).to_have_text("Made the editors’ choice")
        moderate(Action.REMOVE, Comment.objects.filter(pk=removed.pk), by=staff["moderator"])
        Comment.objects.filter(pk=edited.pk).update(text="Said otherwise", edited_at=timezone.now())
        for comment, words in ((removed, "moderator was quicker: Remove"), (edited, "was quicker")):
            row = page.locator(f"#row-{comment.pk}")
            row.focus()
            page.keyboard.press("s")
            expect(row.locator(".refusal")).to_contain_text(words)
        page.locator(f"#row-{unchanged.pk}").focus()
        page.keyboard.press("s")
        expect(page.get_by_role("status")).to_have_text("Marked as spam")

    assert states() == ["removed", "visible", "spam"]
    assert [each for each in browser.complaints if "409" not in each] == []


def test_all_of_it_works_without_scripts(browser, staff, post, reasons):
    comments = hold(post, 4)

    with browser.desk_of(staff["moderator"], java_script_enabled=False) as page:
        page.goto(HELD)
        page.locator(f"#row-{comments[0].pk}").get_by_role("button", name="Approve", exact=False).first.click()
        page.get_by_role("button", name="Undo").click()
        assert states() == ["held"] * 4
        page.goto(HELD)
        page.locator(f"#row-{comments[1].pk} .remove summary").click()
        page.locator(f"#row-{comments[1].pk}").get_by_label("Attack on a person").check()
        page.locator(f"#row-{comments[1].pk} .remove button").click()
        expect(page.locator(OPEN)).to_have_count(3)
        page.check(f"#row-{comments[2].pk} [form=bulk]")
        page.check(f"#row-{comments[3].pk} [form=bulk]")
        page.locator("#bulk").get_by_role("button", name="Spam").click()
        expect(page.locator(OPEN)).to_have_count(1)

    assert states() == ["held", "removed", "spam", "spam"]


def test_queue_with_one_thumb_on_a_phone(browser, staff, post, reasons):
    comments = hold(post, 3)
    Comment.objects.filter(pk=comments[1].pk).update(name="W" * 80, text="W" * 300, html="")

    with browser.desk_of(
        staff["moderator"], viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True
    ) as page:
        page.goto(HELD)
        assert page.evaluate("document.documentElement.scrollWidth") == 360
        sizes = [each.bounding_box() for each in page.locator(".queue .actions .button:visible").all()]
        assert min(min(box["width"], box["height"]) for box in sizes) >= 40
        page.locator(f"#row-{comments[0].pk}").get_by_role("button", name="Approve").tap()
        page.locator(f"#row-{comments[1].pk} .remove summary").tap()
        page.locator(f"#row-{comments[1].pk}").get_by_text("Off topic").tap()
        page.locator(f"#row-{comments[1].pk} .remove button").tap()
        expect(page.locator(OPEN)).to_have_count(1)
        expect(page.get_by_role("status")).to_have_text("Removed")

    assert states() == ["visible", "removed", "held"]
    assert browser.complaints == []


def test_axe_finds_nothing_in_the_queue(browser, staff, post, reasons):
    parent = make_comment(post, "A *question*\n\n> of a reader", name="Bo")
    comment = make_comment(post, "> quoted\n\nhttps://a.example/", parent=parent, state="held", reason="changed")
    Report.objects.create(comment=comment, reason="abuse", note="Nasty")
    PersonNote.objects.create(author_key=comment.author_key, text="Warned", by=staff["editor"])
    pages = [
        f"{HELD}",
        "/admin/queue/all/?network=x",
        f"/admin/person/{comment.pk}/",
        f"/admin/person/{comment.pk}/remove/",
    ]
    faults = {}
    with browser.desk_of(staff["editor"]) as page:
        for path in pages:
            page.goto(path)
            for each in page.locator("#content details").all():
                each.evaluate("panel => panel.open = true")
            faults[path] = faults_of(page, "#content")

    assert {path: each for path, each in faults.items() if each} == {}
    assert browser.complaints == []


def test_old_link_to_a_merged_copy_leads_to_the_kept_comment(browser, staff, post):
    kept, copy = (make_comment(post, "The same words", name="Eva") for _ in range(2))
    for number in range(30):
        make_comment(post, f"Another {number}")
    make_group(kept, copy)

    with browser.desk_of(staff["moderator"]) as page:
        page.goto(f"/admin/queue/all/?by={copy.pk}")
        page.keyboard.press("m")
        expect(page.get_by_role("status")).to_have_text("Merged")
    with browser.window() as page:
        page.goto(f"{post.get_absolute_url()}comments/{copy.number}/")
        expect(page.locator(f"#{kept.anchor}")).to_be_in_viewport()
        assert page.url.endswith(f"#{kept.anchor}")
        expect(page.locator(".discussion h2").first).to_contain_text("1 duplicate merged")

    assert browser.complaints == []
