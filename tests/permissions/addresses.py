"""What Django's resolver knows, and what policy.ADDRESSES says of it."""

from django.urls import get_resolver, resolve

from blog import policy


def patterns(resolver, route="", spaces=()):
    """Yield each pattern's address (its name, or else its route) and its route."""
    for pattern in resolver.url_patterns:
        below = route + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from patterns(pattern, below, (*spaces, *filter(None, [pattern.namespace])))
        else:
            yield ":".join([*spaces, pattern.name]) if pattern.name else below, below


ADDRESSES = {address for address, _route in patterns(get_resolver())}


def address_of(path):
    """The address, as in policy.ADDRESSES, to which a path leads."""
    match = resolve(path.partition("?")[0])
    return match.view_name if match.url_name else match.route


def keys_for(address):
    """The keys of the table that concern the address: its own name, and the beginnings, which end in _ or /."""
    return [key for key in policy.ADDRESSES if address == key or (key[-1] in "_/" and address.startswith(key))]


def rule_for(address):
    return policy.ADDRESSES.get(max(keys_for(address), key=len, default=None))
