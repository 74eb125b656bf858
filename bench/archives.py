"""What each page costs in a small and in a large archive, in a short and in a long discussion.

Every size has a database of its own, with posts of 200 words and 500 different texts, used again and again.
"""

import time
from contextlib import contextmanager
from dataclasses import asdict

from django.core.management import call_command
from django.db import connections
from django.test import Client
from django.urls import reverse

from bench import data_set, growth, report
from bench.data_set import CHAIN, Size
from bench.pages import post_with, search, signed_in
from blog.moderation.queues import ROWS
from blog.posts.models import Post

NAMED = (0, 18, 1_000)
CHEAP = {"words": 200, "texts": 500}
THOUSAND = Size(1_000, 50_000, NAMED, **CHEAP)
POSTS = {
    "1,000 posts": THOUSAND,
    "10,000 posts": Size(10_000, 50_000, NAMED, **CHEAP),
    "100,000 posts": Size(100_000, 50_000, NAMED, **CHEAP),
}
MILLION = Size(1_000, 1_000_000, (*NAMED, 50_000), chain=10_000, **CHEAP)
COMMENTS = {"50,000 comments": THOUSAND, "1,000,000 comments": MILLION}
ROUNDS = 9
MOST_GROWTH = 1.3
LINE = "{:34}" + "{:>19}" * 4


def main():
    """Print the tables and keep them; return the exit status, 1 if a page's cost grows by more than MOST_GROWTH."""
    call_command("collectstatic", interactive=False, verbosity=0)
    for size in dict.fromkeys([*POSTS.values(), *COMMENTS.values()]):
        begun = time.monotonic()
        with database(size):
            if data_set.ensure_loaded(size):
                print(f"{name_of(size)} was loaded in {time.monotonic() - begun:.0f} s.", flush=True)
    with report.printed() as text:
        tables = [
            compare("CPU ms (rows read) by the number of posts", POSTS),
            compare("CPU ms (rows read) by the number of comments", COMMENTS),
            compare_discussions(),
        ]
        too_much = [words for _figures, found in tables for words in found]
        for words in too_much:
            print(f"MISSED: {words}, and should by {MOST_GROWTH} at most")
    report.keep("growth", text.getvalue(), [figures for figures, _found in tables])
    return int(bool(too_much))


def name_of(size):
    return f"spalt_bench_{size.posts}_{size.comments}"


@contextmanager
def database(size):
    """Meanwhile `connection` is one to the database of this size, the same each time."""
    before = connections["default"]
    name = name_of(size)
    if name not in _opened:
        with before.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            if not cursor.fetchone():
                cursor.execute(f"CREATE DATABASE {name}")
        _opened[name] = connections.create_connection("default")
        _opened[name].settings_dict = before.settings_dict | {"NAME": name}
    connections["default"] = _opened[name]
    try:
        yield
    finally:
        connections["default"] = before


_opened = {}


def compare(title, sizes):
    """Print what every page costs at each size; return the figures, and words on what costs much more at the last."""
    print(f"\n{LINE.format(title, *_cells([*sizes, 'growth']))}")
    visits = {}
    for name, size in sizes.items():
        with database(size):
            visits[name] = visits_of(size)
    figures = {}
    for page in next(iter(visits.values())):
        figures[page] = costs = measured({name: (size, *visits[name][page]) for name, size in sizes.items()})
        few, *_others, many = costs.values()
        print(LINE.format(page, *_cells([*map(_words, costs.values()), f"× {times(few, many):.2f}"])), flush=True)
    return figures, [words for page, costs in figures.items() for words in grown(page, *costs.values())]


def compare_discussions():
    """The same for the page of one post with more and more comments: it shows at most a hundred of them."""
    posts = {f"{number:,} comments": data_set.slug_of(number) for number in (18, 1_000, 50_000)} | {
        "10,000 deep": CHAIN
    }
    print(f"\n{LINE.format('one post', *posts)}")
    with database(MILLION):
        addresses = {name: Post.objects.get(slug=slug).get_absolute_url() for name, slug in posts.items()}
    figures, client = {}, Client(SERVER_NAME="127.0.0.1")
    for page, end in {"oldest first": "", "newest first": "?order=newest", "its feed": "comments/feed/"}.items():
        figures[page] = measured({name: (MILLION, address + end, client) for name, address in addresses.items()})
        print(LINE.format(page, *map(_words, figures[page].values())), flush=True)
    long = [(page, costs["1,000 comments"], costs["50,000 comments"]) for page, costs in figures.items()]
    return figures, [
        words for page, *costs in long for words in grown(f"{page}, from 1,000 to 50,000 comments,", *costs)
    ]


def measured(visits):
    """Return a dict with the cost of each of `visits` (size, address, client), measured by turns.

    Of the CPU ms the fewest count: the others are of somebody else's making.
    """
    costs = {}
    for name, (size, path, client) in visits.items():
        with database(size):
            client.get(path)
            costs[name] = asdict(growth.cost(name, path, client)) | {"cpu_ms": float("inf")}
    for name, (size, path, client) in [*visits.items()] * ROUNDS:
        with database(size):
            costs[name]["cpu_ms"] = min(costs[name]["cpu_ms"], growth.cpu_ms(path, client))
    return costs


def grown(page, few, *others):
    """Yield words if the last cost is much more than the first."""
    if times(few, others[-1]) > MOST_GROWTH:
        yield f"{page} grows by {times(few, others[-1]):.2f}"


def times(few, many):
    return many["cpu_ms"] / few["cpu_ms"]


def _words(cost):
    return f"{cost['cpu_ms']:.2f} ({cost['rows']:,})"


def _cells(texts):
    return [*texts, *[""] * (4 - len(texts))]


def visits_of(size):
    """Return a dict from a page's name to its address in the present database, and the client that asks for it."""
    anybody = Client(SERVER_NAME="127.0.0.1")
    newest = Post.objects.published().newest_first().first()
    public = {
        "post, 18 comments": post_with(18).get_absolute_url(),
        "post, 1,000 comments": post_with(1_000).get_absolute_url(),
        "newest post": newest.get_absolute_url(),
        "front page": reverse("front"),
        "second page of it": f"{reverse('front')}?before={newest.pk}",
        "tag": newest.tags.first().get_absolute_url(),
        "author": newest.bylines.first().get_absolute_url(),
        "archive": reverse("archive"),
        "a month of it": reverse("archive-month", args=[f"{newest.publish_at:%Y}", f"{newest.publish_at:%m}"]),
        "feed": reverse("rss"),
        "sitemap": reverse("sitemap"),
        "sitemap of the tags": reverse("sitemap-of-tags"),
        "search: a common word": search(data_set.search_word(size.words)),
        "search: a rarer word": search(data_set.words()[700]),
        "search: two words": search(" ".join(data_set.words()[60:62])),
    }
    desk = {
        "moderators' list": f"{reverse('queue', args=['all'])}?rows={ROWS[-1]}",
        "queue: held": reverse("queue", args=["held"]),
        "queue: spam": reverse("queue", args=["spam"]),
        "duplicates": reverse("admin:blog_duplicates"),
        "admin: comments": reverse("admin:blog_comment_changelist"),
        "admin: posts": reverse("admin:blog_post_changelist"),
        "desk": reverse("admin:index"),
    }
    moderator, administrator = signed_in("moderator"), signed_in("administrator")
    return (
        {name: (path, anybody) for name, path in public.items()}
        | {name: (path, moderator) for name, path in desk.items() if "admin:" not in name}
        | {name: (path, administrator) for name, path in desk.items() if "admin:" in name}
    )
