"""Fixtures shared by all tests."""

import pytest

from tests import factories


@pytest.fixture
def author(db):
    return factories.make_user("author")


@pytest.fixture
def editor(db):
    return factories.make_user("editor")


@pytest.fixture
def moderator(db):
    return factories.make_user("moderator")


@pytest.fixture
def administrator(db):
    return factories.make_user("administrator")


@pytest.fixture
def post(db):
    return factories.make_published()


@pytest.fixture
def shared_data(settings):
    """The folder of real exports and corpora that lies beside the project, where there is one."""
    folder = settings.BASE_DIR.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the shared test data is not here")
    return folder
