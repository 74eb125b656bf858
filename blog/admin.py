"""Index of the admin classes: what is imported here is what the admin shows."""

from blog import people
from blog.comments import admin as comments
from blog.moderation import admin as moderation
from blog.posts import admin as posts
from blog.tags import admin as tags

__all__ = ["comments", "moderation", "people", "posts", "tags"]
