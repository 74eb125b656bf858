"""Pictures and videos in a real browser: what is asked from elsewhere, and where the eye is to fall."""

import pytest

from blog.posts.images import Image, store
from tests.factories import make_published
from tests.posts.pictures import jpeg, uploaded

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PLAYER = "https://www.youtube-nocookie.com/embed/aB3-_xYz012?autoplay=1"
FILM = '<p><a href="https://youtu.be/aB3-_xYz012">Filmen</a></p>'
MOVED = """new Promise(resolve => new PerformanceObserver(list =>
  resolve(list.getEntries().map(each => each.value))).observe({ type: "layout-shift", buffered: true })
  || setTimeout(resolve, 300, []))"""


@pytest.fixture
def image(transactional_db):
    return store(uploaded(jpeg(1200, 600)), alt="En röd yta")[0]


def test_reader_asks_other_hosts_for_nothing_before_a_video_is_chosen(browser, image, settings):
    figure = f'<figure><img src="{image.src}" alt="Yta"></figure>'
    post = make_published(body=figure + FILM + figure * 3)
    asked = []
    with browser.window(viewport={"width": 360, "height": 740}) as page:
        page.context.on("request", lambda request: asked.append(request.url))
        page.route("https://*/**", lambda route: route.fulfill(body="<title>Spelare</title>", content_type="text/html"))

        page.goto(post.get_absolute_url())
        page.locator(".gallery a").last.scroll_into_view_if_needed()
        page.wait_for_load_state("networkidle")

        assert [url for url in asked if not url.startswith((settings.SITE_URL, "data:"))] == []
        assert page.evaluate(MOVED) == []
        assert page.evaluate("document.documentElement.scrollWidth") == 360
        height = page.locator(".video").bounding_box()["height"]

        page.locator(".video a").press("Enter")

        assert page.locator("iframe:focus").get_attribute("title") == "Filmen"
        assert page.locator(".video").bounding_box()["height"] == height
        page.wait_for_load_state("networkidle")
        assert [url for url in asked if not url.startswith((settings.SITE_URL, "data:"))] == [PLAYER]
    assert browser.complaints == []


def test_editor_chooses_the_focus_by_a_click_on_the_picture(browser, staff, image):
    with browser.desk_of(staff["editor"]) as page:
        page.goto(f"/admin/blog/image/{image.pk}/change/")
        box = page.locator(".aiming").bounding_box()

        page.locator(".aiming").click(position={"x": box["width"] * 0.8, "y": box["height"] * 0.25})
        page.locator("[name=_continue]").click()

        page.wait_for_selector(".messagelist, .messages")
    image = Image.objects.get()
    assert (image.focus_x, image.focus_y) == (80, 25)
    assert browser.complaints == []
