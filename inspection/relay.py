"""A relay before the site: there `GET …/comments/write/` sends an empty form, as Lighthouse opens addresses only.

`BARE` is a page of one word, without style or script: what machine and browser need for anything at all.
"""

from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import urlencode, urlsplit

PASSED_ON = {"accept", "accept-encoding", "user-agent", "accept-language"}
BARE = "/bare"
BARE_PAGE = b'<!doctype html><html lang=en><meta name=viewport content="width=device-width"><title>Bare</title><p>Bare'
NOT_PASSED_BACK = {"transfer-encoding", "connection", "content-length", "date", "server"}


@contextmanager
def of(address):
    """The address of a relay to the site at `address`."""
    handler = type("Relay", (Relay,), {"site": urlsplit(address).netloc})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


class Relay(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if self.path == BARE:
            return self.give(200, [("Content-Type", "text/html; charset=utf-8")], BARE_PAGE)
        sends = self.path.endswith("/comments/write/")
        headers = {name: value for name, value in self.headers.items() if name.lower() in PASSED_ON}
        if sends:
            headers |= {"Origin": f"http://{self.site}", "Content-Type": "application/x-www-form-urlencoded"}
        connection = HTTPConnection(self.site)
        form = urlencode({"text": "", "name": ""}) if sends else None
        connection.request("POST" if sends else "GET", self.path, form, headers)
        answer = connection.getresponse()
        passed_back = [each for each in answer.getheaders() if each[0].lower() not in NOT_PASSED_BACK]
        # A form that is shown again answers 422, at which Lighthouse would stop.
        return self.give(200 if answer.status == 422 else answer.status, passed_back, answer.read())

    def give(self, status, headers, body):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass
