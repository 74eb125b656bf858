"""Writing the imported comments of one post: numbered in the order of time, replies after what they answer."""

from collections import Counter
from dataclasses import replace

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from blog.comments import threads
from blog.comments.models import Comment
from blog.comments.submission import text_columns
from blog.imports.memory import BATCH_ROWS
from blog.imports.report import Kind, Outcome
from blog.moderation.batches import TAKEN_BACK
from blog.text.fingerprints import author_key, submission_key
from blog.web.rates import network_key

COLUMNS = ("name", "email", "website", "text", "state")
WRITTEN = [*COLUMNS, "html", "markup_version", "author_key", "network_key", "created_at", "parent"]


def load(post, records, memory):
    """Write the CommentRecords of one post; return a Counter of Outcomes and the list of Problems.

    Expects to run in a transaction. A number of statements that grows with the batches, not with the comments.
    """
    records, problems = in_order(records, memory)
    fresh = [record for record in records if memory.get(Kind.COMMENT, record.foreign_id) is None]
    earlier = [record for record in records if memory.get(Kind.COMMENT, record.foreign_id) is not None]
    changed = [each for each in earlier if bytes(memory.get(Kind.COMMENT, each.foreign_id).digest) != each.digest()]
    counts = Counter({Outcome.NEW: len(fresh), Outcome.UNCHANGED: len(earlier) - len(changed)})
    if fresh or changed:
        numbers = threads.next_numbers(post.pk, len(fresh))  # holds the discussion
        rows = _known_rows(post, records, memory)
        _insert(post, fresh, numbers, rows, memory)
        updated, moved = _update(changed, rows, memory, problems)
        if moved:
            threads.repath([post.pk])
        counts += Counter({Outcome.CHANGED: updated, Outcome.SKIPPED: len(changed) - updated})
    return counts, problems


def in_order(records, memory):
    """Return the records oldest first, but every reply after its parent, and a list of Problems.

    A record whose parent is neither among them nor imported before, or that would stand under itself, loses
    its parent and is named in a problem.
    """
    by_id = {record.foreign_id: record for record in records}
    ordered, problems = {}, []
    for record in sorted(records, key=lambda each: (each.created_at is None, each.created_at or 0)):
        above = {}
        while record.foreign_id not in ordered and record.foreign_id not in above:
            above[record.foreign_id] = record
            record = by_id.get(record.parent, record)
        for each in reversed(above.values()):
            if each.parent and each.parent not in ordered and (each.parent in by_id or not _imported(each, memory)):
                words = _("the comment answers one that is not here: it stands on its own")
                problems.append(replace(each.problem, text=words))
                each = replace(each, parent="")
            ordered[each.foreign_id] = each
    return list(ordered.values()), problems


def _imported(record, memory):
    return memory.get(Kind.COMMENT, record.parent)


def _known_rows(post, records, memory):
    """Return a dict from foreign id to Comment of what was imported before; merged ones with the kept one."""
    wanted = {record.foreign_id for record in records} | {record.parent for record in records if record.parent}
    ids = {row.object_id: key for key in wanted if (row := memory.get(Kind.COMMENT, key))}
    if not ids:
        return {}
    comments = Comment.objects.filter(post=post).select_related("merged_into").in_bulk(list(ids))
    return {ids[pk]: comment for pk, comment in comments.items()}


def _insert(post, fresh, numbers, rows, memory):
    ids = _new_ids(len(fresh))
    pairs = []
    for record, number, pk in zip(fresh, numbers, ids, strict=True):
        parent = _standing(rows.get(record.parent))
        columns = _columns(record, post)
        rows[record.foreign_id] = comment = Comment(
            pk=pk,
            post=post,
            parent=parent,
            number=number,
            path=threads.path_under(parent, number),
            state=record.state,
            origin=Comment.Origin.MENTION if record.is_mention else Comment.Origin.IMPORT,
            told_at=timezone.now(),  # it is old: nobody is told of it by mail
            submission_key=submission_key(columns["author_key"], post.pk, parent and parent.pk, record.text),
            **columns,
        )
        pairs.append((record, comment))
    Comment.objects.bulk_create([comment for _record, comment in pairs], batch_size=BATCH_ROWS)
    memory.remember_all(Kind.COMMENT, pairs, COLUMNS)


def _update(changed, rows, memory, problems):
    """Write the changed records to their rows; return how many, and whether one has another parent now.

    What moderators or editors did here to a row stands: then its state and its place stay, and a problem says so.
    What its writer withdrew or had erased is not touched at all.
    """
    pairs, moved, parents = [], False, None
    for record in changed:
        comment = rows.get(record.foreign_id)
        if comment is None:
            continue
        if comment.state in TAKEN_BACK:
            problems.append(replace(record.problem, text=_("its writer has taken the comment back here: it stays so")))
            continue
        if memory.is_edited(memory.get(Kind.COMMENT, record.foreign_id), comment, COLUMNS):
            problems.append(replace(record.problem, text=_("the comment had been edited or moderated here since")))
        else:
            comment.state = record.state
            parent = _standing(rows.get(record.parent))
            parents = threads.parents([comment.post_id]) if parents is None else parents
            if parent and comment.pk in {parent.pk, *threads.ancestors(parent.pk, parents)}:
                words = _("the comment would stand under itself, as comments were merged here: it stays where it was")
                problems.append(replace(record.problem, text=words))
            elif comment.parent_id != (parent and parent.pk):
                moved, comment.parent, parents[comment.pk] = True, parent, parent and parent.pk
        for column, value in _columns(record, comment.post).items():
            setattr(comment, column, value)
        pairs.append((record, comment))
    Comment.objects.bulk_update([comment for _record, comment in pairs], WRITTEN, batch_size=BATCH_ROWS)
    memory.remember_all(Kind.COMMENT, pairs, COLUMNS)
    return len(pairs), moved


def _columns(record, post):
    author = author_key(email=record.email, name=record.name, network=record.network)
    named = {"name": record.name, "email": record.email, "website": record.website, "author_key": author}
    named["network_key"] = network_key(record.network)  # by which it is found when the network is to be forgotten
    return named | {"created_at": record.created_at or post.publish_at or post.created_at} | text_columns(record.text)


def _standing(comment):
    """The comment under which a reply goes: of a merged one, the one that was kept."""
    return comment and (comment.merged_into or comment)


def _new_ids(count):
    # Given out beforehand, so that replies can name parents that are written in the same statement.
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('blog_comment', 'id')) FROM generate_series(1, %s)", [count]
        )
        return [pk for (pk,) in cursor.fetchall()]
