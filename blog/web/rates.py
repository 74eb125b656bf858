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
WITH asked AS (
    SELECT * FROM unnest(%(keys)s::bytea[], %(per)s::interval[], %(most)s::int[]) AS rate (key, per, most)
)
INSERT INTO blog_allowance AS a (key, used, ends_at) SELECT key, 1, clock_timestamp() + per FROM asked
ON CONFLICT (key) DO UPDATE
SET used = CASE WHEN a.ends_at <= clock_timestamp() THEN 1 ELSE a.used + 1 END,
    ends_at = CASE WHEN a.ends_at <= clock_timestamp() THEN excluded.ends_at ELSE a.ends_at END
WHERE a.used < (SELECT most FROM asked WHERE asked.key = a.key) OR a.ends_at <= clock_timestamp()
RETURNING key
"""
LEFT = """
SELECT greatest(1, ceil(extract(epoch FROM max(ends_at) - clock_timestamp())))::int FROM blog_allowance
WHERE key = ANY(%s)
"""
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
    take_all([(rate, who)])


def take_all(rates):
    """Count one deed by several (Rate, who), in their order, as `take` does by one; TooOften if any is used up."""
    asked = [(keyed(f"rate:{rate.name}:{rate.per}", who), rate.per, rate.most) for rate, who in rates if rate.most]
    if not asked:
        return
    keys, per, most = map(list, zip(*asked, strict=True))
    with connection.prepared_cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute(TAKE, {"keys": keys, "per": per, "most": most})
        free = {bytes(key) for (key,) in cursor.fetchall()}
        if used_up := [key for key in keys if key not in free]:
            cursor.execute(LEFT, [used_up])
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
