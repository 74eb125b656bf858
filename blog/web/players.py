"""Pages on which videos may be played."""

from blog.text import video


def let_play(response, html):
    """Return the response with the players of this text's videos let into its page, and nobody else's frames."""
    if origins := video.origins(html):
        response._csp_update = {"frame-src": origins}
    return response
