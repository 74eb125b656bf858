"""Duplicates at scale: finding them when a comment is sent, in the whole site, and the moderators' pages.

DUPLICATES_SIZE is the number of comments, a million if it is not set; DUPLICATES_ROUNDS how often each is measured.
"""

import os
import resource
import time
from datetime import timedelta

from django.contrib.auth.models import Group as Role
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bench import crowd
from blog.comments import fingerprints, groups, regrouping, threads
from blog.comments.fingerprints import Candidate
from blog.comments.models import Comment
from blog.comments.models_duplicates import Member
from blog.text import wording
from blog.text.fingerprints import author_key
from blog.text.sameness import Tier

SIZE = int(os.environ.get("DUPLICATES_SIZE", 1_000_000))
ROUNDS = int(os.environ.get("DUPLICATES_ROUNDS", 1_000))
PAGE_ROUNDS = 30
LINE = "{:34} {:>9} {:>9} {:>12}"
RELATIONS = """
SELECT relname, pg_relation_size(oid) FROM pg_class
WHERE relname IN ('blog_comment', 'blog_fingerprint', 'blog_band', 'blog_group', 'blog_member')
   OR oid IN (SELECT indexrelid FROM pg_index WHERE indrelid IN ('blog_fingerprint'::regclass, 'blog_band'::regclass))
ORDER BY 2 DESC
"""


def main():
    """Print the report; return the exit status, 1 if too many comments came into groups that are not theirs."""
    begun = time.perf_counter()
    if crowd.ensure_loaded(SIZE):
        print(f"{SIZE:,} comments were written in {time.perf_counter() - begun:.0f} s.", flush=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    wrong = measure_grouping()
    measure_checks()
    measure_inserts()
    measure_pages()
    print_sizes()
    return int(wrong > 0.001)


def measure_grouping():
    """Group the whole site; print what it took; return the share of members that are in another's group."""
    before, begun = _used(), time.perf_counter()
    report = regrouping.regroup(processes=2)
    seconds, used = time.perf_counter() - begun, _used() - before
    peak = sum(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 2**20
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE blog_fingerprint, blog_band, blog_group, blog_member")
    wrong, suggested, found = _judged()
    print(
        f"Whole site: {seconds:.1f} s, {used:.1f} CPU s without PostgreSQL, at most {peak:.2f} GiB in parent and child;"
    )
    print(
        f"{report.members:,} members of {report.groups:,} groups, {len(report.alarms)} of them reported as too large;"
    )
    print(
        f"{wrong} members in a wrong group ({wrong / report.members:.3%}), and {suggested} suggested as of one pattern;"
    )
    print(f"{found:.2%} of the planted ones found.", flush=True)
    return wrong / report.members


def _used():
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def _judged():
    """Return how many members are in another's group, how many of those as a pattern, and what share was found."""
    truth = {pk: name.rpartition(" of ")[2] for pk, name in Comment.objects.order_by().values_list("pk", "name")}
    centres = dict(Member.objects.filter(tier="").values_list("group", "comment"))
    wrong = suggested = found = 0
    for pk, tier, group in Member.objects.exclude(tier="").values_list("comment", "tier", "group"):
        is_right = truth[pk] == truth[centres[group]]
        found += is_right
        suggested += not is_right and tier == Tier.TEMPLATE
        wrong += not is_right and tier != Tier.TEMPLATE
    return wrong, suggested, found / (len(truth) - len(set(truth.values())))


def measure_checks():
    """The whole check of a comment that is sent, from the text to what says the same."""
    made = crowd.Crowd(SIZE)
    made.chance.seed(crowd.SEED + 1)
    said = list(
        Comment.objects.filter(pk__gt=SIZE - 50 * ROUNDS)
        .exclude(text__in=crowd.THANKS)
        .values_list("text", flat=True)[:ROUNDS]
    )
    copies = [f"{made.campaigns[0][0]} https://site-{at}.example/" for at in range(ROUNDS)]
    print(LINE.format("check at submission", "p50 ms", "p99 ms", "SELECT 1 p50"))
    _measure("a new text", [made.text() for _ in range(ROUNDS)], _check)
    _measure("a text that was changed", [made.changed(text) for text in said], _check)
    _measure("one of the largest campaign", copies, _check)


def _check(text):
    groups.matches(_candidate(text), wording.read(text))


def _candidate(text, pk=None):
    return Candidate(
        pk, author_key(name=f"Person {hash(text) % crowd.PEOPLE}"), 1, None, timezone.now(), text, False, "held", 0
    )


def measure_inserts():
    """Storing a comment with and without its keys, in a transaction that is taken back."""
    made = crowd.Crowd(SIZE)
    texts = [made.text() for _ in range(ROUNDS)]
    numbers = iter(range(10**9, 2 * 10**9))
    post = crowd.POSTS + 1

    def store(text):
        number = next(numbers)
        return Comment.objects.create(
            post_id=post, number=number, path=threads.path_under(None, number), name="Anna", text=text, html=text,
            author_key=b"1" * 16, submission_key=number.to_bytes(16, "big"),
        )  # fmt: skip

    with transaction.atomic():
        threads.next_number(post)
        _measure("insert without keys", texts, store)
        _measure("insert with keys", texts, lambda text: fingerprints.store(store(text), wording.read(text)))
        transaction.set_rollback(True)


def measure_pages():
    """The queues, the search and the desk as a moderator gets them, in this process."""
    user, _is_new = User.objects.get_or_create(username="bench", defaults={"is_staff": True})
    user.groups.add(Role.objects.get(name="moderator"))
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(user)
    print(LINE.format("pages of moderators", "p50 ms", "p99 ms", "SELECT 1 p50"))
    everything = reverse("queue", args=["all"])
    recently = (timezone.now() - timedelta(days=30)).date().isoformat()
    pages = {name: reverse("queue", args=[name]) for name in ("held", "reported", "spam", "all")} | {
        "search: a common word": f"{everything}?words=och",
        "search: rare words": f"{everything}?words=site-17+example",
        "search: a person": f"{everything}?by={SIZE // 2}",
        "search: a domain": f"{everything}?domain=site-17.example",
        "search: spam since a day": f"{everything}?state=spam&since={recently}",
        "duplicates": reverse("admin:blog_duplicates"),
    }
    for name, path in pages.items():
        if (status := client.get(path).status_code) != 200:
            print(f"FAILED: {path} answers {status}")
            continue
        _measure(name, [path] * PAGE_ROUNDS, client.get)


def _measure(name, tasks, work):
    """Print p50 and p99 of `work` on each task, beside those of a plain SELECT 1 in between."""
    took, beside = [], []
    with connection.cursor() as cursor:
        for task in tasks:
            begun = time.perf_counter()
            cursor.execute("SELECT 1")
            between = time.perf_counter()
            work(task)
            took.append(1_000 * (time.perf_counter() - between))
            beside.append(1_000 * (between - begun))
    took.sort()
    print(
        LINE.format(
            name,
            *(f"{took[int(len(took) * share)]:.2f}" for share in (0.5, 0.99)),
            f"{sorted(beside)[len(beside) // 2]:.2f}",
        ),
        flush=True,
    )


def print_sizes():
    with connection.cursor() as cursor:
        cursor.execute(RELATIONS)
        for name, size in cursor.fetchall():
            print(f"{name:34} {size / 2**20:9,.1f} MiB")
