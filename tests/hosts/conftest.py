"""A site on more than one machine: servers of its own, since the private one of a checkout has no replica."""

import shutil
from contextlib import ExitStack
from copy import copy
from urllib.parse import urlsplit

import pytest

from tests.hosts.cluster import Cluster
from tests.hosts.network import two_hosts
from tests.server.conftest import Site, end


@pytest.fixture(scope="package")
def cluster():
    cluster = Cluster()
    yield cluster
    cluster.end()


@pytest.fixture(scope="package")
def made(cluster, tmp_path_factory):
    """The site, with its tables and its static files, directly on the primary; not yet served."""
    made = site_at(cluster.primary.address(), tmp_path_factory.mktemp("hosts"))
    made.run("migrate")
    made.collect()
    yield made
    for process in made.started:
        end(process)


@pytest.fixture(scope="package")
def pooled(cluster, made):
    """The same site, whose DATABASE_URL is PgBouncer's."""
    if not shutil.which("pgbouncer"):
        pytest.skip("PgBouncer is not installed: apt-get install pgbouncer")
    pooled = copy(made)
    pooled.shell = None
    pooled.environment = made.environment | {
        "DATABASE_URL": f"postgresql://spalt@127.0.0.1:{cluster.add_pooler()}/spalt",
        "DIRECT_DATABASE_URL": cluster.primary.address(),
    }
    return pooled


@pytest.fixture(scope="module")
def hosts(cluster, made):
    """Two hosts of the site that read from a replica, both served."""
    cluster.add_replica()
    with two_hosts() as hosts, ExitStack() as served:
        for host in hosts:
            databases = {
                "DATABASE_URL": cluster.primary.address(host.home),
                "REPLICA_URL": cluster.replica.address(host.home),
            }
            host.environment = made.environment | databases
            served.enter_context(host.served(cluster.folder / f"{host.address}.log"))
        yield hosts


def site_at(address, folder):
    parts = urlsplit(address)
    database = {"host": parts.hostname, "port": parts.port, "user": parts.username, "dbname": parts.path[1:]}
    site = Site(database, folder)
    site.environment["ALLOWED_HOSTS"] = "*"
    return site
