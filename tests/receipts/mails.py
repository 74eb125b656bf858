"""A real mail server on this machine, which keeps what it is sent; followers, and the jobs that tell them."""

import socket
from contextlib import contextmanager
from email import message_from_bytes, policy
from urllib.parse import urlsplit

from aiosmtpd.controller import Controller
from django.utils import timezone

from blog.receipts import digests
from blog.receipts.models import Address, Following
from tests.factories import send_letters

HEADERS = {
    "Subject", "From", "To", "Date", "Message-ID", "MIME-Version", "Content-Type", "Content-Transfer-Encoding",
    "List-Unsubscribe", "List-Unsubscribe-Post", "X-Peer", "X-MailFrom", "X-RcptTo",
}  # fmt: skip


class Sink:
    def __init__(self):
        self.mails = []  # pairs of the envelope's receivers and the message

    async def handle_DATA(self, server, session, envelope):
        self.mails.append((envelope.rcpt_tos, message_from_bytes(envelope.content, policy=policy.default)))
        return "250 taken"


@contextmanager
def running_sink(settings):
    """Have Django's mails sent to a Sink."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    sink = Sink()
    server = Controller(sink, hostname="127.0.0.1", port=port)
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    yield sink
    server.stop()


def make_follower(email, post, scope="post", comment=None, confirmed=True, **address):
    """An address that follows; `confirmed` false: whose owner was never heard of."""
    proved_at = timezone.now() if confirmed else None
    owner, _new = Address.objects.get_or_create(
        email=email, defaults={"language": "en", "proved_at": proved_at} | address
    )
    Following.objects.create(address=owner, post=post, scope=scope, comment=comment, confirmed_at=proved_at)
    return owner


def tell(now=None):
    """What the job of each minute does, and the job of each mail."""
    digests.announce()
    digests.send_due(now)
    send_letters()


def receivers(sink):
    return [receiver for to, _mail in sink.mails for receiver in to]


def body(mail):
    return mail.get_content().replace("\r\n", "\n")


def link_in(mail, path):
    [line] = [line for line in body(mail).splitlines() if f"/{path}/" in line]
    return urlsplit(line).path
