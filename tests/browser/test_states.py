"""axe-core finds nothing on pages that are empty, full, wrong or enlarged; and nothing is cut off at 400 %."""

import pytest

from tests.browser.axe import faults_of
from tests.browser.test_narrow_window import TOO_WIDE
from tests.factories import make_byline, make_comment, make_post, make_published

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ZOOMED = {"viewport": {"width": 320, "height": 256}}  # 1280 by 1024 pixels at 400 %
NAME = "Anna-Wilhelmina Fredrika von Utropsteckensköld-Kommateringsson"
EMPTY = [
    "/", "/archive/", "/search/", "/search/?q=ingenting", "/newsletter/", "/nowhere/", "/admin/login/",
]  # fmt: skip
EMPTY_DESK = [
    "/admin/", "/admin/blog/post/", "/admin/queue/held/", "/admin/board/", "/admin/calendar/",
    "/admin/blog/image/", "/admin/blog/subscriber/", "/admin/blog/edition/", "/admin/blog/batch/",
    "/admin/blog/duplicates/", "/admin/blog/appearance/1/change/",
]  # fmt: skip
FORMS = ["/admin/blog/post/add/", "/admin/blog/tag/add/", "/admin/blog/byline/add/", "/admin/auth/user/add/"]
# What has the focus lies behind nothing that stays in its place (WCAG 2.2, 2.4.11).
HIDDEN_FOCUS = """() => {
  const each = document.activeElement, box = each.getBoundingClientRect()
  if (each === document.body || !box.width || !box.height || box.bottom < 0 || box.top > innerHeight) return null
  const found = [[0.5, 0.5], [0.05, 0.1], [0.95, 0.9]].some(([x, y]) => {
    const at = document.elementFromPoint(box.left + x * box.width, box.top + y * box.height)
    return at && [each, ...each.labels ?? []].some(one => one.contains(at) || at.contains(one))
  })
  return found ? null : each.outerHTML.slice(0, 120)
}"""

# What changes little by little, or scrolls there, though one asked for less of it.
MOVING = """() => [...document.querySelectorAll("*")].filter(each => {
  const style = getComputedStyle(each)
  const lasts = [style.transitionDuration, style.animationDuration].join().split(",").some(time => parseFloat(time))
  return lasts || style.scrollBehavior === "smooth"
}).map(each => each.outerHTML.slice(0, 120))"""


@pytest.fixture
def names(transactional_db):
    """A post of which every name is too long."""
    word = "Utropstecken" * 6
    byline = make_byline(NAME, slug="anna", bio=f"Skriver om {word}.")
    post = make_published(f"Om {word}", slug="om", tags=[f"Om {word}"[:80]], bylines=[byline], language="sv")
    first = make_comment(post, f"{word} " * 9, name=NAME)
    make_comment(post, "Kort.", name=NAME, parent=first)
    return post


def seen(page, addresses):
    """Yield the address of each page on which something is wrong, with what it is."""
    for address in addresses:
        page.goto(address)
        for fault in faults_of(page):
            yield address, fault
        if wide := page.evaluate(TOO_WIDE):
            yield address, wide


def test_axe_finds_nothing_on_empty_pages(browser, staff):
    with browser.window() as page:
        faults = list(seen(page, EMPTY))
    with browser.desk_of(staff["administrator"]) as page:
        faults += seen(page, EMPTY_DESK)

    assert faults == []


def test_axe_finds_nothing_on_long_names_at_400_percent(browser, staff, names):
    tag = names.tags.get()
    of_readers = ["/", names.get_absolute_url(), tag.get_absolute_url(), "/author/anna/", "/archive/", "/search/?q=om"]
    make_comment(names, "Väntar.", name=NAME, state="held", reason="new")
    make_post("Utkast " * 20)

    with browser.window(**ZOOMED) as page:
        faults = list(seen(page, [*of_readers, "/newsletter/", "/admin/login/"]))
    with browser.desk_of(staff["administrator"], **ZOOMED) as page:
        faults += seen(page, ["/admin/", "/admin/queue/held/", f"/admin/blog/post/{names.pk}/change/"])

    assert faults == []


def test_axe_finds_nothing_on_forms_with_errors(browser, staff):
    faults = []
    with browser.desk_of(staff["administrator"]) as page:
        for address in FORMS:
            page.goto(address)
            page.evaluate("document.querySelector('#content-main form').noValidate = true")
            page.locator("#content-main [name=_save]").first.click()
            page.wait_for_selector(".errornote")
            page.click(".summary a >> nth=0")  # what is wrong is named at the top, and leads there
            assert page.evaluate("document.activeElement.ariaInvalid"), address
            faults += [(address, each) for each in faults_of(page)]
    with browser.window() as page:
        for address, name in (("/newsletter/", "email"), ("/admin/login/", "login")):
            page.goto(address)
            page.evaluate("[...document.forms].forEach(each => { each.noValidate = true })")
            page.locator(f"main [name={name}], form [name={name}]").last.press("Enter")
            page.wait_for_load_state()
            assert page.locator("[aria-invalid=true], .errorlist, .errors, [role=alert]").count(), address
            faults += [(address, each) for each in faults_of(page)]

    assert faults == []


def test_axe_finds_nothing_in_forced_colours_and_nothing_moves(browser, staff, names):
    still = {"forced_colors": "active", "reduced_motion": "reduce"}
    of_staff = ["/admin/", "/admin/queue/held/", f"/admin/blog/post/{names.pk}/change/"]
    make_comment(names, "Väntar.", name=NAME, state="held", reason="new")
    moving = []
    with browser.window(**still) as page:
        faults = list(seen(page, ["/", "/newsletter/", names.get_absolute_url()]))
        moving += page.evaluate(MOVING)
    with browser.desk_of(staff["administrator"], **still) as page:
        faults += seen(page, of_staff)
        moving += page.evaluate(MOVING)

    # axe-core takes our own colour of a button's letters for the one seen; here the system's own are.
    assert [each for each in faults if "color-contrast" not in each[1]] == []
    assert moving == []


def test_focus_is_never_hidden(browser, staff, names):
    hidden = []
    with browser.window(viewport={"width": 360, "height": 640}) as page:
        hidden += walk(page, names.get_absolute_url())
    with browser.desk_of(staff["editor"], viewport={"width": 1280, "height": 600}) as page:
        hidden += walk(page, f"/admin/blog/post/{names.pk}/change/")

    assert hidden == []


def walk(page, address, steps=60):
    page.goto(address)
    for step in range(steps):
        page.keyboard.press("Tab")
        if step == 0 and not page.evaluate("document.querySelector(document.activeElement.hash)?.matches('main')"):
            yield address, "the first link does not skip to the content"
        if found := page.evaluate(HIDDEN_FOCUS):
            yield address, found
