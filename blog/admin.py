"""Index of the admin classes: what is imported here is what the admin shows."""

from blog import people
from blog.appearance import admin as appearance
from blog.comments import admin as comments
from blog.moderation import admin as moderation
from blog.moderation import admin_bans as bans
from blog.moderation import admin_reasons as reasons
from blog.newsletter import admin as newsletter
from blog.posts import admin as posts
from blog.posts import admin_events as events
from blog.posts import admin_library as library
from blog.screening import admin as words
from blog.tags import admin as tags

__all__ = [
    "appearance",
    "bans",
    "comments",
    "events",
    "library",
    "moderation",
    "newsletter",
    "people",
    "posts",
    "reasons",
    "tags",
    "words",
]
