"""Pictures and videos on readers' pages."""

import html5lib
import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from blog.posts.images import Image, store
from blog.posts.lists import teasers
from blog.posts.reading import called
from tests.factories import make_published
from tests.posts.pictures import jpeg, uploaded
from tests.posts.reading import read

pytestmark = pytest.mark.django_db
FILM = '<p><a href="https://youtu.be/aB3-_xYz012">Filmen</a></p>'


@pytest.fixture
def image():
    image, _new = store(uploaded(jpeg(600, 400)), alt="En röd yta")
    Image.objects.filter(pk=image.pk).update(focus_x=100, focus_y=0)
    return Image.objects.get()


def page_of(client, post):
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(read(client, post.get_absolute_url()))


def test_pictures_of_a_text_have_their_hints_by_the_one_query_of_the_post(client, image, django_assert_num_queries):
    post = make_published(body=f'<figure><img src="{image.src}" alt="Yta"></figure>')

    with django_assert_num_queries(1):
        found = called(post.slug)

    assert found.post.library == {image.key: image.known}
    hint, picture = page_of(client, post).findall(".//figure//img")
    assert hint.get("src") == image.hint
    assert (picture.get("alt"), picture.get("fetchpriority")) == ("Yta", "high")


def test_text_without_pictures_asks_the_library_for_nothing():
    make_published(slug="utan")

    assert called("utan").known_json is None


def test_cover_is_loaded_first_and_pictures_of_the_text_under_it_lazily(client, image):
    post = make_published(cover=image, body=f'<figure><img src="{image.src}" alt="Yta"></figure>')

    pictures = page_of(client, post).findall(".//picture/img")

    assert [(each.get("fetchpriority"), each.get("loading")) for each in pictures] == [("high", None), (None, "lazy")]


def test_list_crops_a_cover_around_its_focus(client, image):
    make_published(cover=image)

    assert teasers(most=1)[0].cover.known == image.known
    assert f'<span class="picture across-100 down-0"><img class="hint" src="{image.hint}"' in read(client, "/")


def test_only_a_page_with_a_video_has_a_script_for_it_and_lets_its_player_in(client):
    with_film, without = make_published(slug="film", body=FILM), make_published(slug="text")

    pages = [client.get(post.get_absolute_url()) for post in (with_film, without)]

    assert ["blog/js/video.js" in page.text for page in pages] == [True, False]
    policies = [page.headers["Content-Security-Policy"].split("; ") for page in pages]
    frames = [[rule for rule in policy if rule.startswith("frame-src")] for policy in policies]
    assert frames == [["frame-src https://www.youtube-nocookie.com"], []]


@pytest.mark.parametrize("focus", [{"focus_x": 101}, {"focus_y": 101}])
def test_focus_lies_within_the_picture(image, focus):
    with pytest.raises(ValidationError):
        Image(key="x", width=1, height=1, **focus).full_clean()
    with pytest.raises(IntegrityError):
        Image.objects.update(**focus)
