"""Addresses as the world sees them: behind a proxy the request does not know the site's own name."""

from django.conf import settings


def on_site(path):
    """Return the full address of a path on this site."""
    return f"{settings.SITE_URL}{path}"
