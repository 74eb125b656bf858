"""Index of the admin classes: what is imported here is what the admin shows."""

from blog import people
from blog.comments import admin as comments
from blog.moderation import admin as moderation
from blog.posts import admin as posts
from blog.posts import admin_events as events
from blog.posts import admin_library as library
from blog.tags import admin as tags

__all__ = ["comments", "events", "library", "moderation", "people", "posts", "tags"]
