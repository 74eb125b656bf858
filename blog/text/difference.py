"""What changed between two texts, for people: the words that went in `<del>`, those that came in `<ins>`.

A comparison is a row of pieces (side, HTML), each balanced; side is GONE, COME or SAME, and the pieces of one side
and those of SAME make that side's whole text. What an eye would miss is said in words in `<small>`: the address of
a link that changed, the description of a picture, a line break, an empty paragraph.
"""

from html import escape
from itertools import groupby, pairwise
from operator import itemgetter
from typing import NamedTuple

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from blog.text.alignment import align, words_of
from blog.text.outline import Line, attributes_of, line_of, outline, tag_of, written

SAME, GONE, COME = "", "del", "ins"
HOLDS_WORDS = {"p", "h2", "h3", "h4", "pre", "li", "blockquote", "figcaption", "td", "th"}
# Of both texts, in what changed. When they are used up, what else changed is marked whole.
MAX_WORDS = 200_000
PAIR_IN_WORDS = 20  # what it costs to look into a pair of blocks or lines
REWRITTEN = 4  # a line that keeps less than one in so many words is shown as another line


class Row(NamedTuple):
    before: SafeString
    after: SafeString
    changed: bool


def inline(before, after):
    """Return the blocks of two versions of a post's HTML as one safe text, what went before what came.

    `<ins>` and `<del>` stand around words only, inside of paragraphs, list items and cells: these remain what they
    are. Both versions are sanitised first. A change of white space alone is no change.
    """
    return mark_safe("".join(html for row in _rows(before, after) for _, html in row))


def side_by_side(before, after):
    """Return a Row for each block of two versions of a post's HTML; the side where it is missing is ""."""
    return [_row(pieces) for pieces in _rows(before, after)]


def words(before, after):
    """Return two plain texts as safe HTML, marked: what went in the first, what came in the second."""
    row = _row(list(_Comparison().changes(line_of(before), line_of(after))))
    return row.before, row.after


def marked_words(before, after):
    """Return two plain texts as one safe text: what went is marked beside what came."""
    return mark_safe("".join(html for _, html in _Comparison().changes(line_of(before), line_of(after))))


def _row(pieces):
    before, after = (
        mark_safe("".join(html for side, html in pieces if side in (SAME, shown))) for shown in (GONE, COME)
    )
    return Row(before, after, any(f"<{side}>" in html for side, html in pieces if side))


def _rows(before, after):
    comparison = _Comparison()
    for old, new in _aligned(outline(before), outline(after)):
        yield list(comparison.changes(old, new))


def _aligned(olds, news):
    for i, j in align([each.html for each in olds], [each.html for each in news], words_of):
        yield (None if i is None else olds[i], None if j is None else news[j])


class _Comparison:
    def __init__(self):
        self.words_left = MAX_WORDS

    def changes(self, old, new):
        """Yield the pieces of two Blocks or Lines that stand for each other; None is nothing."""
        if old is not None and new is not None and old.html == new.html:
            yield SAME, new.html
        elif type(old) is not type(new) or old.opening != new.opening or not self._may_look_into(old, new):
            yield from _whole(old, GONE)
            yield from _whole(new, COME)
        elif isinstance(new, Line):
            yield from _word_changes(old.tokens, new.tokens)
        else:
            yield SAME, new.opening
            for pair in _aligned(old.children, new.children):
                yield from self.changes(*pair)
            yield SAME, new.closing

    def _may_look_into(self, old, new):
        self.words_left -= PAIR_IN_WORDS + (len(old.tokens) + len(new.tokens) if isinstance(new, Line) else 0)
        return self.words_left >= 0


def _whole(node, side):
    """Yield a Block or Line of which all went or came; None is nothing."""
    if isinstance(node, Line):
        yield side, _marked(node.tokens, side)
    elif node and node.tag == "hr":
        yield side, f"<{side}><hr></{side}>"
    elif node:
        yield side, node.opening
        for child in node.children:
            yield from _whole(child, side)
        if not node.children and node.tag in HOLDS_WORDS:
            yield side, f"<{side}><small>¶</small></{side}>"
        yield side, node.closing


def _word_changes(old, new):
    runs = _runs(old, new)
    for index, (is_same, gone, come) in enumerate(runs):
        yield from _gap(gone, come)
        if is_same:
            yield SAME, written(_close_up(come))
            continue
        # A word that came into a link says nothing of the link's address.
        beside = [run[2][-1] for run in runs[index - 1 : index]] + [run[2][0] for run in runs[index + 1 : index + 2]]
        if gone:
            yield GONE, _marked(_close_up(gone), GONE, known=_marks(come + beside))
        if come:
            yield COME, _marked(_close_up(come), COME, known=_marks(gone + beside))


def _runs(old, new):
    """Return (is_same, tokens of old, tokens of new) for the stretches that are the same and those that are not."""
    before, after = _keys(old), _keys(new)
    pairs = align(before, after)
    same = [None not in pair and before[pair[0]] == after[pair[1]] for pair in pairs]
    if sum(same) * REWRITTEN < min(len(old), len(new)):
        return [(False, old, new)]
    return [
        (
            is_same,
            [old[i] for _, (i, _) in stretch if i is not None],
            [new[j] for _, (_, j) in stretch if j is not None],
        )
        for is_same, stretch in (
            (key, list(group)) for key, group in groupby(zip(same, pairs, strict=True), itemgetter(0))
        )
    ]


def _keys(tokens):
    """What must be equal for tokens to be the same. The first word of a line may become one in it, with a space."""
    return [
        (token.html, token.marks, bool(token.gap) or before is None or before.html == "<br>" or before.html.isspace())
        for before, token in pairwise([None, *tokens])
    ]


def _gap(gone, come):
    old, new = (tokens[0].gap if tokens else "" for tokens in (gone, come))
    if old or new:
        yield (SAME if old and new else GONE if old else COME), new or old


def _close_up(tokens):
    return [tokens[0]._replace(gap=""), *tokens[1:]]


def _marks(tokens):
    return {mark for token in tokens for mark in token.marks}


def _marked(tokens, side, known=frozenset()):
    """Return tokens that went or came; links that are not in `known` say their address."""
    said = [token._replace(html=_said(token.html)) if token.html[0] in "<\n" else token for token in tokens]
    return f"<{side}>{written(said, lambda mark: '' if mark in known else _address(mark))}</{side}>"


def _said(html):
    if html.startswith("<img"):
        alt = attributes_of(html).get("alt")
        text = gettext("picture: %(alt)s") % {"alt": alt} if alt else gettext("picture without a description")
        return f"{html} <small>({escape(text)})</small>"
    return f"<small>↵</small>{html}"


def _address(mark):
    if tag_of(mark) != "a":
        return ""
    attributes = attributes_of(mark)
    address = " ".join(filter(None, [attributes.get("href"), attributes.get("title")]))
    return f" <small>({escape(gettext('link: %(address)s') % {'address': address})})</small>"
