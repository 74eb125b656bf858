"""The pages that the bench measures: their addresses, what the right answer holds, and what they should cost."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib.auth.models import Group as Role
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from bench import data_set
from bench.goals import Goal
from blog.moderation.queues import ROWS
from blog.posts.models import Post
from blog.tags.models import Tag

CACHED = Goal(cpu_ms=0.05, share=1 / 3)


@dataclass
class Page:
    name: str
    path: str
    expected: str  # what the right answer holds
    goal: Goal
    cached: Goal | None = None  # from the page cache; None for what is not kept there
    headers: tuple = ()  # lines

    def header_values(self):
        return dict(line.split(": ", 1) for line in self.headers)


def all_pages():
    posts = {size: post_with(size).get_absolute_url() for size in (18, 1_000, 10_000)}
    newest = Post.objects.published().newest_first().first()
    tag = Tag.objects.order_by("pk").first()
    queue, cookie = f"{reverse('queue', args=['all'])}?rows={ROWS[-1]}", _cookie("moderator")
    return [
        Page("front page", reverse("front"), newest.title, Goal(cpu_ms=3), CACHED),
        Page("post, 18 comments", posts[18], "comment-18", Goal(cpu_ms=3), CACHED),
        Page("post, 1,000 comments", posts[1_000], "comment-1", Goal(cpu_ms=15), Goal(share=1 / 12)),
        Page("post, 10,000 comments", posts[10_000], "comment-1", Goal(times=1.2), CACHED),
        Page("tag", tag.get_absolute_url(), tag.name, Goal(cpu_ms=3), CACHED),
        Page("feed", reverse("rss"), newest.title, Goal(cpu_ms=2.5), CACHED),
        Page("search", search(data_set.search_word()), "<mark>", Goal(cpu_ms=5)),
        Page(f"moderators' list, {ROWS[-1]} rows", queue, 'name="comment"', Goal(cpu_ms=25), headers=(cookie,)),
    ]


def post_with(comments):
    return Post.objects.get(slug=data_set.slug_of(comments))


def search(words):
    return f"{reverse('search')}?{urlencode({'q': words})}"


def signed_in(role):
    """A test client with the session of a person of this role, of whom there is one."""
    user, _is_new = User.objects.get_or_create(username=f"bench-{role}", defaults={"is_staff": True})
    user.groups.set([Role.objects.get(name=role)])
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(user)
    return client


def _cookie(role):
    return f"Cookie: sessionid={signed_in(role).cookies['sessionid'].value}"
