"""The pictures of the guides, of the demonstration edition: `make pictures` takes them, in both languages.

Without SCREENSHOTS=1 each page is only opened, in Swedish, so that a recipe does not go out of date.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from urllib.parse import urlsplit

import pytest
from django.conf import settings as site
from django.contrib.auth.models import User
from django.test import override_settings
from django.urls import reverse
from PIL import Image

from blog.comments.models import Comment
from blog.demonstration import loader
from blog.posts.effects import Heartbeat
from blog.posts.models import Post
from blog.receipts import keys
from blog.review import seats

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TAKING = os.environ.get("SCREENSHOTS") == "1"
LANGUAGES = {"sv": "sv-SE", "en": "en-GB"} if TAKING else {"sv": "sv-SE"}
DRAFT, IN_REVIEW = "utropstecknets-andra-chans", "vad-heter-det-nar-ingen-svarar"
SHOWN_POST = {"sv": "skylten-som-vaxte", "en": "reading-a-text-aloud"}
WIDTH = 1000  # of a picture, in pixels
COLOURS = 256


@dataclass(frozen=True)
class Picture:
    who: str  # username, "" for a reader
    address: Callable  # of the language
    shows: str  # a selector of what must be there
    height: int = 800
    width: int = 1280
    at: str = ""  # a selector of what stands in the middle of it; otherwise the top of the page


def page_of(name, **query):
    return lambda _language: reverse(name, query=query or None)


def about(name, slug, *arguments, **query):
    return lambda _language: reverse(name, args=[Post.objects.get(slug=slug).pk, *arguments], query=query or None)


def changed_post(_language):
    post = Post.objects.exclude(pending=None).get()
    return reverse("compare-versions", args=[post.pk], query={"from": 1, "to": post.head, "side": ""})


def review_link(_language):
    post = Post.objects.get(slug=IN_REVIEW)
    inviter = User.objects.get(username="tobias")
    _seat, key = seats.invite(post, name="Gunnel Rydhammar", by=inviter, valid_for=timedelta(days=7))
    return seats.address_of(key)


def receipt(language):
    comment = Comment.objects.filter(post__language=language, state="held", appeal=None).exclude(email="").first()
    return keys.address_of(comment, by_mail=True)


def letter(language):
    return reverse("admin:blog_edition_letter", args=[language])


def new_ban(_language):
    return f"{reverse('admin:blog_ban_new')}?comment={Comment.objects.filter(state='held').first().pk}"


def shown_post(language):
    return Post.objects.get(slug=SHOWN_POST[language]).get_absolute_url()


PICTURES = {
    "desk": Picture("tobias", page_of("admin:index"), ".desk"),
    "form": Picture("elin", about("admin:blog_post_change", DRAFT), "[contenteditable]", 1500),
    "gate": Picture("elin", about("admin:blog_post_step", DRAFT, "submit"), ".findings", 560),
    "review": Picture("", review_link, ".decision"),
    "comparison": Picture("tobias", changed_post, "ins", 640, at="ins"),
    "board": Picture("tobias", page_of("board"), ".board"),
    "calendar": Picture("tobias", page_of("calendar"), ".calendar"),
    "queue": Picture("siv", page_of("queues"), "#queue, .queue"),
    "phone": Picture("siv", page_of("queues"), "#queue, .queue", 800, 390),
    "duplicates": Picture("siv", page_of("admin:blog_duplicates"), ".group", 1150),
    "ban": Picture("siv", new_ban, "[type=radio]"),
    "appearance": Picture("petra", lambda _language: reverse("admin:blog_appearance_change", args=[1]), "iframe", 1400),
    "letter": Picture("tobias", letter, "a[href*='/202']", 800, 760),
    "receipt": Picture("", receipt, ".receipt", 900),
    "newsletter": Picture("", page_of("newsletter"), "form [type=email]", 640, 1000),
    "post": Picture("", shown_post, "article.post", 1400, 1100),
}


@pytest.fixture
def edition(transactional_db, settings):
    with override_settings(DEBUG=True):  # the edition's passwords are public, so it loads nowhere else
        loader.load(picture_width=1280 if TAKING else 96)
    Heartbeat.objects.create(name="worker")


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_of_the_guides_pictures_show_what_they_are_taken_for(browser, edition, settings, language):
    settings.LANGUAGE_CODE = language
    for name, picture in PICTURES.items():
        user = picture.who and User.objects.get(username=picture.who)
        size = {"viewport": {"width": picture.width, "height": picture.height}, "locale": LANGUAGES[language]}
        with browser.desk_of(user, **size) if user else browser.window(**size) as page:
            address = urlsplit(picture.address(language))
            page.goto(f"{address.path}?{address.query}".rstrip("?"))
            page.locator(picture.shows).first.wait_for()
            if TAKING:
                page.wait_for_load_state("networkidle")
                if picture.at:
                    page.locator(picture.at).first.evaluate("place => place.scrollIntoView({block: 'center'})")
                take(page, site.BASE_DIR / "docs" / language / "pictures" / f"{name}.png")


def take(page, file):
    shot = Image.open(BytesIO(page.screenshot(animations="disabled"))).convert("RGB")
    shot.thumbnail((WIDTH, shot.height))
    file.parent.mkdir(exist_ok=True)
    shot.quantize(COLOURS, dither=Image.Dither.NONE).save(file, optimize=True)
