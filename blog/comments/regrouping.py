"""Making all fingerprints and groups anew, for very many comments at once (docs/duplicates.md).

The keys and the rule are those of `groups`, and so are the groups, but for two things: comments are taken in the order
of their hours, not of their arrival, and of a person's others only those of the same place and day are looked through.
"""

import logging
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from multiprocessing import get_context

import numpy as np
from django.conf import settings
from django.db import connection, connections, transaction
from django.db.models import Max
from django.utils import timezone

from blog.comments import causes, copying, fingerprints, pairing
from blog.comments.fingerprints import BANDS_KEPT, EPOCH, MAX_ROWS_PER_BAND, Candidate
from blog.comments.groups import circumstances
from blog.comments.models import Comment
from blog.comments.models_duplicates import PENDING, Different, Fingerprint, Group, hold_groups
from blog.comments.pairing import CERTAINTY, COLUMNS, MIXER, Edge
from blog.text import keys, wording
from blog.text.sameness import compare

MANY = 5_000  # pending: from here on, all at once is quicker than one by one
IDS, PAIRS, ROWS = 20_000, 20_000, 5_000  # of one step
ALARM, ALARM_SHARE, TOO_FEW = 500, 0.01, 20  # members of one group: rather a mistake than a campaign
LOCK = 7_305_812_244_150_614  # one at a time

# What waits is held first, so that the texts read afterwards are those that the keys will be of.
WAITING = """
SELECT comment_id FROM blog_fingerprint WHERE comment_id >= %s AND comment_id < %s AND version < %s
FOR UPDATE SKIP LOCKED
"""
TEXTS = """
SELECT id, text, website, substr(author_key, 1, 8), post_id, coalesce(parent_id, 0),
       (extract(epoch FROM created_at) * 1000000)::bigint, state <> 'erased'
FROM blog_comment WHERE id >= %s AND id < %s ORDER BY id
"""
FRESH = """
CREATE TEMPORARY TABLE IF NOT EXISTS fresh_fingerprint
    (comment_id bigint, "full" bigint, core bigint, characters int, domains text[]);
TRUNCATE fresh_fingerprint
"""
KEEP = """
UPDATE blog_fingerprint f
SET version = %s, "full" = n."full", core = n.core, characters = n.characters, domains = n.domains
FROM fresh_fingerprint n WHERE n.comment_id = f.comment_id
"""
SAID = """
SELECT c.id, c.author_key, c.post_id, c.parent_id, (extract(epoch FROM c.created_at) * 1000000)::bigint, c.text,
       coalesce(u.is_staff, false), c.state, c.number
FROM blog_comment c LEFT JOIN auth_user u ON u.id = c.user_id WHERE c.id = ANY(%s)
"""
FRESH_BANDS = """
CREATE TEMPORARY TABLE IF NOT EXISTS fresh_band (key bigint, comment_id bigint);
TRUNCATE fresh_band
"""
NEW_GROUPS = "SELECT nextval(pg_get_serial_sequence('blog_group', 'id')) FROM generate_series(1, %s)"
KEEP_BANDS = "INSERT INTO blog_band (key, comment_id) SELECT key, comment_id FROM fresh_band ON CONFLICT DO NOTHING"

logger = logging.getLogger(__name__)


@dataclass
class Report:
    comments: int
    groups: int
    members: int
    alarms: list  # keys of groups with so many members that a person should look


def is_due():
    """Whether so many comments wait that all are read at once."""
    return fingerprints.pending()[MANY : MANY + 1].exists()


def regroup(processes=1, tell=lambda step, share: None):
    """Make all fingerprints and groups anew; return a Report, or None if somebody else is at it.

    `tell` is called with the name of the step and the share of it that is done. More than one process only outside
    of transactions. Readers can write meanwhile: what comes or changes during it waits for groups.catch_up.
    """
    # The lock is the connection's, which a pooler would lend to others meanwhile.
    holder = connections[settings.DIRECT_DATABASE]
    with holder.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            return None
    try:
        return _regroup(processes, tell)
    finally:
        with holder.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def _regroup(processes, tell):
    last = Comment.objects.aggregate(last=Max("pk"))["last"] or 0
    steps = range(0, last + 1, IDS)
    rows = np.concatenate([np.empty(0, COLUMNS), *_each(_read, steps, processes, partial(tell, "texts"))])
    rows = rows[np.lexsort((rows["id"], rows["at"]))]
    edges = _confirmed(rows, pairing.pairs(rows), processes, partial(tell, "pairs"))
    members = _members(rows, edges, processes, tell)
    report = _write(rows, members, last)
    _write_bands(rows, {group[0][0] for group in members})
    return report


def _each(work, tasks, processes, tell):
    """Yield what `work` returns for each task, in their order."""
    if processes == 1:
        for done, task in enumerate(tasks, 1):
            yield work(task)
            tell(done / len(tasks))
        return
    with ProcessPoolExecutor(processes, get_context("fork"), _connect_anew) as pool:
        for done, found in enumerate(pool.map(work, tasks), 1):
            yield found
            tell(done / len(tasks))


def _connect_anew():
    # A child must not speak over its parent's connection. psycopg closes none that another process has opened.
    connection.connection = None


@transaction.atomic
def _read(begin):
    """Return the COLUMNS of the comments whose ids begin here; keep the keys of those that wait for them.

    Rows that others hold stay pending, and those of them that are compared nevertheless leave their group in `_write`.
    """
    with connection.cursor() as cursor:
        cursor.execute(WAITING, [begin, begin + IDS, wording.VERSION])
        waiting = {pk for (pk,) in cursor.fetchall()}
        cursor.execute(TEXTS, [begin, begin + IDS])
        found = cursor.fetchall()
        if not found:
            return np.empty(0, COLUMNS)
        ids, texts, websites, authors, posts, parents, hours, stands = zip(*found, strict=True)
        words = [wording.read(text) for text in texts]
        rows = np.zeros(len(found), COLUMNS)
        rows["id"], rows["at"], rows["bands"] = ids, hours, keys.bands_of_many(words)
        rows["full"], rows["core"] = [keys.full_key(each) for each in words], [keys.core_key(each) for each in words]
        rows["characters"] = [len(each.core) for each in words]
        rows["author"] = np.frombuffer(b"".join(authors), ">i8")
        rows["place"] = np.array(posts) * MIXER ^ np.array(parents)
        if waiting:
            _keep_keys(cursor, waiting, rows, words, websites)
    return rows[np.array(stands) & np.array([bool(each.full) for each in words])]


def _keep_keys(cursor, waiting, rows, words, websites):
    numbers = zip(*(rows[name].tolist() for name in ("id", "full", "core", "characters")), strict=True)
    cursor.execute(FRESH)
    copying.rows(
        cursor,
        'fresh_fingerprint (comment_id, "full", core, characters, domains)',
        (
            (*row, sorted(said.domains | wording.domains(website)) or "{}")  # most have none: nothing to be adapted
            for row, said, website in zip(numbers, words, websites, strict=True)
            if row[0] in waiting
        ),
    )
    cursor.execute(KEEP, [wording.VERSION])


def _confirmed(rows, pairs, processes, tell):
    """Return Edges: those of the pairs that the rule calls the same, and no moderator different."""
    ids = rows["id"]
    tasks = [ids[pairs[at : at + PAIRS]] for at in range(0, len(pairs), PAIRS)]
    tiers = np.concatenate([np.empty(0, np.int8), *_each(_compared, tasks, processes, tell)])
    names = list(CERTAINTY)
    different = set(Different.objects.values_list("one", "other"))
    found = tiers >= 0
    edges = [
        Edge(elder, younger, names[tier])
        for (elder, younger), tier in zip(pairs[found].tolist(), tiers[found].tolist(), strict=True)
    ]
    if different:
        full = rows["full"].tolist()
        edges = [edge for edge in edges if tuple(sorted((full[edge.elder], full[edge.younger]))) not in different]
    return edges


def _compared(pairs):
    """Return for each pair of ids the place of its tier among CERTAINTY, or -1."""
    with connection.cursor() as cursor:
        cursor.execute(SAID, [np.unique(pairs).tolist()])
        said = {row[0]: Candidate._make((*row[:4], fingerprints.hour(row[4]), *row[5:])) for row in cursor.fetchall()}
    words: dict[str, wording.Wording] = {}
    tiers = np.full(len(pairs), -1, np.int8)
    for at, (one, other) in enumerate(pairs.tolist()):
        if one not in said or other not in said:  # its post was deleted meanwhile
            continue
        elder, younger = said[one], said[other]
        for each in (elder, younger):
            if each.text not in words:
                words[each.text] = wording.read(each.text)
        if tier := compare(words[elder.text], words[younger.text], circumstances(elder, younger)):
            tiers[at] = CERTAINTY[tier.value]
    return tiers


def _members(rows, edges, processes, tell):
    """Return for each group its members (place, tier, via), the oldest first: what each is to it, or to `via`."""
    groups = pairing.stars(edges)
    known = {edge[:2]: edge.tier for edge in edges}
    pairs = [(first, each.younger) for first, others in groups.items() for each in others]
    unknown = np.array([pair for pair in pairs if pair not in known], np.int64).reshape(-1, 2)
    known |= {edge[:2]: edge.tier for edge in _confirmed(rows, unknown, processes, partial(tell, "groups"))}
    return [
        [(first, "", None)]
        + [
            (each.younger, tier, None)
            if (tier := known.get((first, each.younger)))
            else (each.younger, each.tier, each.elder)
            for each in others
        ]
        for first, others in groups.items()
    ]


@transaction.atomic
def _write(rows, groups, last):
    """Put these groups in the place of all others; return the Report."""
    ids, at, full = (rows[name].tolist() for name in ("id", "at", "full"))
    hold_groups()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM blog_member")
        cursor.execute("DELETE FROM blog_group")
        wanted = [ids[place] for group in groups for place, _tier, _via in group]
        cursor.execute('SELECT comment_id, "full" FROM blog_fingerprint WHERE comment_id = ANY(%s)', [wanted])
        now = dict(cursor.fetchall())
    # Who has changed the text meanwhile, or joined a group that is gone now, is compared again.
    groups = [[each for each in group if now.get(ids[each[0]]) == full[each[0]]] for group in groups]
    groups = [group for group in groups if len(group) > 1 and not group[0][1]]
    # What somebody holds is being compared already, and waits for this lock: to wait for it would be a ring.
    arrived = Fingerprint.objects.filter(comment__gt=last).select_for_update(skip_locked=True)
    Fingerprint.objects.filter(pk__in=list(arrived.values_list("pk", flat=True))).update(version=PENDING)
    members = [
        (ids[place], number, tier, via and ids[via])
        for number, group in enumerate(groups)
        for place, tier, via in group
    ]
    with connection.cursor() as cursor:
        cursor.execute(NEW_GROUPS, [len(groups)])
        made = [pk for (pk,) in cursor.fetchall()]
        columns = "blog_group (id, tier, cause, standing, first_at, last_at, found_at)"
        copying.rows(cursor, columns, ((pk, *_group(group, at)) for pk, group in zip(made, groups, strict=True)))
        rest = ((pk, made[number], tier, via) for pk, number, tier, via in members)
        copying.rows(cursor, "blog_member (comment_id, group_id, tier, via_id)", rest)
    for begin in range(0, len(made), ROWS):
        causes.explain(made[begin : begin + ROWS])
    most = min(ALARM, max(TOO_FEW, ALARM_SHARE * len(rows)))
    alarms = [pk for pk, group in zip(made, groups, strict=True) if len(group) > most]
    if alarms:
        logger.warning("Groups of more than %d members: %s", most, alarms)
    return Report(len(rows), len(made), len(members), alarms)


def _group(members, at):
    first, last = (fingerprints.hour(at[members[end][0]]) for end in (0, -1))
    tier = max((tier for _place, tier, _via in members[1:]), key=CERTAINTY.__getitem__)
    return tier, Group.Cause.UNKNOWN.value, 0, first, last, timezone.now()


@transaction.atomic
def _write_bands(rows, centres):
    """Keep the bands that look-ups may want: of the new comments, and of the oldest of each group."""
    wanted = rows["at"] >= _microseconds(timezone.now() - BANDS_KEPT)
    wanted[list(centres)] = True
    chosen = rows[wanted & (rows["characters"] >= keys.MIN_CHARACTERS)]
    found = chosen["bands"].ravel()
    order = np.argsort(found, kind="stable")
    found, ids = found[order], np.repeat(chosen["id"], keys.BANDS)[order]
    # Of each key, those that stand fewer than MAX_ROWS_PER_BAND behind its first.
    few = np.ones(len(found), bool)
    few[MAX_ROWS_PER_BAND:] = found[MAX_ROWS_PER_BAND:] != found[:-MAX_ROWS_PER_BAND]
    with connection.cursor() as cursor:
        cursor.execute(FRESH_BANDS)
        copying.numbers(cursor, "fresh_band", found[few], ids[few])
        cursor.execute(KEEP_BANDS)


def _microseconds(hour):
    return (hour - EPOCH) // timedelta(microseconds=1)
