"""Two people's changes of one post become one text; what both changed in other ways is kept twice, for a choice."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from blog.text.alignment import align, words_of
from blog.text.blocks import blocks, joined

VALUES = {"title", "sign_off", "language", "cover"}  # the fields that hold one thing


@dataclass(frozen=True)
class Kept:
    items: list


@dataclass(frozen=True)
class Overlap:
    """A place that both changed, each in another way; items of each."""

    base: list
    mine: list
    theirs: list


@dataclass(frozen=True)
class Clash:
    """An overlap in one field of a post, in the field's own form; `place` counts the field's clashes from 0."""

    field: str
    place: int
    base: object
    mine: object
    theirs: object


@dataclass(frozen=True)
class Merge:
    content: dict
    clashes: list


@dataclass(frozen=True)
class Edit:
    """Instead of the items from `start` to `stop` of the base, these."""

    start: int
    stop: int
    items: list
    is_mine: bool


def merge_lists(base, mine, theirs, words=None):
    """Return what becomes of `base` after both changed it: a list of Kept and Overlap, in order.

    Changes that touch different items are all taken, also when they are neighbours; the same change on both sides is
    taken once. Other insertions at the same place, and whatever one changed inside what the other changed or deleted,
    overlap. `words` is as for `align`.
    """
    if mine == theirs or base in (mine, theirs):
        return [Kept(theirs if mine == base else mine)]
    edits = [*_edits(base, mine, words, is_mine=True), *_edits(base, theirs, words, is_mine=False)]
    merged: list[Kept | Overlap] = []
    at = 0
    for cluster in _clusters(edits):
        start, stop = cluster[0].start, max(edit.stop for edit in cluster)
        merged += [Kept(base[at:start]), _settled(base, start, stop, cluster)]
        at = stop
    return [*merged, Kept(base[at:])]


def merge_html(base, mine, theirs):
    return merge_lists(blocks(base), blocks(mine), blocks(theirs), words_of)


def merge_text(base, mine, theirs):
    return merge_lists(base.split("\n"), mine.split("\n"), theirs.split("\n"), words_of)


def merge_value(base, mine, theirs):
    return merge_lists([base], [mine], [theirs])


def merge_rows(base, mine, theirs):
    return merge_lists(*([tuple(row) for row in rows] for rows in (base, mine, theirs)))


def merge_sets(base, mine, theirs):
    """Return, sorted, theirs without what I removed and with what I added; sets never clash."""
    removed, added = set(base) - set(mine), set(mine) - set(base)
    return sorted((set(theirs) - removed) | added)


def merge_content(base, mine, theirs):
    """Merge two changed forms of a post's content (posts/revisions.py says what it holds).

    Where they clash, mine stands in the merged content, and both are in `clashes`: no word is lost.
    """
    clashes = [
        Clash(field, place, *(join(items) for items in (each.base, each.mine, each.theirs)))
        for field, (merge, join) in FIELDS.items()
        for place, each in enumerate(_overlaps(merge(base[field], mine[field], theirs[field])))
    ]
    return Merge(resolve(base, mine, theirs, {}), clashes)


def resolve(base, mine, theirs, choices):
    """Return the merged content, each clash settled by `choices[field, place]`: "mine", "theirs" or "both".

    Without a choice mine is taken. "both" is theirs followed by mine; of a value there can be but one: mine.
    KeyError for any other choice.
    """
    content = dict(mine)
    for field, (merge, join) in FIELDS.items():
        items, place = [], 0
        for each in merge(base[field], mine[field], theirs[field]):
            if isinstance(each, Kept):
                items += each.items
            else:
                items += _chosen(each, choices.get((field, place), "mine"), field)
                place += 1
        content[field] = join(items)
    return content | {"tags": merge_sets(base["tags"], mine["tags"], theirs["tags"])}


def _edits(base, side, words, *, is_mine):
    """Yield what was done to `base`, in order: an edit for each changed item, and one for neighbours come or gone."""
    at = 0
    for is_pair, pairs in groupby(align(base, side, words), key=lambda pair: None not in pair):
        places, others = zip(*pairs, strict=True)
        if is_pair:
            yield from (
                Edit(i, i + 1, [side[j]], is_mine) for i, j in zip(places, others, strict=True) if base[i] != side[j]
            )
            at = places[-1] + 1
        else:
            start, at = at, at + sum(i is not None for i in places)
            yield Edit(start, at, [side[j] for j in others if j is not None], is_mine)


def _clusters(edits):
    """Yield lists of edits that overlap. Those that merely touch do not, unless both insert at the same place."""
    cluster: list[Edit] = []
    stop = 0
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.stop)):
        is_same_place = cluster and edit.start == edit.stop == cluster[0].start == stop
        if cluster and not is_same_place and edit.start >= stop:
            yield cluster
            cluster, stop = [], 0
        cluster.append(edit)
        stop = max(stop, edit.stop)
    if cluster:
        yield cluster


def _settled(base, start, stop, cluster):
    mine = _applied(base, start, stop, [edit for edit in cluster if edit.is_mine])
    theirs = _applied(base, start, stop, [edit for edit in cluster if not edit.is_mine])
    if mine == theirs or len(cluster) == 1:
        return Kept(mine if cluster[0].is_mine else theirs)
    if not any(edit.items for edit in cluster):
        return Kept([])  # both only deleted, each a part
    return Overlap(base[start:stop], mine, theirs)


def _applied(base, start, stop, edits):
    items = []
    for edit in edits:
        items += [*base[start : edit.start], *edit.items]
        start = edit.stop
    return [*items, *base[start:stop]]


def _overlaps(merged):
    return [each for each in merged if isinstance(each, Overlap)]


def _chosen(overlap, choice, field):
    if choice == "both" and field not in VALUES:
        there = set(overlap.theirs)
        return [*overlap.theirs, *(item for item in overlap.mine if item not in there)]
    return {"mine": overlap.mine, "theirs": overlap.theirs, "both": overlap.mine}[choice]


def _rows(items):
    return [list(item) for item in items]


def _once(items):
    """A byline that both moved, each elsewhere, signs once."""
    return list(dict.fromkeys(items))


# How each field is merged, and made of its merged items again.
FIELDS: dict[str, tuple[Callable, Callable]] = {
    "title": (merge_value, itemgetter(0)),
    "standfirst": (merge_text, "\n".join),
    "body": (merge_html, joined),
    "sign_off": (merge_value, itemgetter(0)),
    "language": (merge_value, itemgetter(0)),
    "bylines": (merge_lists, _once),
    "cover": (merge_value, itemgetter(0)),
    "sources": (merge_rows, _rows),
}
