"""The weekly letter in a browser: asked for with the keyboard and without JavaScript, read on a phone, and ended."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from blog.newsletter import composing, keys
from blog.newsletter.models import Subscriber
from blog.web.models import Letter
from tests.browser.axe import faults_of
from tests.factories import make_byline, make_published

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = {"width": 360, "height": 800}


def test_reader_subscribes_with_the_keyboard_and_without_a_script(browser):
    post = make_published("On commas", language="en")

    with browser.window(java_script_enabled=False, viewport=PHONE) as page:
        page.goto(post.get_absolute_url())
        box = page.get_by_role("region", name="The weekly letter")
        box.get_by_label("E-mail").focus()
        page.keyboard.type("bo@post.example")
        page.keyboard.press("Tab")
        expect(box.get_by_role("button", name="Subscribe")).to_be_focused()
        page.keyboard.press("Enter")
        page.wait_for_url("**/newsletter/thanks/")
        page.goto(re.search(r"http\S+/newsletter/confirm/\S+", Letter.objects.get().text)[0])
        page.get_by_role("button", name="Yes, send it to me").press("Enter")
        expect(page.get_by_role("status")).to_contain_text("comes to you from now on")

    assert list(Subscriber.objects.confirmed().values_list("email", "language")) == [("bo@post.example", "en")]
    assert browser.complaints == []


def test_letter_is_readable_for_everybody_and_has_a_way_out(browser):
    subscriber = Subscriber.objects.create(email="bo@post.example", language="en", confirmed_at=timezone.now())
    posts = [
        make_published("On commas", language="en", standfirst="A pause.", bylines=[make_byline("Karin Ek")]),
        make_published("Sammansättningsfogemorfem" * 5),
    ]
    words = composing.compose([post.pk for post in posts], "en", timezone.now()).to(keys.leave_address(subscriber))

    with browser.window(viewport=PHONE) as page:
        page.set_content(words.html)
        faults = faults_of(page)
        width = page.evaluate("document.documentElement.scrollWidth")
        page.get_by_role("link", name="End the letters").click()
        page.get_by_role("button", name="End the letters").click()
        expect(page.get_by_role("status")).to_contain_text("your address is deleted")

    assert (faults, width) == ([], 360)
    assert not Subscriber.objects.exists()
    assert browser.complaints == []
