"""What a reader of some format finds in a file, in this blog's words. The loader knows nothing of formats."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import datetime

from django.utils.translation import gettext as _

from blog.comments.models import Comment
from blog.posts.workflow import Status


@dataclass(frozen=True)
class Problem:
    """Something in the file that was mended or could not be read; line and column count from 1."""

    line: int
    column: int
    text: str


@dataclass(frozen=True)
class Record:
    foreign_id: str  # within one kind of one source

    def digest(self):
        """Return 16 bytes that are equal for records that say the same; fields that do not compare are left out."""
        said = [(each.name, str(getattr(self, each.name))) for each in fields(self) if each.compare]
        return hashlib.blake2b(repr(said).encode("utf-8", "replace"), digest_size=16).digest()


@dataclass(frozen=True)
class Site:
    address: str  # the source under which its rows are remembered
    language: str  # one of settings.LANGUAGES


@dataclass(frozen=True)
class AuthorRecord(Record):
    name: str


@dataclass(frozen=True)
class CommentRecord(Record):
    parent: str  # its foreign id, "" for none
    name: str
    email: str
    website: str
    network: str = field(repr=False)  # the writer's address there; only a keyed hash of it is stored
    text: str  # in our own light mark-up
    state: Comment.State
    is_mention: bool
    created_at: datetime | None
    problem: Problem = field(compare=False)  # where it stands, for the report


@dataclass(frozen=True)
class PostRecord(Record):
    title: str
    slug: str
    language: str
    standfirst: str
    body: str  # clean HTML
    status: Status
    date: datetime | None  # published, or written where it is not public
    author: AuthorRecord | None
    tags: tuple[str, ...]
    comments_open: bool
    problem: Problem = field(compare=False)  # where it stands, for the report
    comments: list[CommentRecord] = field(compare=False, default_factory=list)
    notes: list[str] = field(compare=False, default_factory=list)
    skipped_comments: list[str] = field(compare=False, default_factory=list)  # the reason for each


@dataclass(frozen=True)
class Skipped:
    """An item of the file that does not become a post."""

    title: str
    reason: str
    comments: int  # that stand under it


def unreadable(error):
    """The reason, for the report, when reading or writing an item fails in a way that nobody thought of."""
    return _("could not be read (%s)") % type(error).__name__


@dataclass
class Export:
    """A file as it was read. `items` is read once, in the file's order; only then is `problems` complete."""

    site: Site
    authors: list[AuthorRecord]
    items: Iterable[PostRecord | Skipped]
    problems: list[Problem]
