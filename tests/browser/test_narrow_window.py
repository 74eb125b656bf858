"""No page of a discussion scrolls sideways on a narrow phone, whatever stands in the comments and their names.

NARROW_TEXTS=all takes all texts; usually some are tried.
"""

import json
import os
from itertools import chain

import pytest

from blog.comments.models import Comment
from blog.comments.submission import text_columns
from blog.receipts import keys
from tests.comments.test_any_text import random_texts
from tests.factories import make_comment, make_published

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ON_A_POST = 50
SHARE = 1 if os.environ.get("NARROW_TEXTS") == "all" else 30  # one text in so many
DEEP = 7  # comments in a thread, each an answer to the one before
LONG = [letter * 300 for letter in "Wå漢字ـ\u0301\u202e😀-_/"]
PHONE = {"viewport": {"width": 360, "height": 740}}
BODY = "{0}\n\n> {0}\n\n- {0}\n\n@{1} `{0}`\n\nhttps://a.example/{0}"
TOO_WIDE = """() => document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll("*")]
  .filter(each => each.getBoundingClientRect().right > innerWidth + 1)
  .map(each => `${each.localName}.${each.className}: ${each.textContent.trim().slice(0, 60)}`).slice(0, 9)"""


@pytest.fixture
def crowded(shared_data):
    """Posts whose comments hold such a text each, as name and as body: threads of seven, ever deeper."""
    naughty = json.loads((shared_data / "naughty" / "blns.json").read_text())
    words = [text.replace("\0", "") for text in [*LONG, *naughty[::SHARE], *list(random_texts())[::SHARE]]]
    return [crowd(words[start : start + ON_A_POST]) for start in range(0, len(words), ON_A_POST)]


def crowd(words):
    post = make_published("A" * 200, language="en")
    parent = None
    for number, text in enumerate(words):
        parent = make_comment(post, parent=parent if number % DEEP else None, name=text.strip()[:80] or "Anna")
        columns = text_columns(BODY.format(text, parent.name), post, {parent.name: 1})
        Comment.objects.filter(pk=parent.pk).update(**columns)
    return post


def addresses(post):
    comments = list(post.comments.order_by("pk"))
    address = post.get_absolute_url()
    yield from ["/", address, f"{address}?order=newest"]
    for each in comments[:: DEEP - 1]:
        yield f"{address}comments/write/?reply_to={each.number}&quote=1"
        yield f"{address}comments/{each.number}/report/"
        yield keys.address_of(each)


def test_no_page_of_a_discussion_scrolls_sideways_on_a_phone(crowded, browser):
    with browser.window(**PHONE) as page:
        for path in chain.from_iterable(map(addresses, crowded)):
            page.goto(path)
            assert (path, page.evaluate(TOO_WIDE)) == (path, [])
