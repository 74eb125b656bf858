"""Two machines: network namespaces where the system lets us make them, else two addresses of this one."""

import os
import secrets
import shutil
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection

from django.conf import settings

from tests.server.conftest import end, wait_until

PORT = 8321


@dataclass
class Host:
    address: str  # where the test reaches it
    home: str  # where it reaches the databases
    prefix: tuple = ()  # of a command that runs on it
    environment: dict = field(default_factory=dict)

    def get(self, path, **headers):
        """Return the status, the headers and the body."""
        return self.ask("GET", path, None, headers)

    def ask(self, method, path, body, headers):
        client = HTTPConnection(self.address, PORT, timeout=30)
        client.request(method, path, body, headers)
        response = client.getresponse()
        body = response.read()
        client.close()
        return response.status, response.headers, body

    def start(self, *command, stdout=subprocess.PIPE):
        return subprocess.Popen(
            [*self.prefix, sys.executable, "manage.py", *command],
            cwd=settings.BASE_DIR,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    @contextmanager
    def served(self, log):
        """The site answers while the context lasts; what it says goes to the file `log`."""
        with log.open("w") as stdout:
            process = self.start("serve", "--host", self.address, "--port", str(PORT), stdout=stdout)
        try:
            wait_until(lambda: self.answers() or process.poll() is not None)
            assert self.answers(), log.read_text()
            yield self
        finally:
            end(process)

    def answers(self):
        try:
            return self.get("/robots.txt")[0] == 200
        except OSError:
            return False


@contextmanager
def two_hosts():
    name = f"spalt{secrets.token_hex(2)}"
    if not _may_make(name):
        yield [Host("127.0.0.1", "127.0.0.1"), Host("127.0.0.2", "127.0.0.1")]
        return
    try:
        yield [_namespace(f"{name}{number}", 10 * number) for number in (1, 2)]
    finally:
        for number in (1, 2):
            _run("ip", "netns", "del", f"{name}{number}")


def _may_make(name):
    if os.geteuid() != 0 or not shutil.which("ip") or not _run("ip", "netns", "add", f"{name}0"):
        return False
    made = _run("ip", "link", "add", f"{name}0", "type", "veth", "peer", "name", f"{name}p")
    _run("ip", "link", "del", f"{name}0")
    _run("ip", "netns", "del", f"{name}0")
    return made


def _namespace(name, number):
    """A machine of its own, with a cable to this one."""
    near, far = f"10.213.{number}.1", f"10.213.{number}.2"
    inside = ["ip", "netns", "exec", name]
    for command in (
        ["ip", "netns", "add", name],
        ["ip", "link", "add", name, "type", "veth", "peer", "name", "cable", "netns", name],
        ["ip", "address", "add", f"{near}/30", "dev", name],
        ["ip", "link", "set", name, "up"],
        [*inside, "ip", "address", "add", f"{far}/30", "dev", "cable"],
        [*inside, "ip", "link", "set", "cable", "up"],
        [*inside, "ip", "link", "set", "lo", "up"],
    ):
        assert _run(*command), command
    return Host(far, near, tuple(inside))


def _run(*command):
    return subprocess.run(command, capture_output=True).returncode == 0
