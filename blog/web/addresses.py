"""Addresses as the world sees them: behind a proxy the request does not know the site's own name."""

from urllib.parse import urljoin, urlsplit

from django.conf import settings


def on_site(path):
    """Return the full address of a path on this site."""
    return f"{settings.SITE_URL}{path}"


def path_here(address):
    """Return the path of an address on this site, however it is written; None for another site's, or a mail address.

    "" is that of an address which nothing can be made of.
    """
    if not address.strip():
        return ""
    try:
        parts = urlsplit(urljoin(on_site("/"), address.strip()))
        host = parts.hostname
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https"):
        return None
    return parts.path if host == urlsplit(settings.SITE_URL).hostname else None
