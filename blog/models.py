"""Index of the models: Django finds here what each capability defines."""

from blog.appearance.models import Appearance
from blog.comments.models import Comment, Discussion
from blog.comments.models_duplicates import Band, Different, Fingerprint, Group, Member
from blog.editing.models import Autosave, Presence
from blog.imports.models import ImportedRow
from blog.moderation.models import Batch, BatchRow, PersonNote, RemovalReason, Report
from blog.newsletter.models import Delivery, Edition, EditionPost, Subscriber
from blog.planning.models import SavedFilter
from blog.posts.bylines import Byline, BylineLink
from blog.posts.effects import Effect, Heartbeat
from blog.posts.events import Event
from blog.posts.front import FrontPost
from blog.posts.images import Image
from blog.posts.links import LinkCheck
from blog.posts.models import Authorship, Post, Source
from blog.posts.relations import Correction, FormerSlug, Relation
from blog.posts.revisions import Revision
from blog.posts.updates import PendingUpdate
from blog.receipts.models import Address, Appeal, Following, FormerText, Notice
from blog.review.models import Note, Seat
from blog.screening.models import Ban, Lesson, ListedWord, Token
from blog.tags.models import Tag, TaggedPost, TagSlug
from blog.web.models import Allowance, Letter

__all__ = [
    "Address",
    "Allowance",
    "Appeal",
    "Appearance",
    "Authorship",
    "Autosave",
    "Ban",
    "Band",
    "Batch",
    "BatchRow",
    "Byline",
    "BylineLink",
    "Comment",
    "Correction",
    "Delivery",
    "Different",
    "Discussion",
    "Edition",
    "EditionPost",
    "Effect",
    "Event",
    "Fingerprint",
    "Following",
    "FormerSlug",
    "FormerText",
    "FrontPost",
    "Group",
    "Heartbeat",
    "Image",
    "ImportedRow",
    "Lesson",
    "Letter",
    "LinkCheck",
    "ListedWord",
    "Member",
    "Note",
    "Notice",
    "PendingUpdate",
    "PersonNote",
    "Post",
    "Presence",
    "Relation",
    "RemovalReason",
    "Report",
    "Revision",
    "SavedFilter",
    "Seat",
    "Source",
    "Subscriber",
    "Tag",
    "TagSlug",
    "TaggedPost",
    "Token",
]
