"""Where a form was sent from: the guard of what people without a session may post.

Public pages carry no cookie and are the same for everyone, so Django's CSRF cookie cannot protect them. The
browser's own word does: Sec-Fetch-Site, or Origin in browsers too old for it. A program that sends neither
carries nobody's cookies along, and passes.
"""

from urllib.parse import urlsplit


def is_from_here(request):
    """Whether the browser says that the form stood on this site (OWASP CSRF cheat sheet, Fetch Metadata)."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("Origin")
    try:
        return origin is None or urlsplit(origin).netloc == request.get_host()
    except ValueError:  # as for "http://["
        return False


def client_address(request):
    """Return the network address of the client, of which only keyed hashes are ever stored."""
    return request.META.get("REMOTE_ADDR", "")
