"""The two servers that are compared: the site as in production, and nginx with what the site answered as files."""

import http.client
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psutil

from project.embedded_pg import server

BASE_DIR = Path(__file__).resolve().parent.parent
DATABASE = "spalt_bench"
LOG = Path(tempfile.gettempdir()) / "spalt-bench.log"  # of the server that was started last
SECONDS_TO_START, SECONDS_TO_STOP = 120, 40
PATH = f"{os.environ.get('PATH', '')}:/usr/sbin"  # where Debian puts nginx, which is not in everybody's PATH
NGINX = """
daemon off;
worker_processes 2;  # as many as the site has
pid {folder}/pid;
events {{ worker_connections 256; }}
http {{
    access_log off;
    sendfile on;
    tcp_nopush off;  # on, it delays large answers by 40 ms on loopback
    keepalive_requests 100000000;
    default_type text/html;
    gzip_static on;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{ listen 127.0.0.1:{port}; root {folder}/files; }}
}}
"""


def missing_tools():
    """Return a sentence that says how to install what is missing of wrk and nginx; None if both are there."""
    missing = [name for name in ("wrk", "nginx") if not shutil.which(name, path=PATH)]
    if missing:
        return (
            f"make bench needs {' and '.join(missing)}. On Debian or Ubuntu: sudo apt-get install {' '.join(missing)}"
        )
    return None


def environment(database=DATABASE):
    """Return production's settings on a database of the bench's own; starts the private PostgreSQL of this checkout."""
    folder = server.ensure_running(BASE_DIR, database)
    return {
        "DEBUG": "0",
        "SECRET_KEY": "the-bench-signs-with-this-" + "0" * 40,
        "ALLOWED_HOSTS": "127.0.0.1",
        "SITE_URL": "http://127.0.0.1",
        "DATABASE_URL": f"postgresql://postgres@/{database}?host={quote(str(folder))}",
        "EMAIL_URL": "console:",
        "MEDIA_ROOT": str(BASE_DIR / "media"),
        # All comments come from one network here, and are to be seen at once.
        "COMMENTS_PER_PERSON": "0",
        "COMMENTS_PER_NETWORK": "0",
        "COMMENTS_PUBLIC_AT_ONCE": "everyone",
        "DJANGO_SETTINGS_MODULE": "project.settings",
    }


@dataclass
class Server:
    address: str
    process: psutil.Process
    folder: Path | None = None  # of nginx's files
    seconds_to_start: float = 0.0  # from the command to the first answer

    def get(self, path, headers=None):
        """Return status, headers and body."""
        return self._answer("GET", path, headers=headers)

    def post(self, path, form, headers):
        return self._answer("POST", path, form, headers | {"Content-Type": "application/x-www-form-urlencoded"})

    def processes(self):
        return [self.process, *self.process.children(recursive=True)]

    def put(self, body):
        """Let nginx serve these bytes; return their address. Bytes of gzip are served as such to who takes them."""
        name = f"{len(list(self.folder.iterdir()))}.html"
        is_packed = body.startswith(b"\x1f\x8b")
        (self.folder / name).write_bytes(b"" if is_packed else body)
        if is_packed:
            (self.folder / f"{name}.gz").write_bytes(body)
        return f"/{name}"

    def _answer(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection(self.address, timeout=30)
        try:
            connection.request(method, path, body, headers or {})
            response = connection.getresponse()
            return response.status, response.headers, response.read()
        finally:
            connection.close()


@contextmanager
def site(*, port=None, **settings):
    """The site as `manage.py serve` starts it, with the environment of this process and these variables besides."""
    port = port or _free_port()
    command = [sys.executable, "manage.py", "serve", "--port", str(port)]
    with _running(command, port, env=os.environ | settings) as running:
        yield running


@contextmanager
def bare():
    """granian with nothing behind it."""
    port = _free_port()
    options = ["--interface", "wsgi", "--workers", "2", "--port", str(port), "--no-log"]
    with _running([sys.executable, "-m", "granian", *options, "bench.bare:application"], port) as running:
        yield running


@contextmanager
def nginx():
    """nginx without any file yet."""
    port = _free_port()
    with tempfile.TemporaryDirectory(prefix="spalt-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # started by root, nginx reads as another user
        (folder / "files").mkdir()
        (folder / "nginx.conf").write_text(NGINX.format(folder=folder, port=port))
        binary = shutil.which("nginx", path=PATH)
        with _running([binary, "-e", "stderr", "-p", folder, "-c", folder / "nginx.conf"], port) as running:
            running.folder = folder / "files"
            yield running


@contextmanager
def _running(command, port, env=None):
    begun = time.monotonic()
    LOG.write_text("")
    with LOG.open("a") as log:
        process = subprocess.Popen(command, cwd=BASE_DIR, env=env, stderr=log)
    try:
        server = Server(f"127.0.0.1:{port}", psutil.Process(process.pid))
        _wait_for(server, process)
        server.seconds_to_start = time.monotonic() - begun
        yield server
    finally:
        process.terminate()
        try:
            process.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            process.kill()


def _wait_for(server, process):
    """Until it answers, be it with an error."""
    end = time.monotonic() + SECONDS_TO_START
    while process.poll() is None and time.monotonic() < end:
        try:
            server.get("/")
            return
        except OSError:
            time.sleep(0.01)
    raise RuntimeError(f"{' '.join(map(str, process.args))} did not start: {LOG} says why")


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
