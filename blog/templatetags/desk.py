"""The menu at the top of every page of the desk, and what the lists say of their filters."""

from django import template

from blog import menu, policy

register = template.Library()


@register.inclusion_tag("admin/_menu.html", takes_context=True)
def desk_menu(context):
    """Nothing for who is not signed in: the pages of signing in have the same frame."""
    user = context["user"]
    if not policy.may(user, "desk.view"):
        return {}
    request = context["request"]
    sections = menu.sections_for(user)
    bar = [entry for _title, entries in sections for entry in entries if entry.key]
    return {
        "sections": sections,
        "bar": bar,
        "user": user,
        "path": request.path,
        "may_add": policy.may(user, "post.add"),
    }


@register.filter
def chosen(choices):
    """What a filter of a list is set to, or "" where it lets everything through, as the first choice does."""
    return next((choice["display"] for choice in choices[1:] if choice["selected"]), "")
