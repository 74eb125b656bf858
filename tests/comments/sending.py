"""Sending a comment by the form of a page, and reading the answer."""

import html5lib

from blog.comments.forms import token_for

RIGHT = {"name": "Anna", "email": "anna@blog.example", "website": "", "text": "Bra skrivet!", "reply_to": ""}


def write_address(post):
    return f"{post.get_absolute_url()}comments/write/"


def send(client, post, follow=False, headers=None, **fields):
    form = RIGHT | {"token": token_for(post, began=0)} | fields
    return client.post(write_address(post), form, follow=follow, headers=headers or {})


def shown(response):
    """The page's text, which must be valid HTML."""
    page = response.content.decode()
    html5lib.HTMLParser(strict=True).parse(page)
    return page
