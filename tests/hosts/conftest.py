"""A site on more than one machine: servers of its own, since the private one of a checkout has no replica."""

import shutil
from urllib.parse import urlsplit

import pytest

from tests.hosts.cluster import Cluster
from tests.server.conftest import Site, end


@pytest.fixture(scope="module")
def cluster():
    cluster = Cluster()
    yield cluster
    cluster.end()


@pytest.fixture(scope="module")
def made(cluster, tmp_path_factory):
    """The site, with its tables and its static files, directly on the primary; not yet served."""
    site = site_at(cluster.primary.address(), tmp_path_factory.mktemp("hosts"))
    site.run("migrate")
    site.run("collectstatic", "--noinput")
    yield site
    for process in site.started:
        end(process)


@pytest.fixture(scope="module")
def pooled(cluster, made):
    """The same site, whose DATABASE_URL is PgBouncer's."""
    if not shutil.which("pgbouncer"):
        pytest.skip("PgBouncer is not installed: apt-get install pgbouncer")
    made.environment["DATABASE_URL"] = f"postgresql://spalt@127.0.0.1:{cluster.add_pooler()}/spalt"
    made.environment["DIRECT_DATABASE_URL"] = cluster.primary.address()
    return made


def site_at(address, folder):
    parts = urlsplit(address)
    database = {"host": parts.hostname, "port": parts.port, "user": parts.username, "dbname": parts.path[1:]}
    site = Site(database, folder)
    site.environment["ALLOWED_HOSTS"] = "*"
    return site
