"""axe-core finds nothing to complain about on what readers see of a discussion, light and dark."""

import gzip

import pytest
from django.conf import settings
from django.utils import timezone

from blog.comments.models import Comment
from blog.moderation.models import Report
from blog.posts.models import Post
from blog.receipts import keys
from blog.receipts.models import Address, Appeal, FormerText
from tests.browser.axe import faults_of
from tests.factories import make_byline, make_comment, make_published

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


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


def looker(page, faults):
    """A function that puts what axe finds on the page into a dict, under a name."""

    def look(name):
        faults[name] = faults_of(page)

    return look


def test_axe_finds_nothing(browser, post):
    faults = {}
    with browser.window() as page:
        look = looker(page, faults)

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


def test_axe_finds_nothing_on_receipts_and_reports(browser, post):
    states = {"held": "reported", "visible": "", "removed": "", "withdrawn": "", "erased": ""}
    proved = {"email": "anna@post.example", "email_proved_at": timezone.now(), "origin": "form"}
    address = Address.objects.create(email="anna@post.example", language="en", proved_at=timezone.now())
    faults = {}
    with browser.window() as page:
        look = looker(page, faults)
        for state, reason in states.items():
            mine = make_comment(post, f"Nr {state}", name="Anna", state=state, reason=reason, **proved)
            page.goto(keys.address_of(mine, by_mail=True).removeprefix(settings.SITE_URL))
            look(f"receipt, {state}")
        page.goto(keys.address_of(mine, by_mail=True).removeprefix(settings.SITE_URL) + "erasure/")
        look("erasure")
        page.goto(keys.mute_address(address).removeprefix(settings.SITE_URL))
        look("mute")
        page.get_by_role("button", name="End these mails").click()
        look("muted")
        page.goto(f"{post.get_absolute_url()}comments/1/report/")
        look("report")
        page.get_by_role("button", name="Send the report").click()
        look("report with errors")

    assert {name: each for name, each in faults.items() if each} == {}


def test_axe_finds_nothing_on_questions_and_refusals(browser, post, settings):
    settings.COMMENTS_PER_PERSON = 1
    Post.objects.update(comments_pause_minutes=0)
    write, faults = f"{post.get_absolute_url()}comments/write/?reply_to=1", {}
    with browser.window() as page:
        look = looker(page, faults)
        for text in ("Ett svar", "Ett till"):
            page.goto(write)
            page.fill("#id_name", "Anna")
            page.fill("#id_text", text)
            if text == "Ett svar":
                make_comment(post, "Det korsade", parent=post.comments.get(number=1))
                page.click("text=Send the comment")
                look("crossed")
            page.click("text=Send the comment")
            look(f"sent: {text}")
        assert page.get_by_text("Many comments came from you").is_visible()

    assert {name: each for name, each in faults.items() if each} == {}


def test_axe_finds_nothing_new_where_moderators_judge(browser, staff, post):
    """Django's own admin is not ours to mend: its frame is left out."""
    reported = post.comments.get(number=2)
    Report.objects.create(comment=reported, reason="abuse", note="Elakt")
    Appeal.objects.create(comment=reported, text="Nej")
    FormerText.objects.create(comment=reported, text="Förut")
    with browser.desk_of(staff["moderator"]) as page:
        page.goto(f"/admin/blog/comment/{reported.pk}/change/")
        faults = faults_of(page, "#content-main")

    assert faults == []


def test_public_scripts_stay_under_six_kilobytes():
    public = ["discussion.js"]  # templates/blog/comments; the others belong to the desk and to invited guests

    size = sum(len(gzip.compress((settings.BASE_DIR / "static/blog/js" / name).read_bytes())) for name in public)

    assert size < 6 * 1024
