"""A text's way over the editors' desk: from the empty form to the corrected post, with nothing lost on the way."""

from contextlib import contextmanager, suppress
from datetime import timedelta
from urllib.parse import unquote_plus, urlsplit

import pytest
from django.utils import timezone
from playwright.sync_api import Error, expect

from blog.editing.models import Autosave
from blog.posts.events import Event
from blog.posts.images import store
from blog.posts.models import Post
from blog.review.models import Note
from tests.browser.conftest import choose_picture
from tests.factories import make_byline, make_post
from tests.posts.pictures import jpeg, uploaded

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ADD = "/admin/blog/post/add/"
TITLE = "Kommat som flyttade en fest"
STANDFIRST = "En inbjudan, två gäster och ett skiljetecken."
BODY = ["Festen skulle börja klockan sju.", "Men kommat stod på fel plats."]
EDITOR = ".ProseMirror[contenteditable]"
TRAIL = [
    ("created", "author", False, ""),
    ("submitted", "author", False, "Taggarna kommer."),
    ("invited", "author", False, "Bo Holm"),
    ("objected", "Bo Holm", False, "Säg var kommat stod."),
    ("changes_requested", "Bo Holm", False, "Säg var kommat stod."),
    ("submitted", "author", False, ""),
    ("approved", "editor", False, ""),
    *[("rescheduled", "editor", False, "")] * 3,  # by drag, by form, to this moment
    ("changed", "author", True, ""),
    ("submitted", "author", True, ""),
    ("approved", "editor", True, ""),
    ("updated", "", True, ""),
    ("corrected", "editor", False, "Det var en enda fest."),
    ("changed", "editor", True, ""),
    ("approved", "editor", True, ""),
    ("updated", "", True, ""),
]
# The middle of the first and of the last letter of some words, and the words' element in view.
ENDS_OF_WORDS = """(element, words) => {
  const text = element.firstChild
  const range = document.createRange()
  range.setStart(text, text.data.indexOf(words))
  range.setEnd(text, text.data.indexOf(words) + words.length)
  element.scrollIntoView({ block: "center" })
  const box = range.getBoundingClientRect()
  return [box.left + 1, box.right - 1, (box.top + box.bottom) / 2]
}"""


def next_month(day, hour=8, minute=0):
    """An hour of the next month, in the site's time zone."""
    first = (timezone.localtime().replace(day=1) + timedelta(days=32)).replace(day=day, second=0, microsecond=0)
    return first.replace(hour=hour, minute=minute)


def form_of(post):
    return f"/admin/blog/post/{post.pk}/change/"


def press(page, step):
    page.click(f"[name=_step][value={step}]")


def save(page):
    """Save and go on editing; wait until that was done."""
    page.click("[name=_continue]")
    page.wait_for_selector(".messagelist li")


def body_of(post):
    return Post.objects.get(pk=post.pk).body


def crash(page):
    """End the page as a crash of the browser ends it, and return another one."""
    with suppress(Error):
        page.goto("chrome://crash")
    return page.context.new_page()


@contextmanager
def kept(page, words):
    """Wait until the site has kept what is typed in here, with the last `words` of it."""

    def holds_them(answer):
        return "/admin/autosave/" in answer.url and words in unquote_plus(answer.request.post_data or "")

    with page.expect_response(holds_them):
        yield
    expect(page.locator("[data-autosave]")).to_contain_text("Kept at")


def append(page, number, text):
    """Type at the end of a paragraph of the body, counted from 1."""
    page.locator(f"{EDITOR} > p").nth(number - 1).click()
    page.keyboard.press("End")
    page.keyboard.type(text)


def select(page, element, words):
    """Drag the mouse over some words."""
    left, right, middle = page.locator(element).evaluate(ENDS_OF_WORDS, words)
    page.mouse.move(left, middle)
    page.mouse.down()
    page.mouse.move(right, middle, steps=4)
    page.mouse.up()


# --- The people of the long way, each with one part of it.


def write_and_crash_twice(page):
    """The author writes a text without tags, and loses the browser before the first save and after it."""
    page.goto(ADD)
    page.fill("#id_title", TITLE)
    page.fill("#id_standfirst", STANDFIRST)
    page.locator("[name=signatures]").first.select_option("Karin Ek")
    page.click(EDITOR)
    with kept(page, f"{BODY[0]}</p>"):
        page.keyboard.type(BODY[0])
    page = crash(page)
    page.goto("/admin/")
    page.click(f".desk a:has-text('{TITLE}')")
    expect(page.locator(EDITOR)).to_have_text(BODY[0])
    save(page)
    append(page, 1, "")
    page.keyboard.press("Enter")
    page.keyboard.type(BODY[1])
    page.keyboard.press("Enter")
    with kept(page, "</figure>"):
        insert_first_picture(page)
    address = page.url
    page = crash(page)
    page.goto(address)
    expect(page.locator(f"{EDITOR} > p")).to_have_text(BODY[:1])
    page.click("text=Go on with it")
    expect(page.locator(f"{EDITOR} > p")).to_have_text(BODY)
    return page


def insert_first_picture(page):
    page.click("[title=figure]")
    with page.expect_popup() as opened:
        page.click("dialog button:has-text('Browse')")
    choose_picture(page, opened.value)
    page.click("dialog [type=submit]")


def mend_the_picture_and_submit(page):
    """The gate stops at a picture whose alt text is a file name, and asks about the tags that are missing."""
    press(page, "submit")
    named = [
        "Error: The picture's alt text “IMG_1234” is a file name. A file name does not say what the picture shows. "
        "Write that instead. Show the place",
        "Warning: The post has no tag. Readers find more on the same subject by its tags. Show the place",
    ]
    expect(page.locator(".findings li")).to_have_text(named)
    expect(page.locator(".step-page [type=submit]")).to_have_count(0)
    page.click("text=Show the place >> nth=0")
    page.wait_for_url("**/preview/*/#b3")
    page.go_back()
    page.click("text=Back to the text")
    page.click(f"{EDITOR} figure img")
    page.click("[title=figure]")
    page.fill("dialog [name=altText]", "Ett dukat bord")
    page.click("dialog [type=submit]")
    press(page, "submit")
    expect(page.locator(".findings li")).to_have_count(1)
    page.fill("[name=note]", "Taggarna kommer.")
    page.click(".step-page [type=submit]")
    expect(page.locator(".messagelist .success")).to_have_text(f"“{TITLE}”: In review.")


def invite(page, post):
    """Return the path of a new link for a person without an account."""
    page.goto(form_of(post))
    page.click(".object-tools >> text=Review by link")
    page.fill("[name=name]", "Bo Holm")
    page.click("text=Make a link")
    return urlsplit(page.input_value("#link")).path


def note_and_ask_for_changes(page, link):
    page.goto(link)
    select(page, "#b2", "fel plats")
    page.click(".on-this")
    page.fill("#note [name=text]", "Vilken plats?")
    page.click("#note [type=submit]")
    expect(page.locator("[data-block='2'] .thread blockquote")).to_have_text("fel plats")
    page.fill(".decision [name=note]", "Säg var kommat stod.")
    page.click(".decision [value=changes]")
    expect(page.locator(".decision button")).to_have_count(0)


def answer_resolve_and_change(page, post):
    page.goto("/admin/")
    assert page.locator(".desk a:has-text('Vilken plats?') + .quiet").inner_text() == f"Bo Holm: {TITLE}"
    page.click(".desk a:has-text('Vilken plats?')")
    page.click("[data-block='2'] .ways a")
    page.fill("#note [name=text]", "Före namnet.")
    page.click("#note [type=submit]")
    page.click("[data-block='2'] [name=resolved]")
    expect(page.locator("[data-block='2'] .done")).to_be_visible()
    page.goto(form_of(post))
    append(page, 2, " Det stod före namnet.")
    press(page, "submit")
    page.click(".step-page [type=submit]")
    page.wait_for_selector(".messagelist .success")


def approve_for(page, post, hour):
    page.goto(form_of(post))
    page.fill("#id_tags", "språk, kommatecken")
    page.fill("#id_publish_at_0", f"{hour:%Y-%m-%d}")
    page.fill("#id_publish_at_1", f"{hour:%H:%M}")
    assert page.locator("[name=_step][value=schedule]").inner_text() == f"Publish at {hour:%Y-%m-%d %H:%M}"
    press(page, "schedule")
    said = f"“{TITLE}”: Scheduled for {hour:%A} {hour.day} {hour:%B %Y %H:%M}."
    expect(page.locator(".messagelist .success")).to_have_text(said)


def move_by_drag_and_by_form(page, post, dragged_to, moved_to):
    page.goto(f"/admin/calendar/?month={dragged_to:%Y-%m}")
    page.drag_and_drop(f"#post-{post.pk} > a", f"[data-day='{dragged_to:%Y-%m-%d}']")
    expect(page.locator(f"[data-day='{dragged_to:%Y-%m-%d}'] #post-{post.pk}")).to_be_visible()
    page.click(f"#post-{post.pk} summary")
    page.fill(f"#post-{post.pk} [name=hour_0]", f"{moved_to:%Y-%m-%d}")
    page.fill(f"#post-{post.pk} [name=hour_1]", f"{moved_to:%H:%M}")
    page.click(f"#post-{post.pk} button")
    expect(page.locator(f"[data-day='{moved_to:%Y-%m-%d}'] #post-{post.pk}")).to_contain_text(f"{moved_to:%H:%M}")


def publish_over_the_schedule(page, post, hour):
    page.goto(form_of(post))
    press(page, "now")
    asked = f"It is scheduled for {hour:%A} {hour.day} {hour:%B %Y %H:%M}. Publish it now instead?"
    expect(page.locator(".step-page")).to_contain_text(asked)
    page.click(".step-page >> text=Publish now")
    page.wait_for_selector(".messagelist .success")


def change_the_public_post(page, post, title):
    page.goto(form_of(post))
    page.fill("#id_title", title)
    press(page, "submit")
    expect(page.locator(".messagelist .success")).to_contain_text("update: in review")


def approve_the_update(page, post):
    page.goto(form_of(post))
    expect(page.locator(".notice").first).to_contain_text("readers see the one before it")
    assert page.locator("[name=_step][value=publish]").inner_text() == "Publish the update now"
    press(page, "publish")
    page.wait_for_selector(".messagelist .success")


def compare(page, post):
    page.goto(form_of(post))
    page.click(".object-tools >> text=Versions")
    page.click("text=Compare the chosen versions")
    page.click("text=Side by side")
    page.locator("ins").first.wait_for()


def correct(page, post, text):
    page.goto(form_of(post))
    page.click(".object-tools >> text=Correct")
    page.fill("[name=text]", text)
    page.click("text=Publish the correction")
    page.wait_for_selector(".messagelist .success")


def restore(page, post, number):
    page.goto(f"/admin/versions/{post.pk}/{number}/")
    page.click(f"[action$='/{number}/restore/'] button")
    page.wait_for_selector(".messagelist .success")


def test_text_goes_the_whole_way_and_nothing_is_lost(browser, staff, settings):
    settings.LANGUAGE_CODE = "en"  # of the pages without an account
    make_byline(user=staff["author"])
    store(uploaded(jpeg(640, 240, "#9bb5c4")), alt="IMG_1234")
    approved_for, dragged_to, moved_to = next_month(10), next_month(12), next_month(18, 9, 30)
    heading = "article.post h1"

    with browser.desk_of(staff["author"]) as author, browser.window() as guest, browser.window() as reader:
        author = write_and_crash_twice(author)
        post = Post.objects.get(title=TITLE)
        mend_the_picture_and_submit(author)
        link = invite(author, post)
        note_and_ask_for_changes(guest, link)
        answer_resolve_and_change(author, post)
        assert guest.request.get(link).status == 410
        with browser.desk_of(staff["editor"]) as editor:
            editor.goto("/admin/")
            approve_for(editor, post, approved_for)
            move_by_drag_and_by_form(editor, post, dragged_to, moved_to)
            address = Post.objects.get(pk=post.pk).get_absolute_url()
            assert reader.request.get(address).status == 404
            publish_over_the_schedule(editor, post, moved_to)
            address = Post.objects.get(pk=post.pk).get_absolute_url()
            reader.goto(address)
            assert reader.inner_text(heading) == TITLE
            change_the_public_post(author, post, "Kommat som flyttade två fester")
            compare(editor, post)
            editor.goto("/admin/board/")
            reader.reload()
            assert reader.inner_text(heading) == TITLE
            approve_the_update(editor, post)
            reader.reload()
            assert reader.inner_text(heading) == "Kommat som flyttade två fester"
            correct(editor, post, "Det var en enda fest.")
            restore(editor, post, number=5)
            approve_the_update(editor, post)
        reader.reload()
        assert reader.inner_text(heading) == TITLE
        assert "Det var en enda fest." in reader.inner_text(".corrections")

    post.refresh_from_db()
    assert post.body.startswith(f"<p>{BODY[0]}</p><p>{BODY[1]} Det stod före namnet.</p><figure")
    assert post.body.endswith('alt="Ett dukat bord"></figure>')
    notes = Note.objects.order_by("pk")
    assert [(note.name, note.quote, note.text, note.resolved_at is not None) for note in notes] == [
        ("Bo Holm", "fel plats", "Vilken plats?", True),
        ("author", "", "Före namnet.", False),
    ]
    trail = Event.objects.filter(post=post).order_by("pk").values_list("kind", "by_name", "of_update", "note")
    assert list(trail) == TRAIL
    assert browser.complaints == []


def test_words_of_the_first_second_are_kept_too(browser, staff):
    post = make_post(TITLE, created_by=staff["author"])

    with browser.desk_of(staff["author"]) as page:
        page.clock.install(time=timezone.now())
        page.clock.pause_at(timezone.now() + timedelta(minutes=1))
        page.goto(form_of(post))
        page.fill("#id_title", "Genast")
        with kept(page, "Genast"):
            page.clock.run_for(5000)

    # Nothing about complaints: the editor itself stumbles over a clock that stands still.
    assert Autosave.objects.get().fields["title"] == ["Genast"]


def test_two_people_write_at_once_and_neither_loses_a_word(browser, staff):
    post = make_post(TITLE, body="<p>Ett.</p><p>Två.</p><p>Tre.</p>", bylines=[make_byline(user=staff["author"])])

    with browser.desk_of(staff["author"]) as author, browser.desk_of(staff["editor"]) as editor:
        author.goto(form_of(post))
        editor.goto(form_of(post))
        expect(editor.locator("[data-others]")).to_have_text("author is editing this now.")
        append(author, 1, " Från författaren.")
        expect(author.locator("[data-others]")).to_have_text("editor is editing this now.")
        save(author)
        append(editor, 3, " Från redaktören.")
        save(editor)
        expect(editor.locator(".messagelist .warning")).to_contain_text("Their changes and yours are both in the text")
        merged = body_of(post)
        append(editor, 2, " Redaktörens.")
        save(editor)
        append(author, 2, " Författarens.")
        author.click("[name=_continue]")
        expect(author.locator(".clash-place .text")).to_have_text(["Två. Redaktörens.", "Två. Författarens."])
        author.click("text=Save it like this")
        author.wait_for_selector(".messagelist .success")

    assert merged == "<p>Ett. Från författaren.</p><p>Två.</p><p>Tre. Från redaktören.</p>"
    assert body_of(post) == (
        "<p>Ett. Från författaren.</p><p>Två. Redaktörens.</p><p>Två. Författarens.</p><p>Tre. Från redaktören.</p>"
    )
    assert browser.complaints == []


def test_post_is_taken_over_the_board_by_keyboard_alone(browser, staff):
    make_post("Inne", status="in_review", tags=["språk"], standfirst="Om ett.")
    post = make_post(TITLE, tags=["språk"], standfirst="Om två.", created_by=staff["author"])
    card = f"#post-{post.pk} h3 a"

    with browser.desk_of(staff["editor"]) as page:
        page.goto("/admin/board/")
        for _tab in range(30):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.closest('.card') !== null"):
                break
        page.keyboard.press("ArrowRight")
        expect(page.locator(".card a", has_text="Inne")).to_be_focused()
        page.keyboard.press("ArrowLeft")
        expect(page.locator(f"[data-column=draft] {card}")).to_be_focused()
        open_steps_and_press(page, number=1)
        expect(page.locator(f"[data-column=review] {card}")).to_be_focused()
        open_steps_and_press(page, number=1)
        expect(page.locator(f"[data-column=published] {card}")).to_be_focused()

    trail = Event.objects.filter(post=post).order_by("pk").values_list("kind", "by_name")
    assert list(trail) == [("submitted", "editor"), ("approved", "editor")]
    assert browser.complaints == []


def open_steps_and_press(page, number):
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    for _step in range(number):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")


def test_text_is_written_checked_and_reviewed_without_scripts(browser, staff):
    with browser.window(java_script_enabled=False) as page, browser.window(java_script_enabled=False) as guest:
        page.goto("/admin/")
        page.fill("#id_login", "author")
        page.fill("#id_password", "correct horse")
        page.click("#sign-in")
        page.goto(ADD)
        page.fill("#id_title", TITLE)
        page.fill("#id_body", f"<p>{BODY[0]}</p><p>{BODY[1]}</p>")
        page.click("[name=_continue]")
        page.fill("#id_standfirst", STANDFIRST)
        press(page, "submit")
        expect(page.locator(".findings li")).to_contain_text("Warning: The post has no tag.")
        page.click(".step-page [type=submit]")
        post = Post.objects.get()
        guest.goto(invite(page, post))
        guest.click("[data-block='2'] .add")
        guest.fill("#note [name=text]", "Vilken plats?")
        guest.click("#note [type=submit]")
        expect(guest.locator("[data-block='2'] .thread")).to_contain_text("Vilken plats?")
        guest.click(".decision [value=approved]")
        expect(guest.locator(".decision button")).to_have_count(0)

    assert (post.title, post.standfirst, post.body) == (TITLE, STANDFIRST, f"<p>{BODY[0]}</p><p>{BODY[1]}</p>")
    trail = Event.objects.order_by("pk").values_list("kind", "by_name")
    assert list(trail) == [
        ("created", "author"), ("submitted", "author"), ("invited", "author"), ("endorsed", "Bo Holm"),
    ]  # fmt: skip
    assert browser.complaints == []
