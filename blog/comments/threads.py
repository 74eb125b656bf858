"""The shape of a discussion: numbers, paths, and pages of threads.

Whoever changes the shape of a discussion (a new comment, a merge, its undoing) holds the discussion's row
lock first: `next_number` and `lock` take it. That one order keeps them from deadlocking and from cycles.
"""

from dataclasses import dataclass
from itertools import zip_longest
from typing import NamedTuple
from urllib.parse import urlencode

from django.db import connection
from django.db.models import Q
from django.utils.functional import cached_property

from blog.comments import rows
from blog.comments.models import MAX_INDENT, Comment, Discussion
from blog.posts import lists

# An entry of a b-tree index holds 2,704 bytes. Deeper replies keep their true parent, and stand on this level.
MAX_DEPTH = 100
PAGE_ROWS = 50
NEWEST = "newest"  # ?order=… for the newest threads first
NUMBERS = """
INSERT INTO blog_discussion AS d (post_id, last_number, last_shown, visible_comments, visible_mentions, merged_comments,
                                  removed_comments, spam_comments)
VALUES (%(post)s, %(count)s, 0, 0, 0, 0, 0, 0)
ON CONFLICT (post_id) DO UPDATE SET last_number = d.last_number + %(count)s RETURNING last_number
"""
PLACES = f"""
SELECT c.number, c.path, c.parent_id FROM blog_comment c
WHERE c.post_id = %(post)s AND {rows.VISIBLE} AND {{beginning}} ORDER BY {{order}} LIMIT %(most)s
"""  # noqa: S608


class Place(NamedTuple):
    """Where a comment stands."""

    number: int
    path: list
    parent_id: int | None = None


def next_number(post_id):
    """Give out the post's next comment number, and hold the discussion until the transaction ends."""
    return next_numbers(post_id, 1)[0]


def next_numbers(post_id, count):
    """Give out the post's next `count` comment numbers as a range; hold the discussion as next_number does."""
    with connection.prepared_cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute(NUMBERS, {"post": post_id, "count": count})
        last = cursor.fetchone()[0]
    return range(last - count + 1, last + 1)


def lock(post_ids):
    """Hold the discussions of these posts until the transaction ends, taken in one order by everybody."""
    list(Discussion.objects.select_for_update().filter(post_id__in=post_ids).order_by("post_id"))


def path_under(parent, number):
    """Return the path of comment `number` under `parent` (a Comment, or None for a new thread)."""
    return [*(parent.path[:MAX_DEPTH] if parent else []), number]


def parents(post_ids):
    """Return a dict from the id of every comment of these posts to its parent's id, or None. One query."""
    return dict(Comment.objects.filter(post_id__in=post_ids).order_by("pk").values_list("pk", "parent_id"))


def ancestors(pk, parents):
    """Return the set of ids above comment `pk`, by a dict as `parents` gives it. In a circle it holds `pk` itself."""
    above = set()
    while (pk := parents.get(pk)) is not None and pk not in above:
        above.add(pk)
    return above


def repath(post_ids):
    """Make the paths of all comments of these posts follow their parents again, after parents have changed.

    A path follows from the parents alone: restoring parents and calling this restores every path exactly.
    Cost: reads every comment of the posts, writes those that moved.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH RECURSIVE tree AS (
                SELECT id, ARRAY[number::bigint] AS path FROM blog_comment
                WHERE post_id = ANY(%(posts)s) AND parent_id IS NULL
                UNION ALL
                SELECT c.id, tree.path[1:%(depth)s] || c.number::bigint
                FROM tree JOIN blog_comment c ON c.parent_id = tree.id
            )
            UPDATE blog_comment c SET path = tree.path FROM tree WHERE tree.id = c.id AND c.path <> tree.path
            """,
            {"posts": list(post_ids), "depth": MAX_DEPTH},
        )


@dataclass
class Page:
    """One page of a discussion, in thread order."""

    comments: list
    starts_at: int | None  # the number of the first comment where this is not the first page
    next_number: int | None  # the number with which the next page starts
    newest_first: bool = False  # the threads; within one, replies follow what they answer either way

    @property
    def is_filled(self):
        return bool(self.comments)

    @cached_property
    def numbers(self):
        """The numbers of the comments that stand on this page."""
        return {comment.number for comment in self.comments}


def page(post, *, start=None, own=(), newest_first=False):
    """Return a Page of the visible comments of `post`, starting with comment number `start` (None: at the top).

    `own` holds ids of comments that their writer sees although they are held. What is not shown any more keeps its
    place where replies are shown under it, as a Row with `is_tombstone`. Threads stay whole where they fit. Each
    comment is a Row with what `nest` gives it. One query of at most PAGE_ROWS + 1 rows, whatever the size
    of the discussion; one more for `start`, one for `own`.
    """
    place = None if start is None else Comment.objects.filter(post=post, number=start).only("path").first()
    if start is not None and place is None:
        return Page([], start, None, newest_first)
    order, beginning = _range(place, newest_first)
    words = {"order": order, "path": place and place.path, "thread": place and place.path[0]}
    shown, following = _whole_threads(rows.read(post.pk, PAGE_ROWS + 1, rows.VISIBLE, beginning, **words))
    held = _own_held(post, own, place, following, newest_first)
    comments = sorted(_with_tombstones(shown + held), key=_order(newest_first))
    return Page(nest(comments), start, following.number if following else None, newest_first)


def nest(comments):
    """Give every comment of a page its place in nested lists, and return them.

    `level` is 0 for the beginning of a thread and at most MAX_INDENT; `replies_below` says how many of the page stand
    under it; `lists_closed` is a range, as long as the number of lists that end with it.
    """
    above, top = -1, min((comment.depth for comment in comments if comment.path[0] == comments[0].path[0]), default=0)
    for comment in comments:
        first = top if comment.path[0] == comments[0].path[0] else 0
        above = comment.level = min(comment.depth - first, MAX_INDENT, above + 1)
    line: list[Comment] = []
    for comment, following in zip_longest(comments, comments[1:]):
        del line[comment.level :]
        for each in line:
            each.replies_below += 1
        line.append(comment)
        comment.lists_closed = range(max(0, comment.level - (following.level if following else 0)))
    return comments


def address_of(comment, own=(), newest_first=False):
    """Return the address of the page on which `comment` stands, with its anchor: the first page, the one that
    begins with its thread, or in a thread that is too long for one page the one that begins with itself.
    """
    thread, is_reply = comment.path[0], comment.number != comment.path[0]
    if _is_on_page(comment, None, own, newest_first):
        start = None
    else:
        start = thread if is_reply and _is_on_page(comment, thread, own, newest_first) else comment.number
    order = {"order": NEWEST} if newest_first else {}
    query = urlencode(order | ({"from": start} if start else {}))
    return f"{comment.post.get_absolute_url()}{query and '?'}{query}#{comment.anchor}"


def _is_on_page(comment, thread, own, newest_first):
    """Whether `comment` stands on the page that begins with a thread (None: the first one); read are places alone."""
    order, beginning = _range(thread, newest_first)
    query = PLACES.format(beginning=beginning, order=order)
    words = {"post": comment.post_id, "most": PAGE_ROWS + 1, "thread": thread, "path": thread and [thread]}
    shown, following = _whole_threads([Place(*row) for row in lists.rows(query, words)])
    if comment.is_visible:
        return comment.number in {each.number for each in shown}
    if comment.is_held and comment.pk in own:
        key = _order(newest_first)
        begins = thread is None or key(Place(thread, [thread])) <= key(comment)
        return begins and (not following or key(comment) < key(following))
    return comment.pk in {each.parent_id for each in shown}  # a place without words


def around(comment, before=3, after=6):
    """Return what a moderator needs to judge `comment`: it, all that it answers, and its nearest neighbours, in
    thread order, whatever their state. Three queries, at most MAX_DEPTH + `before` + `after` + 1 rows.
    """
    others = Comment.objects.filter(post=comment.post_id)
    above = others.filter(number__in=comment.path)
    earlier = others.filter(path__lt=comment.path).order_by("-path")[:before]
    later = others.filter(path__gt=comment.path).order_by("path")[:after]
    near = {each.pk: each for rows in (above, earlier, later) for each in rows.select_related("parent")}
    return sorted(near.values(), key=lambda each: each.path)


def seen_by(own):
    """Return the comments that a reader sees: the visible ones, and of those with an id in `own` also the held ones."""
    if not own:
        return Comment.objects.visible()
    return Comment.objects.filter(Q(state=Comment.State.VISIBLE) | Q(pk__in=own, state=Comment.State.HELD))


def _range(place, newest_first):
    """In SQL, in the words of the index: the order, and the condition with which a page begins, if it has one."""
    if newest_first:
        order, here = "c.thread * -1, c.path", "(c.thread * -1, c.path) >= (%(thread)s * -1, %(path)s::bigint[])"
    else:
        order, here = "c.path", "c.path >= %(path)s::bigint[]"
    return order, here if place else "true"


def _order(newest_first):
    return lambda comment: (-comment.path[0] if newest_first else 0, comment.path)


def _own_held(post, own, place, following, newest_first):
    """The held comments among `own` that stand on the page from `place` until `following`."""
    if not own:
        return []
    key = _order(newest_first)
    held = rows.read(post.pk, len(own), "c.state = 'held'", "c.id = ANY(%(own)s)", own=list(own))
    return [
        each
        for each in held
        if (not place or key(place) <= key(each)) and (not following or key(each) < key(following))
    ]


def _with_tombstones(comments):
    """Add what is not shown any more and has a reply among `comments`."""
    here = {comment.pk for comment in comments}
    gone = {}
    for comment in comments:
        comment.is_parent_here = comment.parent_id in here
        if comment.parent_id and not comment.is_parent_here and not comment.is_parent_visible:
            gone[comment.parent_id] = comment.parent_place()
    return comments + list(gone.values())


def _whole_threads(rows):
    """Split off the row too many, and with it the thread that it would cut, unless that is the only one."""
    if len(rows) <= PAGE_ROWS:
        return rows, None
    root = rows[-1].path[0]
    cut = next(index for index, row in enumerate(rows) if row.path[0] == root) or PAGE_ROWS
    return rows[:cut], rows[cut]
