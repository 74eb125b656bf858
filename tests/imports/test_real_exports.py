"""Every real export that lies in the shared data: all of it arrives, and what was public there is public here."""

import re
from html import unescape
from pathlib import Path
from typing import NamedTuple

import pytest
from django.conf import settings
from django.utils import timezone

from blog.comments.models import Comment
from blog.imports import wordpress
from blog.imports.loader import load
from blog.imports.models import ImportedRow
from blog.imports.records import PostRecord
from blog.imports.report import Kind, Outcome
from blog.posts.models import Post
from blog.text.mend import mend
from blog.text.sanitise import clean_post_html

pytestmark = pytest.mark.django_db

SHARED = Path(settings.BASE_DIR).parent / "shared" / "data"
FILES = sorted([*SHARED.glob("wxr/**/*.xml"), SHARED / "seeds" / "seeds.wxr.xml"]) if SHARED.is_dir() else []
every_file = pytest.mark.parametrize(
    "file",
    FILES or [pytest.param(None, marks=pytest.mark.skip("the shared test data is not here"))],
    ids=lambda file: file.stem if file else "none",
)


class Item(NamedTuple):
    fields: dict
    comments: list[dict]


def items_in(file):
    """The file's items by a reading of its own, with WordPress's field names without their prefix."""
    text = re.sub(r"<!--.*?-->", "", file.read_text("utf-8", errors="replace"), flags=re.DOTALL)
    items = re.findall(r"<item\b.*?>(.*?)(?:</item>|\Z)", text, re.DOTALL)
    return [
        Item(
            fields(r"wp:(\w+)", item.partition("<wp:comment>")[0]),
            [fields(r"wp:comment_(\w+)", comment) for comment in item.split("<wp:comment>")[1:]],
        )
        for item in items
    ]


def fields(name, text):
    pairs = re.findall(rf"<{name}>\s*(?:<!\[CDATA\[)?(.*?)(?:\]\]>)?\s*</wp:", text, re.DOTALL)
    return {key: unescape(value).strip() for key, value in reversed(pairs)}  # the first of several counts


def is_public(fields):
    # A scheduled post whose hour has passed is public: here as in WordPress.
    is_due = fields.get("status") == "future" and fields["post_date_gmt"] < f"{timezone.now():%Y-%m-%d}"
    return (is_due or fields.get("status") == "publish") and not fields.get("post_password")


def cut(name):
    return name if len(name) <= 80 else name[:79].rstrip() + "…"


def chains_in(file):
    """Of each comment on a post: the names from its thread's first comment down to it."""
    for item in items_in(file):
        if item.fields.get("post_type", "post") != "post":
            continue
        names = {comment["id"]: cut(comment.get("author") or "Anonymous") for comment in item.comments}
        parents = {comment["id"]: comment.get("parent") for comment in item.comments}
        for number in names:
            chain = [number]
            while parents[chain[0]] in names:
                chain.insert(0, parents[chain[0]])
            yield tuple(names[each] for each in chain)


def imported(file):
    return load(wordpress.read(file.read_bytes(), file.stem))


@every_file
def test_items_and_comments_add_up_and_a_second_run_changes_nothing(file):
    items = items_in(file)

    first, second = imported(file), imported(file)

    for report in (first, second):
        assert report.total(Kind.POST) == len(report.lines) == len(items)
        assert report.total(Kind.COMMENT) == sum(len(item.comments) for item in items)
    posts = sum(item.fields.get("post_type", "post") == "post" for item in items)
    assert first.counts[Kind.POST, Outcome.NEW] == Post.objects.count() == posts
    assert first.counts[Kind.COMMENT, Outcome.NEW] == Comment.objects.count()
    changes = {
        key: number for key, number in second.counts.items() if key[1] in (Outcome.NEW, Outcome.CHANGED) and number
    }
    assert changes == {}


@every_file
def test_published_posts_answer_200_others_404_and_threads_keep_their_shape(file, client):
    imported(file)

    here = []
    for post in Post.objects.all():
        names = {comment.number: comment.name for comment in post.comments.all()}
        here += [tuple(names[number] for number in comment.path) for comment in post.comments.all()]
    assert sorted(here) == sorted(chains_in(file))
    ids = dict(ImportedRow.objects.filter(kind=Kind.POST).values_list("foreign_id", "object_id"))
    for item in items_in(file):
        if item.fields.get("post_type", "post") == "post" and item.fields.get("post_id") in ids:
            post = Post.objects.get(pk=ids[item.fields["post_id"]])
            answer = client.get(post.get_absolute_url()).status_code
            assert (answer, post.slug) == (200 if is_public(item.fields) else 404, post.slug)


@every_file
def test_bodies_are_fixed_points_of_sanitising_and_mending(file):
    for record in wordpress.read(file.read_bytes(), file.stem).items:
        if isinstance(record, PostRecord):
            assert clean_post_html(record.body) == record.body == mend(record.body).html


@pytest.mark.parametrize("share", [0.1, 0.35, 0.6, 0.85, 0.999])
def test_cut_file_gives_all_that_stands_before_the_cut(shared_data, share):
    whole = (shared_data / "wxr" / "themeunittestdata.wordpress.xml").read_bytes()
    cut = whole[: int(len(whole) * share)]

    report = load(wordpress.read(cut, "cut"))

    assert report.total(Kind.POST) == cut.count(b"<item>")
    assert report.problems
    assert report.problems[-1].line == cut.count(b"\n") + 1
