"""Keeping other people's HTML from nesting so deeply that reading it takes minutes."""

import re

from blog.text.vocabulary import VOID

TAG = re.compile(r"<(/?)([a-zA-Z][\w:-]*)\b[^<>]*>")
# Often left open, and ended by the next of their kind: they deepen nothing.
ENDED_BY_THE_NEXT = {"p", "li", "dt", "dd", "td", "th", "tr", "tbody", "thead", "tfoot", "option"}


def shallow(html, limit):
    """Return `html` without the tags that stand in `limit` others; their words stay. Tags left open count as open."""
    depth = 0

    def kept(match):
        nonlocal depth
        if match[2].lower() in VOID | ENDED_BY_THE_NEXT:
            return match[0]
        if not match[1]:
            depth += 1
        is_kept = depth <= limit
        if match[1]:
            depth = max(depth - 1, 0)
        return match[0] if is_kept else ""

    return TAG.sub(kept, html)
