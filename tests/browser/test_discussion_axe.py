"""axe-core finds nothing to complain about on what readers see of a discussion, light and dark."""

import gzip

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.utils import timezone

from blog.comments.models import Comment
from tests.factories import make_byline, make_comment, make_published

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]


@pytest.fixture
def post(transactional_db):
    post = make_published(language="en", bylines=[make_byline()], comment_policy="timed", comments_pause_minutes=3)
    first = make_comment(post, "*Ett* svar\n\n> på en `fråga`\n\n- https://blog.example/", website="https://a.example/")
    Comment.objects.filter(pk=first.pk).update(picked_at=timezone.now(), edited_at=timezone.now())
    parent = first
    for number in range(6):
        parent = make_comment(post, f"Svar {number}", name=f"Läsare {number}", parent=parent)
    gone = make_comment(post, "Borta", state="withdrawn")
    make_comment(post, "Svar", parent=gone)
    make_comment(post, "[…]", name="Bloggen", origin="mention")
    make_comment(post, "Borta", state="erased")
    return post


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser, post, scheme):
    faults = {}
    with browser.window(color_scheme=scheme) as page:

        def look(name):
            found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
            faults[name] = [(each["id"], [node["html"][:120] for node in each["nodes"][:3]]) for each in found]

        for address in ("", "?order=newest", "comments/write/?reply_to=1", "comments/new/", "comments/11/"):
            page.goto(post.get_absolute_url() + address)
            look(address)
        page.goto("/")
        look("front")
        page.goto(post.get_absolute_url())
        page.click("text=Mark what is new")
        make_comment(post, "Nytt")
        page.evaluate("sessionStorage.clear()")
        page.goto(post.get_absolute_url())
        page.fill("#id_text", "@L")
        page.fill("#id_name", "Anna")
        look("something is new, names are offered")
        page.goto(f"{post.get_absolute_url()}comments/new/")
        look("list of what is new")
        page.goto(post.get_absolute_url())
        page.fill("#id_name", "Anna")
        page.click("text=Preview")
        look("preview")
        page.fill("#id_email", "inte")
        page.evaluate("document.querySelector('.comment-form').noValidate = true")
        page.click("text=Send the comment")
        look("errors")

    assert {name: each for name, each in faults.items() if each} == {}


def test_public_scripts_stay_under_six_kilobytes():
    public = ["discussion.js"]  # templates/blog/comments; the others belong to the desk and to invited guests

    size = sum(len(gzip.compress((settings.BASE_DIR / "static/blog/js" / name).read_bytes())) for name in public)

    assert size < 6 * 1024
