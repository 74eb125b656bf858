"""Which bans concern a comment. What is compared are keyed hashes: a ban names nobody, and outlives what was erased."""

from typing import NamedTuple

from django.utils import timezone

from blog.screening.models import Ban
from blog.web import rates

Kind = Ban.Kind
# Of those that `standing` gives, the ones with these keys. Written out, since it is asked for every comment.
ABOUT = """
SELECT id, kind FROM blog_ban WHERE lifted_at IS NULL AND (ends_at IS NULL OR ends_at > statement_timestamp())
  AND (kind, key) IN (SELECT * FROM unnest(%(ban_kinds)s::text[], %(ban_keys)s::bytea[])) ORDER BY id
"""


class Traits(NamedTuple):
    """By what a comment may be banned."""

    person: bytes  # the author's key
    network: bytes | None = None  # the network's
    domains: frozenset = frozenset()  # of its links and its writer's website


def key(what):
    """Return the key of a ban: of an author's key, a network's key, or a domain."""
    return rates.keyed("ban", what)


def standing(now=None):
    """The bans that are neither lifted nor over."""
    return Ban.objects.filter(lifted_at=None).exclude(ends_at__lte=now or timezone.now())


def keys_of(traits):
    """Return a list of kinds and one of keys: those of the bans that would concern a comment with these Traits."""
    keys = [(Kind.PERSON.value, key(traits.person))]
    if traits.network:
        keys.append((Kind.NETWORK.value, key(traits.network)))
    parents = {parent for domain in traits.domains for parent in with_parents(domain)}
    keys += [(Kind.DOMAIN.value, key(domain)) for domain in sorted(parents)]
    return map(list, zip(*keys, strict=True))


def with_parents(domain):
    """Return a domain and those above it, as far as two labels: who bans spam.example bans www.spam.example too."""
    labels = domain.split(".")
    return [".".join(labels[at:]) for at in range(len(labels) - 1)] or [domain]
