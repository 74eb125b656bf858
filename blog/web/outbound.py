"""The only way out: this site asks another one for an address that somebody wrote.

Only public addresses are asked, which is checked where the socket is opened: a name that resolves differently a moment
later gains nothing. Size and time are bounded in all, also against a server that sends one byte at a time.
"""

import socket
import ssl
import time
from dataclasses import dataclass
from ipaddress import IPv4Address, ip_address, ip_network
from urllib.parse import urljoin, urlsplit

import certifi
import httpcore
from django.conf import settings
from django.db.models import TextChoices
from django.utils.encoding import iri_to_uri
from django.utils.translation import gettext_lazy as _

PORTS = {"http": 80, "https": 443}
REDIRECTS = {301, 302, 303, 307, 308}
MAX_REDIRECTS = 4
MAX_ADDRESSES = 4  # of one host that are tried
PAUSE_SECONDS = 5  # the longest that one step, such as connecting, may take
NAT64 = ip_network("64:ff9b::/96")  # how a network without IPv4 writes its addresses (RFC 6052)
PROTOCOLS = ip_network("192.0.0.0/24")  # for the protocols' own use (RFC 6890)


class Reason(TextChoices):
    """Why there was no answer."""

    ADDRESS = "address", _("this is not an address on the public web")
    PORT = "port", _("only the usual ports are asked")
    HOST = "host", _("there is no such host")
    REFUSED = "refused", _("the host does not take connections")
    TLS = "tls", _("the host's certificate is not valid")
    TIMEOUT = "timeout", _("the host does not answer in time")
    REDIRECTS = "redirects", _("the address redirects too many times")
    ANSWER = "answer", _("the host's answer cannot be read")


class NoAnswer(Exception):
    def __init__(self, reason):
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Answer:
    url: str  # after redirects
    status: int
    headers: dict[str, str]  # names in lower case
    body: bytes


def fetch(url, *, max_bytes=0, seconds=10):
    """Return the Answer to a GET, with the first `max_bytes` of the body; NoAnswer with its Reason.

    Each redirect is checked like the first address. Only the system's look-up of a name is not bounded by `seconds`.
    """
    trusted = ssl.create_default_context(cafile=certifi.where())
    network = _PublicNetwork(time.monotonic() + seconds)
    with httpcore.ConnectionPool(ssl_context=trusted, network_backend=network, max_keepalive_connections=0) as pool:
        for _attempt in range(MAX_REDIRECTS + 1):
            answer = _ask(pool, url, max_bytes)
            if answer.status not in REDIRECTS or "location" not in answer.headers:
                return answer
            url = _joined(url, answer.headers["location"])
    raise NoAnswer(Reason.REDIRECTS)


def _joined(url, location):
    try:
        return urljoin(url, location)
    except ValueError as error:
        raise NoAnswer(Reason.ADDRESS) from error


def _ask(pool, url, max_bytes):
    headers = {"User-Agent": f"Spalt (+{settings.SITE_URL})", "Accept": "text/html,*/*", "Accept-Encoding": "identity"}
    timeouts = dict.fromkeys(("connect", "read", "write", "pool"), PAUSE_SECONDS)
    try:
        with pool.stream("GET", _parsed(url), headers=headers, extensions={"timeout": timeouts}) as answer:
            fields = {
                name.lower().decode("latin-1"): value.decode("utf-8", "replace") for name, value in answer.headers
            }
            return Answer(url, answer.status, fields, _beginning(answer, max_bytes))
    except httpcore.TimeoutException as error:
        raise NoAnswer(Reason.TIMEOUT) from error
    except httpcore.NetworkError as error:
        raise NoAnswer(_reason(error)) from error
    except httpcore.ProtocolError as error:
        raise NoAnswer(Reason.ANSWER) from error


def _parsed(url):
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode()
        port = parts.port or PORTS[parts.scheme]
    except (ValueError, KeyError) as error:  # a port or an IPv6 address that is none, a name IDNA does not know
        raise NoAnswer(Reason.ADDRESS) from error
    if not host or parts.username is not None:
        raise NoAnswer(Reason.ADDRESS)
    if port not in PORTS.values():
        raise NoAnswer(Reason.PORT)
    target = iri_to_uri(parts._replace(scheme="", netloc="", fragment="", path=parts.path or "/").geturl())
    return httpcore.URL(scheme=parts.scheme, host=host, port=port, target=target)


def _beginning(answer, max_bytes):
    body = b""
    stream = answer.iter_stream()
    while len(body) < max_bytes and (piece := next(stream, b"")):
        body += piece
    return body[:max_bytes]


def _reason(error):
    if error.args and isinstance(error.args[0], ssl.SSLError):
        return Reason.TLS
    return Reason.REFUSED if isinstance(error, httpcore.ConnectError) else Reason.ANSWER


class _PublicNetwork(httpcore.SyncBackend):
    """Opens connections to public addresses only, and lets none of them last beyond `end`."""

    def __init__(self, end):
        self.end = end

    def connect_tcp(self, host, port, timeout=None, local_address=None, socket_options=None):
        refused = httpcore.ConnectError("no address")
        for address in _public_addresses(host, port)[:MAX_ADDRESSES]:
            try:
                timeout = min(PAUSE_SECONDS, _left(self.end))
                stream = super().connect_tcp(address, port, timeout, local_address, socket_options)
                return _BoundedStream(stream, self.end)  # TLS still checks the certificate for `host`
            except httpcore.ConnectError as error:
                refused = error
        raise refused


def _public_addresses(host, port):
    try:
        # The resolver takes 2130706433 and 0x7f.1 for addresses too: what it makes of them is what is judged.
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NoAnswer(Reason.HOST) from error
    addresses = [each[4][0] for each in found]
    if not all(is_public(address) for address in addresses):
        raise NoAnswer(Reason.ADDRESS)
    return addresses


def is_public(address):
    """Whether an IP address, as text, is that of a machine on the public internet."""
    ip = ip_address(address)
    if ip in NAT64:
        ip = IPv4Address(int(ip) & 0xFFFFFFFF)
    # Python calls multicast, some old forms of IPv4 in IPv6 and site-local addresses global.
    odd = ("is_multicast", "is_reserved", "is_site_local", "ipv4_mapped", "sixtofour", "teredo")
    return ip.is_global and ip not in PROTOCOLS and not any(getattr(ip, form, None) for form in odd)


class _BoundedStream(httpcore.NetworkStream):
    def __init__(self, stream, end):
        self.stream, self.end = stream, end

    def read(self, max_bytes, timeout=None):
        return self.stream.read(max_bytes, min(PAUSE_SECONDS, _left(self.end)))

    def write(self, buffer, timeout=None):
        self.stream.write(buffer, min(PAUSE_SECONDS, _left(self.end)))

    def start_tls(self, ssl_context, server_hostname=None, timeout=None):
        stream = self.stream.start_tls(ssl_context, server_hostname, min(PAUSE_SECONDS, _left(self.end)))
        return _BoundedStream(stream, self.end)

    def close(self):
        self.stream.close()

    def get_extra_info(self, info):
        return self.stream.get_extra_info(info)


def _left(end):
    left = end - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout
    return left
