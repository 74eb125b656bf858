"""A mail server that takes every mail and keeps its Message-ID."""

import socketserver
import threading
from contextlib import contextmanager, suppress
from email import message_from_bytes

REPLIES = {b"EHLO": "250 mailbox", b"DATA": "354 go on", b"QUIT": "221 bye"}


class Mailbox(socketserver.ThreadingTCPServer):
    """`received` has the Message-ID of each mail; `on_mail(number, client)` is called before a mail is confirmed.

    `client` is the sender's port.
    """

    daemon_threads = True

    def __init__(self, on_mail=lambda number, client: None):
        super().__init__(("127.0.0.1", 0), _Session)
        self.received, self.on_mail, self.lock = [], on_mail, threading.Lock()

    @property
    def port(self):
        return self.server_address[1]


class _Session(socketserver.StreamRequestHandler):
    """As much of RFC 5321 as Django's mail needs."""

    def handle(self):
        self._say("220 mailbox")
        with suppress(ConnectionError):  # a sender that was killed
            while line := self.rfile.readline():
                word = line[:4].upper().strip()
                self._say(REPLIES.get(word, "250 good"))
                if word == b"DATA":
                    self._take()

    def _take(self):
        message = b"".join(iter(self.rfile.readline, b".\r\n"))
        with self.server.lock:
            self.server.received.append(message_from_bytes(message)["Message-ID"])
            self.server.on_mail(len(self.server.received), self.client_address[1])
        self._say("250 taken")

    def _say(self, reply):
        self.wfile.write(f"{reply}\r\n".encode())


@contextmanager
def mailbox(on_mail):
    with Mailbox(on_mail) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()
