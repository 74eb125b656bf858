"""Template tags and filters of the blog; every template has them."""

from django import template
from django.utils.translation import gettext

from blog.text import avatars

register = template.Library()


@register.simple_tag
def picture(image, eager=False):
    """The `<picture>` of a stored image; `eager` for the one at the top of a page, which lazy loading would delay."""
    return image.picture(eager=eager)


register.simple_tag(avatars.avatar)


@register.simple_tag
def badge(comment, post):
    """What a comment's writer is to the post: its author, the editorial staff, or "" for everyone else."""
    if comment.user_id is None:
        return ""
    if any(authorship.byline.user_id == comment.user_id for authorship in post.authorships.all()):
        return gettext("author")
    return gettext("editorial staff") if comment.user.is_staff else ""
