"""PostgreSQL as a large site has it: a primary, a streaming replica, PgBouncer before the primary; all real."""

import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg
from django.conf import settings

from project.embedded_pg import server
from tests.server.conftest import free_port

SETTINGS = {
    "unix_socket_directories": "",
    "listen_addresses": "*",  # hosts in network namespaces come by addresses of their own
    "synchronous_commit": "on",
    "fsync": "off",
    "wal_level": "replica",
    "max_wal_senders": "5",
    "max_connections": "100",
    "hot_standby_feedback": "on",
    "wal_retrieve_retry_interval": "200ms",
    "autovacuum_naptime": "1",  # its clean-up is what may take rows away from a replica's readers
}
PGBOUNCER = """
[databases]
* = host=127.0.0.1 port={primary} user=postgres
[pgbouncer]
listen_addr = *
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 4
max_client_conn = 200
logfile = {folder}/pgbouncer.log
"""
AS_NOBODY = {"user": "nobody", "group": server._nobody_group(), "extra_groups": []} if server.ROOT else {}


class Server:
    def __init__(self, data, programs):
        self.data, self.programs, self.port = data, programs, free_port()

    def start(self):
        options = " ".join(f"-c {name}='{value}'" for name, value in (SETTINGS | {"port": self.port}).items())
        server._run(
            self.programs / "pg_ctl", "-D", self.data, "-s", "-w", "-l", f"{self.data}.log", "-o", options, "start"
        )

    def stop(self, mode="fast"):
        server._run(self.programs / "pg_ctl", "-D", self.data, "-s", "-w", "-m", mode, "stop")

    def is_running(self):
        return (self.data / "postmaster.pid").exists()

    def address(self, host="127.0.0.1", name="spalt"):
        return f"postgresql://postgres@{host}:{self.port}/{name}"

    def connect(self, name="spalt"):
        return psycopg.connect(self.address(name=name), autocommit=True)


class Cluster:
    """A primary with a database "spalt", and a replica of it."""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="spalt-cluster-", dir="/tmp"))
        self.folder.chmod(0o755)
        server._give(self.folder)
        home, _socket = server.places(settings.BASE_DIR)
        programs = server._programs(home)
        self.primary = Server(self.folder / "primary", programs)
        self.replica = Server(self.folder / "replica", programs)
        self.pooler = None
        server._initialise(self.primary.data, home)
        with (self.primary.data / "pg_hba.conf").open("a") as rules:
            rules.write("host all all 10.0.0.0/8 trust\n")
        self.primary.start()
        with self.primary.connect("postgres") as database:
            database.execute("CREATE DATABASE spalt")

    def add_replica(self):
        source = ["-d", self.primary.address(name="postgres"), "-D", self.replica.data]
        server._run(self.primary.programs / "pg_basebackup", *source, "-R", "-X", "stream", "-c", "fast")
        self.replica.start()

    def add_pooler(self):
        """Start PgBouncer, and return its port."""
        port, written = free_port(), self.folder / "pgbouncer.ini"
        written.write_text(PGBOUNCER.format(primary=self.primary.port, port=port, folder=self.folder))
        self.pooler = subprocess.Popen([shutil.which("pgbouncer"), "-q", written], **AS_NOBODY)
        return port

    def end(self):
        if self.pooler:
            self.pooler.terminate()
            self.pooler.wait()
        for each in (self.replica, self.primary):
            if each.is_running():
                each.stop("immediate")
        shutil.rmtree(self.folder)


def replayed(cluster):
    """Wait until the replica has what the primary has written so far."""
    with cluster.primary.connect() as primary, cluster.replica.connect() as replica:
        written = primary.execute("SELECT pg_current_wal_lsn()").fetchone()[0]
        end = time.monotonic() + 30
        while not replica.execute("SELECT pg_last_wal_replay_lsn() >= %s", [written]).fetchone()[0]:
            assert time.monotonic() < end, "the replica does not follow"
            time.sleep(0.02)
