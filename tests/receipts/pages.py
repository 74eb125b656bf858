"""What a page shows, and what a comment's row holds."""

import html5lib

from blog.comments.models import Comment


def shown(response):
    page = response.content.decode()
    html5lib.HTMLParser(strict=True).parse(page)
    return page


def columns(comment):
    return Comment.objects.values().get(pk=comment.pk)
