"""The saved selections above the list of posts."""

from django import template

from blog.planning.models import SavedFilter

register = template.Library()


@register.inclusion_tag("admin/blog/planning/_filters.html", takes_context=True)
def saved_filters(context):
    """The person's own, each a link to the list, and the form that saves the selection of the list `cl` as it is."""
    filters = SavedFilter.objects.filter(user=context["request"].user)
    return {
        "filters": filters,
        "query": context["cl"].get_query_string(remove=["p", "e"])[1:],
        "request": context["request"],
    }
