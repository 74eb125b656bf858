"""What a reader of the pages about a post gets, and what stands in the audit trail."""

import html5lib
from django.utils import timezone

from blog.posts.events import Event
from blog.posts.models import Post


def read(client, address):
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def trail():
    """What the audit trail says: the kind, the person and the note of each row, the oldest first."""
    return list(Event.objects.order_by("pk").values_list("kind", "by_name", "note"))


def at(post, slug):
    """The address that the post would have with another slug."""
    return Post(slug=slug, publish_at=post.publish_at, created_at=post.created_at).get_absolute_url()


def asides(page):
    """The words of each paragraph in the page's asides."""
    document = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page)
    return [" ".join("".join(line.itertext()).split()) for line in document.findall(".//article/aside/p")]


def day(moment):
    return f"{timezone.localtime(moment):%-d %B %Y}"


def link(post, site=""):
    return f'<p><a href="{site}{post.get_absolute_url()}">där</a></p>'
