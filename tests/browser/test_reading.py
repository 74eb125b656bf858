"""Reading a long post, on a phone, at a desk and on paper, and pulling a quote out of it."""

import gzip

import pytest

from blog.posts.models import Post
from tests.browser.axe import faults_of
from tests.factories import make_byline, make_comment, make_published

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PARAGRAPH = f"<p>{'Den sista raden är den som blir kvar, och den skriver vi utan att tänka. ' * 25}</p>"
BODY = (
    "<p>En rad[^1].</p><blockquote class='pull'><p>Det som blir kvar.</p></blockquote>"
    f"<table><tbody><tr>{'<th>Avslutning</th>' * 20}</tr></tbody></table><pre><code>{'lång rad ' * 40}</code></pre>"
    + "".join(f"<h2>Del {number}</h2>{PARAGRAPH}" for number in (1, 2, 3))
    + "<p>[^1]: En not.</p>"
)
SHIFTS = """window.shifts = 0
new PerformanceObserver(list => list.getEntries().forEach(each => { shifts += each.value }))
  .observe({ type: "layout-shift", buffered: true })"""
LETTERS_A_LINE = """() => {
  const text = document.querySelector("h2 + p").firstChild, range = document.createRange()
  range.selectNodeContents(text)
  const tops = new Set([...range.getClientRects()].map(box => Math.round(box.top)))
  return text.length / tops.size
}"""


@pytest.fixture
def post(transactional_db):
    byline = make_byline("Karin Ek", bio="Skriver.")
    post = make_published("Om sista rader", body=BODY, bylines=[byline], tags=["mejl"], standfirst="Om slut.")
    for number in range(18):
        make_comment(post, f"Bra. {number}")
    return post


def tab_to(page, selector):
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"no way to {selector}")


def test_reading_with_a_phone_and_the_keyboard(browser, post):
    with browser.window(viewport={"width": 320, "height": 640}) as page:
        page.add_init_script(SHIFTS)
        asked = []
        page.on("request", lambda request: asked.append(request.url))

        page.goto(post.get_absolute_url(), wait_until="networkidle")

        assert page.evaluate("[document.documentElement.scrollWidth, shifts]") == [320, 0]
        assert len(asked) <= 6, asked
        assert [url for url in asked if not url.startswith(browser.address)] == []
        for region in ("div.table", ".prose pre"):
            scrolls = "each => [each.scrollWidth > each.clientWidth, each.tabIndex, each.role]"
            assert page.eval_on_selector(region, scrolls) == [True, 0, "region"]
        for link, leads_to in (("#mark-1", "#note-1"), (".back", "#mark-1")):
            tab_to(page, link)
            page.keyboard.press("Enter")
            assert page.evaluate("location.hash") == leads_to
        assert faults_of(page) == []
    assert browser.complaints == []


def test_post_with_eighteen_comments_is_thirty_kilobytes(browser, post):
    kilobytes = {"document": 0, "stylesheet": 0, "script": 0}

    def weigh(response):
        if response.request.resource_type in kilobytes:
            kilobytes[response.request.resource_type] += len(gzip.compress(response.body())) / 1024

    with browser.window() as page:
        page.on("requestfinished", lambda request: weigh(request.response()))
        page.goto(post.get_absolute_url(), wait_until="networkidle")

    assert 0 < kilobytes["script"] <= 6
    assert min(kilobytes.values()) > 0
    assert sum(kilobytes.values()) <= 30


def test_reading_at_a_desk_and_on_paper(browser, post):
    with browser.window(viewport={"width": 1280, "height": 900}, color_scheme="dark") as page:
        page.goto(post.get_absolute_url())

        assert 60 <= page.evaluate(LETTERS_A_LINE) <= 70
        page.click(".contents a >> nth=2")
        assert page.evaluate("location.hash") == "#part-del-3"
        assert page.locator(".contents a").first.is_visible()  # it goes along
        assert faults_of(page) == []
        page.emulate_media(media="print")
        parts = ("h1", ".prose", ".notes", ".contents", ".newsletter", "#comments")
        assert [part for part in parts if page.locator(part).first.is_visible()] == ["h1", ".prose", ".notes"]


def test_an_editor_pulls_a_quote(browser, staff):
    post = make_published("Om citat", body="<blockquote><p>Det som blir kvar.</p></blockquote>")

    with browser.desk_of(staff["administrator"], viewport={"width": 1280, "height": 900}) as page:
        page.goto(f"/admin/blog/post/{post.pk}/change/")
        page.click(".ProseMirror blockquote")
        page.evaluate("document.querySelector('.prose-menubar p.pull').parentElement.click()")
        page.click("[name=_continue]")
        page.wait_for_selector(".messagelist li")

    newest = Post.objects.get(pk=post.pk).revisions.latest("number").content["body"]
    assert newest == '<blockquote class="pull"><p>Det som blir kvar.</p></blockquote>'
