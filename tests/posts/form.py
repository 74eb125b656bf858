"""The form of a post as a browser sends it, and the addresses of its pages."""

import json
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils import timezone

from blog.posts.revisions import content_of

SEEN = {"title": "", "sign_off": "", "language": "", "tags": [], "bylines": [], "cover": None, "sources": []}
LIST, ADD = "/admin/blog/post/", "/admin/blog/post/add/"
STOCKHOLM = ZoneInfo("Europe/Stockholm")


def typed(post=None, **fields):
    """What the browser sends of the form, with `fields` as typed."""
    values = {
        "title": post.title if post else "Om semikolon",
        "slug": post.slug if post else "",
        "body": post.body if post else "<p>Ett  semikolon.</p>",
        "language": "sv",
        "comment_policy": "open",
        "priority": "0",
        "comments_close_after_days": "30",
        "comments_pause_minutes": "0",
        "relations-TOTAL_FORMS": "0",
        "relations-INITIAL_FORMS": "0",
    }
    if post and post.publish_at:
        hour = timezone.localtime(post.publish_at)
        values |= {"publish_at_0": f"{hour:%Y-%m-%d}", "publish_at_1": f"{hour:%H:%M:%S}"}
    if post:
        values |= {
            "base": json.dumps({"revision": post.head, "seen": content_of(post)}),
            "signatures": content_of(post)["bylines"],
        }
    return values | fields


def change(post):
    return reverse("admin:blog_post_change", args=[post.pk])


def step(post, name):
    return reverse("admin:blog_post_step", args=[post.pk, name])


def said(response):
    return [str(message) for message in response.context["messages"]]


def errors(response):
    return response.context["adminform"].form.errors
