"""Template tags and filters of the blog; every template has them."""

from django import template
from django.utils.html import escape
from django.utils.safestring import mark_safe
from django.utils.translation import ngettext

from blog.comments import forms, rows
from blog.newsletter.forms import token as newsletter_token
from blog.text import avatars
from blog.web import partials

register = template.Library()


@register.simple_tag
def picture(image, eager=False):
    """The `<picture>` of a stored image; `eager` for the one at the top of a page, which lazy loading would delay."""
    return image.picture(eager=eager)


register.simple_tag(avatars.avatar)
register.simple_tag(partials.partial)
register.simple_tag(newsletter_token, name="newsletter_token")


@register.simple_tag
def comments(page, address, write, is_open):
    """The comments of a page of a discussion as nested lists."""
    return mark_safe("".join(rows.items(page, address, write, is_open)))


@register.simple_tag
def comment_form(post, write, initial):
    """The form under a post; each page has a token of its own."""
    html = forms.empty(initial)
    return mark_safe(html.replace(forms.ADDRESS_HERE, escape(write)).replace(forms.TOKEN_HERE, forms.token_for(post)))


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
