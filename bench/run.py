"""One run of the bench: load, check, measure, report."""

import json
import os
import platform
import re
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

from django.core.management import call_command
from django.urls import reverse

from bench import data_set, growth, measure, screening, servers
from blog.comments.forms import token_for
from blog.posts.models import Post
from blog.tags.models import Tag

SIZES = (18, 1_000, 10_000, 50_000)
MOST_GROWTH = 1.3  # of a post's page from 1,000 to 50,000 comments
LAST = Path(__file__).with_name("last.json")
POST_COMMENT = Path(__file__).with_name("post_comment.lua")


COLUMNS = "{:24} {:>10} {:>8} {:>8} {:>8} {:>8} {:>9}"
GROWTH_COLUMNS = "{:24} {:>10} {:>8} {:>8}"


@dataclass
class Page:
    name: str
    path: str
    expected: str  # what the right answer holds


def main():
    """Print the report and write bench/last.json; return the exit status, 1 if any answer was wrong."""
    print(f"{datetime.now():%Y-%m-%d %H:%M}, {machine()}", flush=True)
    if data_set.ensure_loaded():
        print("The data set was loaded anew: 1,000 posts, 110,000 comments.", flush=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    rows, failures = measure_all(pages())
    LAST.write_text(json.dumps([asdict(row) for row in rows], indent=2) + "\n")
    for failure in failures:
        print(f"FAILED: {failure}")
    if failures:
        return 1
    print_growth([*pages(), *long_discussions()])
    screening.report()
    return print_sizes(rows)


def machine():
    models = re.findall(r"^model name\s*: (.*)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE) or [
        platform.machine()
    ]
    return f"{os.cpu_count()} × {models[0]}, Linux {platform.release()}, Python {platform.python_version()}"


def pages():
    posts = {f"{size:,} comments": data_set.slug_of(size) for size in SIZES} | {"10,000 deep": data_set.CHAIN}
    posts = {name: Post.objects.get(slug=slug) for name, slug in posts.items()}
    newest = Post.objects.published().newest_first().first()
    tag = Tag.objects.order_by("pk").first()
    search = f"{reverse('search')}?{urlencode({'q': data_set.search_word()})}"
    return [
        Page("front page", reverse("front"), newest.title),
        *[Page(f"post, {name}", post.get_absolute_url(), "comment-1") for name, post in posts.items()],
        Page("tag", tag.get_absolute_url(), tag.name),
        Page("feed", reverse("rss"), newest.title),
        Page("search", search, "<mark>"),
    ]


def long_discussions():
    """What else leads into a discussion, short and long, to be read once each."""
    for size in (1_000, 50_000):
        post = Post.objects.get(slug=data_set.slug_of(size)).get_absolute_url()
        yield Page(f"newest first, {size:,}", f"{post}?order=newest", "")
        yield Page(f"permalink of {size:,}", f"{post}comments/{size}/", "")
        yield Page(f"the last page of {size:,}", f"{post}?from={size}", "")
        yield Page(f"their feed, {size:,}", f"{post}comments/feed/", "")
    chain = Post.objects.get(slug=data_set.CHAIN).get_absolute_url()
    yield Page("permalink, 10,000 deep", f"{chain}comments/10000/", "")


def measure_all(pages):
    """Return the Rows, and what went wrong; each row is printed when it is there."""
    rows, failures = [], []
    print(COLUMNS.format("", "requests/s", "p50 ms", "p99 ms", "CPU ms", "bytes", "of nginx"))
    with servers.site() as site, servers.nginx(site.get(pages[1].path)[1]) as nginx:
        steps = [partial(measure_page, page, site, nginx) for page in pages]
        for step in [*steps, partial(measure_posting, site, nginx), partial(measure_file, nginx)]:
            try:
                rows.append(step())
                print_row(rows[-1])
            except measure.Failed as failure:
                failures.append(failure)
    return rows, failures


def measure_page(page, site, nginx):
    status, body = site.get(page.path)
    if status != 200 or page.expected not in body.decode():
        raise measure.Failed(f"{page.name}: {page.path} answers {status}, or without “{page.expected}”")
    return measure.measure(page.name, site, page.path, size=len(body), nginx=nginx)


def measure_posting(site, nginx):
    """New comments on one post, as fast as they go: every one is checked, stored and answered by a redirect."""
    data_set.forget_posted()
    post = Post.objects.get(slug=data_set.slug_of(0))
    path = f"{post.get_absolute_url()}comments/write/"
    form = urlencode({"name": "Bänken", "email": "bench@blog.example", "token": token_for(post)})
    status, body = site.post(path, f"{form}&text=ett")
    if status != 302:
        raise measure.Failed(f"comment POST: {path} answers {status}")
    row = measure.measure("comment POST", site, path, size=len(body), nginx=nginx, script=[POST_COMMENT, form])
    stored = post.comments.count()
    data_set.forget_posted()
    if stored < row.rps * measure.SECONDS:
        raise measure.Failed(f"comment POST: only {stored} comments were stored")
    return row


def measure_file(nginx):
    _status, body = nginx.get("/file.html")
    return measure.measure("nginx, static file", nginx, "/file.html", size=len(body), nginx=nginx)


def print_row(row):
    figures = [f"{row.rps:,.0f}", f"{row.p50_ms:.2f}", f"{row.p99_ms:.2f}", f"{row.cpu_ms:.2f}", f"{row.bytes:,}"]
    print(COLUMNS.format(row.name, *figures, f"{row.ratio_to_nginx:.4f}"), flush=True)


def print_growth(pages):
    print(GROWTH_COLUMNS.format("\nWhat one request reads", "queries", "rows", "bytes"))
    for page in pages:
        cost = growth.cost(page.name, page.path)
        print(GROWTH_COLUMNS.format(cost.name, cost.queries, f"{cost.rows:,}", f"{cost.bytes:,}"))


def print_sizes(rows):
    """Print what the size of a discussion makes of its post's page; return 1 if that is more than MOST_GROWTH."""
    costs = {page.name: growth.cost(page.name, page.path) for page in pages()}
    sizes = {row.name: (costs[row.name].rows, row.bytes, row.cpu_ms) for row in rows if row.name.startswith("post, ")}
    print(GROWTH_COLUMNS.format("\nA post and its discussion", "rows read", "bytes", "CPU ms"))
    for name, (read, size, cpu_ms) in sizes.items():
        print(GROWTH_COLUMNS.format(name, f"{read:,}", f"{size:,}", f"{cpu_ms:.2f}"))
    few, many = sizes["post, 1,000 comments"], sizes["post, 50,000 comments"]
    ratios = [more / less for less, more in zip(few, many, strict=True)]
    print(GROWTH_COLUMNS.format("from 1,000 to 50,000", *[f"× {ratio:.2f}" for ratio in ratios]))
    return int(max(ratios) > MOST_GROWTH)
