"""A reader's comment, and the two links to it."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.utils import timezone

from blog.receipts import keys
from tests.factories import make_comment, make_published
from tests.receipts.mails import running_sink


@pytest.fixture
def post(db):
    return make_published("On commas", slug="on-commas", language="en")


@pytest.fixture
def link():
    """Return the path of a comment's receipt, with what stands behind it."""
    return lambda comment, end="", by_mail=False: urlsplit(keys.address_of(comment, by_mail)).path + end


@pytest.fixture
def sink(settings):
    with running_sink(settings) as sink:
        yield sink


@pytest.fixture
def mine(post):
    """Sent a minute ago, and let through."""
    sent = timezone.now() - timedelta(minutes=1)
    return make_comment(post, "Well said.", email="Anna@blog.example", created_at=sent, origin="form")
