import pytest

from blog.appearance import look
from tests.receipts.mails import running_sink


@pytest.fixture
def sink(settings):
    with running_sink(settings) as sink:
        yield sink


@pytest.fixture(autouse=True)
def no_former_look(monkeypatch):
    """A job remembers the site's look for some seconds, and so another test's."""
    monkeypatch.setattr(look._Known, "heard_at", float("-inf"))
