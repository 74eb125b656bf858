"""From the empty form to the merged double: an editor publishes, readers answer, a moderator clears up."""

import re
import time
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from blog.comments.models import Comment
from blog.moderation.models import Batch
from blog.posts.images import Image
from blog.posts.models import Post
from tests.browser.conftest import choose_picture
from tests.factories import make_post
from tests.posts.pictures import jpeg

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def upload(page, file):
    page.goto("/admin/blog/image/add/")
    page.set_input_files("#id_file", file)
    page.fill("#id_alt", "En röd yta")
    page.fill("#id_caption", "Rött, ingenting annat")
    page.click("[name=_save]")
    return Image.objects.get()


def write(page):
    """Type a heading, a double space and a figure from the library."""
    page.goto("/admin/blog/post/add/")
    page.fill("#id_title", "Åtta sätt att börja…")
    page.fill("#id_standfirst", "Det åttonde förvånar.")
    page.fill("#id_tags", "språk")
    page.click(".ProseMirror[contenteditable]")
    page.keyboard.type("## En rubrik")
    page.keyboard.press("Enter")
    page.keyboard.type("Ett ord,  två mellanslag.")
    page.keyboard.press("Enter")
    page.click("[title=figure]")
    with page.expect_popup() as opened:
        page.click("dialog button:has-text('Browse')")
    choose_picture(page, opened.value)
    page.click("dialog [type=submit]")


def schedule(page, ahead):
    """Press "schedule" for an hour that is `ahead`, and return that hour."""
    hour = (timezone.localtime() + ahead).replace(microsecond=0)
    page.fill("#id_publish_at_0", f"{hour:%Y-%m-%d}")
    page.fill("#id_publish_at_1", f"{hour:%H:%M:%S}")
    button = page.locator("[name=_step][value=schedule]")
    assert f"{hour:%H:%M:%S}" in button.inner_text()
    button.click()
    page.wait_for_selector(".messagelist .success")
    return hour


def wait_until_public(page, address):
    end = time.monotonic() + 15
    while page.request.get(address).status != 200:
        assert time.monotonic() < end, "the post did not appear"
        time.sleep(0.2)


def comment(page, name, text, reply_to=None):
    if reply_to:
        page.click(f"#{reply_to} a.reply")
    page.fill("[name=name]", name)
    page.fill("[name=email]", f"{name.lower()}@post.example")
    page.fill("[name=text]", text)
    page.click(".comment-form button:not([name], [type=button])")
    page.wait_for_selector(".message")


def approve_all(page):
    page.goto("/admin/blog/comment/?state__exact=held")
    page.check("#action-toggle")
    page.select_option("[name=action]", "approve")
    page.click("button[name=index]")
    page.wait_for_selector(".messagelist .success")


def merge_duplicates(page):
    page.goto("/admin/")
    page.click("text=Groups of duplicates")
    for box in page.locator("[name=comment]").all():
        box.check()
    page.click("text=Merge everything ticked on this page")
    page.wait_for_selector(".messagelist .success")


def test_editor_publishes_readers_answer_and_the_moderator_merges_a_double(browser, staff, tmp_path):
    file = tmp_path / "bild.jpg"
    file.write_bytes(jpeg(1200, 800))

    with browser.desk_of(staff["editor"]) as page:
        image = upload(page, file)
        write(page)
        hour = schedule(page, ahead=timedelta(seconds=2))
    post = Post.objects.get()
    address = post.get_absolute_url()
    with browser.window() as anna:
        wait_until_public(anna, address)
        assert timezone.now() >= hour
        anna.goto(address)
        assert anna.locator(".prose").inner_text().split("\n")[0] == "En rubrik"
        comment(anna, "Anna", "Det åttonde sättet stämmer på min chef, och jag har arbetat för honom i elva år.")
        with browser.desk_of(staff["moderator"]) as page:
            approve_all(page)
        with browser.window() as bengt:
            bengt.goto(address)
            comment(bengt, "Bengt", "Det tycker jag också.", reply_to="comment-1")
        with browser.window() as again:
            again.goto(address)
            text = "Det åttonde sättet STÄMMER på min chef –  och jag har arbetat för honom i elva år."
            comment(again, "Annika", text)
        with browser.desk_of(staff["moderator"]) as page:
            approve_all(page)
            merge_duplicates(page)
        anna.goto(address)
        assert anna.locator("#comments li.comment").count() == 2
        anna.goto(f"{address}comments/3/")
        assert anna.url == f"{browser.address}{address}#comment-1"

    assert post.body == (
        "<h2>En rubrik</h2><p>Ett ord,  två mellanslag.</p>"
        f'<figure><img src="{image.src}" alt="En röd yta"><figcaption>Rött, ingenting annat</figcaption></figure>'
    )
    assert (post.title, post.slug, post.publish_at) == ("Åtta sätt att börja…", "atta-satt-att-borja", hour)
    rows = Comment.objects.order_by("number").values_list("number", "parent__number", "state", "merged_into__number")
    assert list(rows) == [(1, None, "visible", None), (2, 1, "visible", None), (3, None, "merged", 1)]
    assert [batch.action for batch in Batch.objects.order_by("pk")] == ["approve", "approve", "merge"]
    assert browser.complaints == []


def test_every_tool_of_the_editor_works_under_the_policy(browser, staff):
    post = make_post(body="<p>Text</p>")

    with browser.desk_of(staff["editor"]) as page:
        page.goto(reverse("admin:blog_post_change", args=[post.pk]))
        page.click(".ProseMirror[contenteditable] p")
        page.keyboard.press("Control+A")
        page.click("[title=bold]")
        page.keyboard.press("End")
        page.click("[title=bold]")
        page.keyboard.press("Enter")
        page.click("[title='Insert table']")
        if page.locator("dialog[open]").count():
            page.click("dialog [type=submit]")
        page.keyboard.type("cell")
        page.click("[name=_continue]")
        page.wait_for_selector(".messagelist .success")

    post.refresh_from_db()
    assert re.match("<p><strong>Text</strong></p><table><tbody><tr><t[dh]><p>cell</p></t[dh]>", post.body)
    assert browser.complaints == []


def test_buttons_of_a_post_are_off_once_its_form_was_sent(browser, staff):
    with browser.desk_of(staff["editor"]) as page:
        page.goto("/admin/blog/post/add/")
        before = page.is_disabled("[value=publish]")
        page.evaluate("document.querySelector('#post_form').dispatchEvent(new Event('submit', {bubbles: true}))")
        page.wait_for_timeout(100)
        sent = page.is_disabled("[value=publish]")
        page.evaluate("dispatchEvent(new Event('pageshow'))")
        back = page.is_disabled("[value=publish]")

    assert (before, sent, back) == (False, True, False)
