"""Whether the discussions are what they should be: counts, threads and addresses, compared with the rows themselves."""

from collections import Counter
from urllib.parse import parse_qs, urlsplit

from django.db import connection
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from blog.comments import threads
from blog.comments.models import Comment
from blog.posts.models import Post

# A sentence, and what finds the rows that it is true of. Counted is by the one definition (migration 0007).
CHECKS = [
    (
        _("post %(post)s: the count of %(kind)s says %(shown)s, but there are %(there)s"),
        """
        SELECT d.post_id AS post, k.kind, k.shown, coalesce(c.there, 0) AS there FROM blog_discussion d
        CROSS JOIN LATERAL (VALUES ('comment', d.visible_comments), ('mention', d.visible_mentions),
                                   ('merged', d.merged_comments), ('removed', d.removed_comments),
                                   ('spam', d.spam_comments)) k (kind, shown)
        LEFT JOIN (SELECT post_id, blog_counted_as(state, origin) AS kind, count(*) AS there
                   FROM blog_comment GROUP BY 1, 2) c ON c.post_id = d.post_id AND c.kind = k.kind
        WHERE k.shown <> coalesce(c.there, 0) ORDER BY 1, 2
        """,
    ),
    (
        _("group %(post)s: it says that %(shown)s of its members stand, but there are %(there)s"),
        """
        SELECT g.id AS post, g.standing AS shown, count(c.id) AS there FROM blog_group g
        LEFT JOIN blog_member m ON m.group_id = g.id
        LEFT JOIN blog_comment c ON c.id = m.comment_id AND c.state IN ('visible', 'held')
        GROUP BY g.id HAVING g.standing <> count(c.id) ORDER BY 1
        """,
    ),
    (
        _("post %(post)s, comment %(number)s: the number was never given out"),
        """
        SELECT c.post_id AS post, c.number FROM blog_comment c LEFT JOIN blog_discussion d USING (post_id)
        WHERE d.post_id IS NULL OR c.number > d.last_number ORDER BY 1, 2
        """,
    ),
    (
        _("post %(post)s, comment %(number)s: %(rows)s comments have this number"),
        """
        SELECT post_id AS post, number, count(*) AS rows FROM blog_comment GROUP BY 1, 2 HAVING count(*) > 1
        ORDER BY 1, 2
        """,
    ),
    (
        _("post %(post)s, comment %(number)s: it answers a comment that is not under this post"),
        """
        SELECT c.post_id AS post, c.number FROM blog_comment c LEFT JOIN blog_comment p ON p.id = c.parent_id
        WHERE c.parent_id IS NOT NULL AND p.post_id IS DISTINCT FROM c.post_id ORDER BY 1, 2
        """,
    ),
    (
        _("post %(post)s, comment %(number)s: it stands under itself"),
        """
        WITH RECURSIVE reached AS (
            SELECT c.id FROM blog_comment c LEFT JOIN blog_comment p ON p.id = c.parent_id WHERE p.id IS NULL
            UNION ALL SELECT c.id FROM reached JOIN blog_comment c ON c.parent_id = reached.id
        )
        SELECT post_id AS post, number FROM blog_comment WHERE id NOT IN (SELECT id FROM reached) ORDER BY 1, 2
        """,
    ),
    (
        _("post %(post)s, comment %(number)s: its path does not follow what it answers"),
        """
        SELECT c.post_id AS post, c.number FROM blog_comment c LEFT JOIN blog_comment p ON p.id = c.parent_id
        WHERE c.path <> coalesce(p.path[1:%(depth)s], '{}') || c.number::bigint ORDER BY 1, 2
        """,
    ),
    (
        _("post %(post)s, comment %(number)s: it is merged into none of this post, or into one that is merged itself"),
        """
        SELECT c.post_id AS post, c.number FROM blog_comment c LEFT JOIN blog_comment k ON k.id = c.merged_into_id
        WHERE c.state = 'merged' AND (k.post_id IS DISTINCT FROM c.post_id OR k.state = 'merged') ORDER BY 1, 2
        """,
    ),
]
ON_PAGES = _("post %(post)s, comment %(number)s: it stands on %(pages)s pages, oldest threads first")
ON_PAGES_NEWEST = _("post %(post)s, comment %(number)s: it stands on %(pages)s pages, newest threads first")
LOST = _("post %(post)s, comment %(number)s: its address leads to a page without it")


def findings():
    """Yield a sentence for each fault; none when all is well.

    One query for each check, and one for each page of each discussion in both orders. A discussion whose rows are
    at fault is not walked through: readers may find no page of it at all.
    """
    unsound = set()
    for sentence, query in CHECKS:
        for row in _rows(query):
            unsound.add(row["post"])
            yield sentence % row
    comments = Comment.objects.visible().filter(post=OuterRef("pk"))
    posts = Post.objects.filter(Exists(comments)).exclude(pk__in=unsound)
    for post in posts.defer("body", "search").order_by("pk").iterator():
        yield from _walk(post, newest_first=False)
        yield from _walk(post, newest_first=True)


def _rows(query):
    with connection.cursor() as cursor:
        cursor.execute(query, {"depth": threads.MAX_DEPTH})
        columns = [column.name for column in cursor.description]
        return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]


def _walk(post, newest_first):
    """Turn the pages of a discussion as a reader does, and yield a sentence for each comment not met exactly once."""
    met: Counter[int] = Counter()
    for page in _pages(post, newest_first):
        shown = [comment for comment in page.comments if not comment.is_tombstone]
        met.update(comment.number for comment in shown)
        if page.starts_at and shown and not newest_first and not _is_found(shown[-1], post):
            yield LOST % {"post": post.pk, "number": shown[-1].number}
    there = Comment.objects.visible().filter(post=post).values_list("number", flat=True)
    for number in sorted({*there, *met}):
        if met[number] != 1:
            sentence = ON_PAGES_NEWEST if newest_first else ON_PAGES
            yield sentence % {"post": post.pk, "number": number, "pages": met[number]}


def _pages(post, newest_first):
    start, starts = None, set[int | None]()
    while start not in starts:
        starts.add(start)
        page = threads.page(post, start=start, newest_first=newest_first)
        yield page
        if page.next_number is None:
            return
        start = page.next_number


def _is_found(row, post):
    """Whether the page to which a comment's address leads has it. On the first page that is the walk's matter."""
    comment = Comment.objects.get(pk=row.pk)
    comment.post = post
    start = parse_qs(urlsplit(threads.address_of(comment)).query).get("from", [None])[0]
    return comment.number in threads.page(post, start=start and int(start)).numbers
