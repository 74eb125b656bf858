"""Index of the models: Django finds here what each capability defines."""

from blog.comments.models import Comment, Discussion
from blog.imports.models import ImportedRow
from blog.moderation.models import Batch, BatchRow
from blog.posts.bylines import Byline, BylineLink
from blog.posts.images import Image
from blog.posts.models import Authorship, Post, Source
from blog.tags.models import Tag, TaggedPost, TagSlug

__all__ = [
    "Authorship",
    "Batch",
    "BatchRow",
    "Byline",
    "BylineLink",
    "Comment",
    "Discussion",
    "Image",
    "ImportedRow",
    "Post",
    "Source",
    "Tag",
    "TagSlug",
    "TaggedPost",
]
