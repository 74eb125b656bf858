"""Fixtures shared by all tests."""

import httpcore
import pytest
from django.db import connection
from django.test import Client, TransactionTestCase
from django.utils import translation
from xdist.scheduler import LoadScopeScheduling

from blog.appearance import look
from tests import databases, factories, pages
from tests.internet import Internet

TransactionTestCase._fixture_teardown = databases.empty
pages.watch()


class ServersTogether(LoadScopeScheduling):
    """Every test goes to the next free process, those of real servers one after the other to the same.

    They measure time, and two hosts with the same addresses cannot be there twice. (xdist's own groups do nothing
    under pytest 9.2: pytest-dev/pytest-xdist#1386.)
    """

    def _split_scope(self, nodeid):
        return "servers" if nodeid.startswith(("tests/server/", "tests/hosts/")) else nodeid


def pytest_xdist_make_scheduler(config, log):
    return ServersTogether(config, log)


def pytest_collection_modifyitems(items):
    # Playwright's event loop runs on from the first browser test: Django would take what comes after for asynchronous.
    items.sort(key=lambda item: "browser" in item.keywords)


@pytest.fixture(scope="session")
def migrated(django_test_environment, django_db_blocker):
    """The name of a database with all migrations and nothing else, to be copied."""
    with django_db_blocker.unblock():
        return databases.migrated()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(migrated, django_db_modify_db_settings_parallel_suffix):
    connection.settings_dict["TEST"]["TEMPLATE"] = migrated


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


@pytest.fixture
def internet(monkeypatch):
    """A pretended internet, in place of the sockets of blog.web.outbound."""
    internet = Internet()
    monkeypatch.setattr("blog.web.outbound.socket.getaddrinfo", internet.getaddrinfo)
    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", lambda *arguments: internet.connect_tcp(*arguments))
    return internet


@pytest.fixture
def sign_in():
    """Give the client of a person who is signed in, with a browser that asks for English."""

    def client_of(user):
        client = Client(headers={"accept-language": "en"})
        client.force_login(user)
        return client

    return client_of


@pytest.fixture(autouse=True)
def own_language():
    """The language that a test's last request left active is not the next test's."""
    translation.deactivate()


@pytest.fixture(autouse=True)
def own_look(monkeypatch):
    """What a test's last page heard of the site's look is not the next test's."""
    monkeypatch.setattr(look._Known, "heard_at", float("-inf"))


@pytest.fixture(autouse=True)
def own_media(settings, tmp_path):
    """Pictures that a test stores vanish with it."""
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture(autouse=True)
def quick_passwords(settings):
    """A good hash takes half a second, on purpose."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]
