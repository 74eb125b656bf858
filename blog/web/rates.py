"""Limits on how often something may be done, exact across processes and machines.

Counted where the deed is stored, in its transaction: a deed that comes to nothing uses nothing up.
"""

import hmac
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.db import connection

# One statement decides. Whoever asks with the same key at the same moment waits for the row.
TAKE = """
INSERT INTO blog_allowance AS a (key, used, ends_at) VALUES (%(key)s, 1, clock_timestamp() + %(per)s)
ON CONFLICT (key) DO UPDATE
SET used = CASE WHEN a.ends_at <= clock_timestamp() THEN 1 ELSE a.used + 1 END,
    ends_at = CASE WHEN a.ends_at <= clock_timestamp() THEN clock_timestamp() + %(per)s ELSE a.ends_at END
WHERE a.used < %(most)s OR a.ends_at <= clock_timestamp()
RETURNING used
"""
LEFT = (
    "SELECT greatest(1, ceil(extract(epoch FROM ends_at - clock_timestamp())))::int FROM blog_allowance WHERE key = %s"
)
IPV4_BITS, IPV6_BITS = 24, 48  # what one household, school or company is given


class TooOften(Exception):
    """A limit is reached; `seconds` until there is room again."""

    def __init__(self, seconds):
        self.seconds = seconds
        super().__init__(f"again in {seconds} s")


@dataclass(frozen=True)
class Rate:
    """At most `most` times within `per`, counted from the first; `most` 0 means any number of times."""

    name: str
    most: int
    per: timedelta


def take(rate, who):
    """Count one deed of `who`, a text or bytes for a person or a network; TooOften if the rate is used up.

    Within the caller's transaction, which holds the row until it ends: N pass, N + 1 does not.
    """
    if not rate.most:
        return
    key = keyed(f"rate:{rate.name}:{rate.per}", who)
    with connection.cursor() as cursor:
        cursor.execute(TAKE, {"key": key, "per": rate.per, "most": rate.most})
        if cursor.fetchone() is None:
            cursor.execute(LEFT, [key])
            raise TooOften(cursor.fetchone()[0])


def network_key(address):
    """Return 16 bytes for the network of a client's address (IPv4 /24, IPv6 /48); None where there is no address.

    Keyed with the site's secret: without that there is no way back to the address.
    """
    try:
        ip = ip_address(address)
    except ValueError:
        return None
    # 6to4 makes a network of its own of each IPv4 address.
    ip = getattr(ip, "ipv4_mapped", None) or getattr(ip, "sixtofour", None) or ip
    network = ip_network((ip, IPV4_BITS if ip.version == 4 else IPV6_BITS), strict=False)
    return keyed("network", str(network))


def keyed(purpose, what):
    """Return 16 bytes made of a text or bytes with the site's secret, for one purpose."""
    words = what.encode() if isinstance(what, str) else bytes(what)
    return hmac.digest(settings.SECRET_KEY.encode(), purpose.encode() + b"\0" + words, "sha256")[:16]


def forget_ended():
    """Delete the rows whose time is over, but for those that somebody is just using."""
    with connection.cursor() as cursor:
        # Without a wait: somebody may hold one row, and want another that is deleted here.
        cursor.execute(
            "DELETE FROM blog_allowance WHERE key IN"
            " (SELECT key FROM blog_allowance WHERE ends_at <= clock_timestamp() FOR UPDATE SKIP LOCKED)"
        )
