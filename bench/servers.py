"""The two servers that are compared: the site as in production, and nginx with one file."""

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
        # All comments come from one person here.
        "COMMENTS_PER_PERSON": "0",
        "COMMENTS_PER_NETWORK": "0",
        "DJANGO_SETTINGS_MODULE": "project.settings",
    }


@dataclass
class Server:
    address: str
    process: psutil.Process

    def get(self, path):
        """Return status and body."""
        return self._answer("GET", path)

    def post(self, path, form):
        return self._answer("POST", path, form, {"Content-Type": "application/x-www-form-urlencoded"})

    def processes(self):
        return [self.process, *self.process.children(recursive=True)]

    def _answer(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection(self.address, timeout=30)
        connection.request(method, path, body, headers or {})
        response = connection.getresponse()
        try:
            return response.status, response.read()
        finally:
            connection.close()


@contextmanager
def site():
    """The site as `manage.py serve` starts it, with the environment of this process."""
    port = _free_port()
    with _running([sys.executable, "manage.py", "serve", "--port", str(port)], port) as running:
        yield running


@contextmanager
def nginx(content):
    """nginx with `content` as /file.html."""
    port = _free_port()
    with tempfile.TemporaryDirectory(prefix="spalt-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # started by root, nginx reads as another user
        (folder / "files").mkdir()
        (folder / "files" / "file.html").write_bytes(content)
        (folder / "nginx.conf").write_text(NGINX.format(folder=folder, port=port))
        binary = shutil.which("nginx", path=PATH)
        with _running([binary, "-e", "stderr", "-p", folder, "-c", folder / "nginx.conf"], port) as running:
            yield running


@contextmanager
def _running(command, port):
    process = subprocess.Popen(command, cwd=BASE_DIR)
    try:
        _wait_for(process, port)
        yield Server(f"127.0.0.1:{port}", psutil.Process(process.pid))
    finally:
        process.terminate()
        try:
            process.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            process.kill()


def _wait_for(process, port):
    end = time.monotonic() + SECONDS_TO_START
    while process.poll() is None and time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"{' '.join(map(str, process.args))} did not start")


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
