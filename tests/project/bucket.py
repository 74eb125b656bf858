"""A storage that speaks as much of S3 as pictures need, and refuses whoever does not sign."""

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@contextmanager
def running():
    """Give its address, and its files by path: (Content-Type, Cache-Control, bytes)."""
    files = {}

    class Storage(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_PUT(self):
            sent = self.rfile.read(int(self.headers["Content-Length"]))
            if "aws-chunked" in self.headers.get("Content-Encoding", ""):
                sent = unchunked(sent)
            if not self.headers.get("Authorization", "").startswith("AWS4-HMAC-SHA256"):
                return self.answer(403)
            files[self.path] = self.headers["Content-Type"], self.headers["Cache-Control"], sent
            return self.answer(200)

        def do_GET(self):
            if self.path not in files:
                return self.answer(404)
            return self.answer(200, files[self.path][2], files[self.path][0])

        do_HEAD = do_GET

        def answer(self, status, body=b"", kind="application/xml"):
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def log_message(self, *arguments):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Storage)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", files
    finally:
        server.shutdown()
        server.server_close()


def unchunked(sent):
    """The bytes of a body in signed chunks: size;signature CRLF bytes CRLF, up to a chunk of none."""
    body = b""
    while True:
        size, _, sent = sent.partition(b"\r\n")
        count = int(size.partition(b";")[0], 16)
        if not count:
            return body
        body, sent = body + sent[:count], sent[count + 2 :]
