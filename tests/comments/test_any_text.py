"""Whatever is typed comes back as it was, but for what docs/limits.md says is put in order (markup.clean_source).

RANDOM_TEXTS=2000 sends all of the random ones; usually some are sent.
"""

import json
import os
import random
from itertools import count, islice

import pytest

from blog.comments.forms import CommentForm, token_for
from blog.comments.models import Comment
from blog.comments.submission import submit
from blog.text.markup import clean_source, comment_html, is_seen
from blog.text.sanitise import plain_text

pytestmark = pytest.mark.django_db

SEED, TEXTS = 4, 2_000
SENT = int(os.environ.get("RANDOM_TEXTS", 300))  # of them
RANGES = [(1, 0x7F), (1, 0x7F), (0x80, 0x24F), (0x300, 0x36F), (0x590, 0x7FF), (0x2000, 0x206F), (0x4E00, 0x9FFF),
          (0xE000, 0xF8FF), (0xFE00, 0xFFFF), (0x1F300, 0x1FAFF), (0xE0000, 0xE007F), (0x10000, 0x10FFFF)]  # fmt: skip


def random_texts():
    chance = random.Random(SEED)
    for _ in range(TEXTS):
        some = chance.sample(RANGES, chance.randint(1, 4))
        yield "".join(chr(chance.randint(*chance.choice(some))) for _ in range(chance.randint(1, 60)))


@pytest.fixture
def send(post, settings):
    settings.COMMENTS_PER_PERSON = settings.COMMENTS_PER_NETWORK = 0
    numbers = count()

    def send(field, text):
        """Return what was stored of the field; None if the form was sent back with the text still in it."""
        number = next(numbers)  # nobody says the same twice
        typed = {"name": f"Anna {number}", "text": f"Hej {number}", "token": token_for(post)}
        form = CommentForm(typed | {field: text}, post=post)
        if not form.is_valid():
            assert (list(form.errors), form[field].value()) == ([field], text)
            return None
        words = {key: form.cleaned_data[key] for key in ("name", "email", "website", "text")}
        stored, _is_new = submit(post, **words)
        return Comment.objects.values_list(field, flat=True).get(pk=stored.pk)

    return send


def hold(send, texts):
    for text in texts:
        name = " ".join(clean_source(text).split())
        seen = is_seen(plain_text(comment_html(clean_source(text))))

        assert send("text", text) == (clean_source(text) if seen else None)
        assert send("name", text) == (name if is_seen(name) and len(text.strip()) <= 80 else None)


def test_every_naughty_string_comes_back(send, shared_data):
    strings = json.loads((shared_data / "naughty" / "blns.json").read_text())

    hold(send, [text for text in strings if len(clean_source(text)) <= 10_000])


def test_every_random_text_comes_back(send):
    hold(send, islice(random_texts(), SENT))


def test_what_is_put_in_order_is_put_in_order_once():
    for text in random_texts():
        once = clean_source(text)

        assert clean_source(once) == once
