"""Template tags and filters of the blog; every template has them."""

from django import template

register = template.Library()
