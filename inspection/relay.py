"""A relay before the site: there `GET …/comments/write/` sends an empty form, as Lighthouse opens addresses only."""

from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import urlencode, urlsplit

PASSED_ON = {"accept", "accept-encoding", "user-agent", "accept-language"}
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
        sends = self.path.endswith("/comments/write/")
        headers = {name: value for name, value in self.headers.items() if name.lower() in PASSED_ON}
        if sends:
            headers |= {"Origin": f"http://{self.site}", "Content-Type": "application/x-www-form-urlencoded"}
        connection = HTTPConnection(self.site)
        form = urlencode({"text": "", "name": ""}) if sends else None
        connection.request("POST" if sends else "GET", self.path, form, headers)
        answer = connection.getresponse()
        body = answer.read()
        # A form that is shown again answers 422, at which Lighthouse would stop.
        self.send_response(200 if answer.status == 422 else answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in NOT_PASSED_BACK:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass
