import pytest

from tests.receipts.mails import running_sink


@pytest.fixture
def sink(settings):
    with running_sink(settings) as sink:
        yield sink
