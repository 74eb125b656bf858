"""The shape of a discussion: numbers, paths, and pages of threads.

Whoever changes the shape of a discussion (a new comment, a merge, its undoing) holds the discussion's row
lock first: `next_number` and `lock` take it. That one order keeps them from deadlocking and from cycles.
"""

from dataclasses import dataclass

from django.db import connection
from django.db.models import F, OuterRef, Q, Subquery
from django.utils.functional import cached_property

from blog.comments.models import Comment, Discussion

# An entry of a b-tree index holds 2,704 bytes. Deeper replies keep their true parent, and stand on this level.
MAX_DEPTH = 100
PAGE_ROWS = 100


def next_number(post_id):
    """Give out the post's next comment number, and hold the discussion until the transaction ends."""
    return next_numbers(post_id, 1)[0]


def next_numbers(post_id, count):
    """Give out the post's next `count` comment numbers as a range; hold the discussion as next_number does."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO blog_discussion AS d (post_id, last_number, visible_comments, visible_mentions)"
            " VALUES (%(post)s, %(count)s, 0, 0)"
            " ON CONFLICT (post_id) DO UPDATE SET last_number = d.last_number + %(count)s RETURNING last_number",
            {"post": post_id, "count": count},
        )
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

    @cached_property
    def numbers(self):
        """The numbers of the comments that stand on this page."""
        return {comment.number for comment in self.comments}


def page(post, *, start=None, own=()):
    """Return a Page of the visible comments of `post`, starting with comment number `start` (None: at the top).

    `own` holds ids of comments that their writer sees although they are held. Threads stay whole where they
    fit. Each comment has its parent loaded. One query, at most PAGE_ROWS + 1 rows, whatever the size of the discussion.
    """
    rows = list(_from(post, start, own).select_related("parent", "user").defer("parent__text", "parent__html"))
    shown, following = _whole_threads(rows)
    return Page(shown, start, following.number if following else None)


def address_of(comment, own=()):
    """Return the address of the page on which `comment` stands, with its anchor: the first page, the one that
    begins with its thread, or in a thread that is too long for one page the one that begins with itself.
    """
    for start in (None, comment.path[0], comment.number):
        rows = list(_from(comment.post, start, own).only("number", "path"))
        if comment.number in {row.number for row in _whole_threads(rows)[0]}:
            break
    page = f"?from={start}" if start else ""
    return f"{comment.post.get_absolute_url()}{page}#{comment.anchor}"


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


def _from(post, start, own):
    rows = seen_by(own).filter(post=post)
    if start is not None:
        first = Comment.objects.filter(post=OuterRef("post"), number=start).values("path")
        rows = rows.alias(first=Subquery(first)).filter(path__gte=F("first"))
    return rows.order_by("path")[: PAGE_ROWS + 1]


def _whole_threads(rows):
    """Split off the row too many, and with it the thread that it would cut, unless that is the only one."""
    if len(rows) <= PAGE_ROWS:
        return rows, None
    root = rows[-1].path[0]
    cut = next(index for index, row in enumerate(rows) if row.path[0] == root) or PAGE_ROWS
    return rows[:cut], rows[cut]
