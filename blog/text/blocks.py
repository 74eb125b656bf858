"""A post's HTML as a row of blocks: paragraphs, headings, lists, quotes, figures, tables."""

import re
from itertools import pairwise

from django.utils.safestring import mark_safe

# Sanitised HTML holds no < or > inside a tag: the sanitiser writes them as entities in attributes too.
TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)\b([^<>]*)>")
INLINE = {"a", "br", "code", "em", "img", "s", "strong", "sub", "sup"}
VOID = {"br", "hr", "img"}
SPACE = re.compile(r"[ \t\n\r\f]+")


def blocks(html):
    """Return the top-level blocks of a post's sanitised HTML, in order; joined again they are `html`.

    Words and inline tags between two block elements are a block too. White space after a block belongs to it.
    Of HTML that is not balanced, everything up to the missing end tag is one block. Cost: O(n).
    """
    margin = _past_space(html, 0)
    edges = {_past_space(html, edge) for edge in _edges(html)}
    cuts = {0, len(html), *(edge for edge in edges if edge > margin)}
    return [html[start:stop] for start, stop in pairwise(sorted(cuts))]


def joined(pieces):
    """Return the HTML of blocks from several places: words without a block element do not run into each other."""
    joints = (_is_stray(before) and _is_stray(after) for before, after in pairwise(["<p>", *pieces]))
    return "".join("\n" * joint + piece for joint, piece in zip(joints, pieces, strict=True))


def with_anchors(html, prefix="b"):
    """Return a post's sanitised HTML as safe, each block with an id: `b1`, `b2`, … as `blocks` counts them.

    Words that stand in no block element get one around them.
    """
    return mark_safe("".join(_anchored(block, f"{prefix}{number}") for number, block in enumerate(blocks(html), 1)))


def _edges(html):
    """Yield where block elements that stand in nothing else begin and end."""
    depth = 0
    for tag in TAG.finditer(html):
        is_end, name = tag[1], tag[2]
        if is_end:
            depth = max(depth - 1, 0)
        if depth == 0 and name not in INLINE:
            if not is_end:
                yield tag.start()
            if is_end or name in VOID:
                yield tag.end()
        if not is_end and name not in VOID:
            depth += 1


def _is_stray(block):
    """Whether a block is words and inline tags without a block element of their own."""
    tag = TAG.match(block, _past_space(block, 0))
    return not tag or bool(tag[1]) or tag[2] in INLINE


def _past_space(html, position):
    space = SPACE.match(html, position)
    return space.end() if space else position


def _anchored(block, name):
    if not _is_stray(block):
        return TAG.sub(rf'<\2 id="{name}"\3>', block, count=1)
    # A link may stand around whole paragraphs, and a paragraph holds none.
    around = "p" if all(tag[2] in INLINE for tag in TAG.finditer(block)) else "div"
    return f'<{around} id="{name}">{block}</{around}>'
