"""Template tags and filters of the blog; every template has them."""

from django import template
from django.utils.translation import gettext, ngettext

from blog.text import avatars
from blog.web import partials

register = template.Library()


@register.simple_tag
def picture(image, eager=False):
    """The `<picture>` of a stored image; `eager` for the one at the top of a page, which lazy loading would delay."""
    return image.picture(eager=eager)


register.simple_tag(avatars.avatar)
register.simple_tag(partials.partial)


@register.simple_tag
def badge(comment, post):
    """What a comment's writer is to the post: its author, the editorial staff, or "" for everyone else."""
    if comment.user_id is None:
        return ""
    if any(authorship.byline.user_id == comment.user_id for authorship in post.authorships.all()):
        return gettext("author")
    return gettext("editorial staff") if comment.user.is_staff else ""


@register.simple_tag
def moderated(discussion):
    """What moderators took out of a discussion, such as "2 duplicates merged, 1 spam removed"; "" for nothing."""
    if not discussion:
        return ""
    merged, spam, removed = discussion.merged_comments, discussion.spam_comments, discussion.removed_comments
    parts = [
        (merged, ngettext("%(count)s duplicate merged", "%(count)s duplicates merged", merged)),
        (spam, ngettext("%(count)s spam removed", "%(count)s spam removed", spam)),
        (removed, ngettext("%(count)s comment removed", "%(count)s comments removed", removed)),
    ]
    return ", ".join(words % {"count": count} for count, words in parts if count)
