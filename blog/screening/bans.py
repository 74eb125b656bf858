"""Which bans concern a comment. What is compared are keyed hashes: a ban names nobody, and outlives what was erased."""

from typing import NamedTuple

from django.db.models import Q
from django.utils import timezone

from blog.screening.models import Ban
from blog.web import rates

Kind = Ban.Kind


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


def about(traits):
    """Return the standing bans that concern a comment with these Traits. One query."""
    concerned = Q(kind=Kind.PERSON, key=key(traits.person))
    if traits.network:
        concerned |= Q(kind=Kind.NETWORK, key=key(traits.network))
    if traits.domains:
        parents = {parent for domain in traits.domains for parent in with_parents(domain)}
        concerned |= Q(kind=Kind.DOMAIN, key__in=[key(domain) for domain in sorted(parents)])
    return list(standing().filter(concerned).order_by("pk"))


def with_parents(domain):
    """Return a domain and those above it, as far as two labels: who bans spam.example bans www.spam.example too."""
    labels = domain.split(".")
    return [".".join(labels[at:]) for at in range(len(labels) - 1)] or [domain]
