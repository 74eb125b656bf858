"""Comments and the discussion that they form under a post."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from blog.text import markup
from blog.text.sanitise import plain_text

NAME_CHARACTERS = 80
TEXT_CHARACTERS = 10_000
EXTRACT_CHARACTERS = 180
MAX_INDENT = 4  # deeper replies stay readable on a phone


class Scope(models.TextChoices):
    """What of a discussion somebody may want to hear of by mail."""

    REPLIES = "replies", _("replies to my comment")
    THREAD = "thread", _("everything in this thread")
    POST = "post", _("all comments on this post")


class Discussion(models.Model):
    """One row for each post that was ever commented: the numbers given out, and the counts shown.

    The counts are kept by a trigger in the database (migration 0002), whoever writes the comments.
    """

    post = models.OneToOneField("blog.Post", on_delete=models.CASCADE, primary_key=True, related_name="discussion")
    last_number = models.PositiveIntegerField(default=0)
    last_shown = models.BigIntegerField(default=0)  # the greatest `Comment.shown`
    visible_comments = models.PositiveIntegerField(_("comments"), default=0)
    visible_mentions = models.PositiveIntegerField(_("mentions"), default=0)
    merged_comments = models.PositiveIntegerField(_("merged duplicates"), default=0)
    removed_comments = models.PositiveIntegerField(_("removed comments"), default=0)
    spam_comments = models.PositiveIntegerField(_("spam"), default=0)

    class Meta:
        verbose_name = _("discussion")
        verbose_name_plural = _("discussions")

    def __str__(self):
        return f"{self.post_id}: {self.visible_comments}"


class CommentQuerySet(models.QuerySet):
    def visible(self):
        """What the public sees. Whether its post is public is the post's business."""
        return self.filter(state=Comment.State.VISIBLE)

    def held(self):
        return self.filter(state=Comment.State.HELD)

    def picked(self):
        """The editors' choice, among what the public sees."""
        return self.visible().filter(picked_at__isnull=False)

    def standing(self):
        """Visible or held: the comments among which duplicates are looked for."""
        return self.filter(state__in=[Comment.State.VISIBLE, Comment.State.HELD])

    def in_thread_order(self):
        """Every thread after the one before it, every reply under its parent, in the order of arrival."""
        return self.order_by("post_id", "path")


class Comment(models.Model):
    class State(models.TextChoices):
        HELD = "held", _("Held")
        VISIBLE = "visible", _("Visible")
        SPAM = "spam", _("Spam")
        REMOVED = "removed", _("Removed")
        MERGED = "merged", _("Merged")
        WITHDRAWN = "withdrawn", _("Withdrawn")  # by its writer, who may bring it back
        ERASED = "erased", _("Erased")  # nothing is left but its place in the thread

    class Reason(models.TextChoices):
        """Why a comment is held, in words for its writer and the moderators."""

        NEW = "new", _("The first comment of a person is read by a moderator before everybody can see it.")
        CHANGED = "changed", _("The text was changed after a moderator had read it.")
        REPORTED = "reported", _("Several readers have reported it, so a moderator looks at it first.")
        TRAP = "trap", _("A field that people do not see was filled in, as programs do.")
        COPY = "copy", _("The same words stand here already, so a moderator looks at it first.")
        RULE = "rule", _("A rule of this site wants a moderator to read it first.")
        BANNED = "banned", _("Comments from here are not shown at present. You may ask the moderators about it.")

    class Origin(models.TextChoices):
        FORM = "form", _("Form")
        IMPORT = "import", _("Import")
        MENTION = "mention", _("Mention")

    post = models.ForeignKey("blog.Post", on_delete=models.CASCADE, verbose_name=_("post"), related_name="comments")
    # A parent is never deleted under its replies (moderators change states), but the whole post may go.
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.RESTRICT, verbose_name=_("in reply to"), related_name="replies"
    )
    number = models.PositiveIntegerField(_("number"), help_text=_("Counted within the post; never given out twice."))
    # The numbers from the thread's first comment down to this one: ORDER BY path is the order of the threads.
    # threads.MAX_DEPTH bounds it, since an index entry must fit on a page.
    path = ArrayField(models.BigIntegerField())
    thread = models.GeneratedField(  # the number of the thread's first comment
        expression=F("path__0"),  # type: ignore[arg-type]
        output_field=models.BigIntegerField(),
        db_persist=True,
    )
    name = models.CharField(_("name"), max_length=NAME_CHARACTERS)
    email = models.EmailField(_("e-mail"), blank=True)
    website = models.URLField(_("website"), max_length=300, blank=True)
    text = models.TextField(_("text"))
    html = models.TextField(editable=False)  # made from the text by the mark-up of `markup_version`
    markup_version = models.PositiveSmallIntegerField(default=markup.VERSION, editable=False)
    # A name as it is written after "@" → that comment's number.
    mentions = models.JSONField(default=dict, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.HELD)
    reason = models.CharField(_("held because"), max_length=10, choices=Reason.choices, blank=True)
    # What the rules found when it came, for moderators: [{"rule": …, …}] (screening/rules.py).
    findings = models.JSONField(default=list, editable=False)
    origin = models.CharField(_("origin"), max_length=10, choices=Origin.choices, default=Origin.FORM)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        verbose_name=_("account"),
        related_name="comments",
    )
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.RESTRICT, verbose_name=_("merged into"), related_name="copies"
    )
    # The order in which comments became visible for the first time, which for a held one is later than its number says:
    # what is new to a reader is counted by it. Given by a trigger (migration 0007).
    shown = models.BigIntegerField(null=True, editable=False)
    created_at = models.DateTimeField(_("posted"), default=timezone.now)
    edited_at = models.DateTimeField(_("changed"), null=True, editable=False)
    email_proved_at = models.DateTimeField(_("e-mail address proved"), null=True, editable=False)
    picked_at = models.DateTimeField(_("editors’ choice"), null=True, editable=False)
    told_at = models.DateTimeField(null=True, editable=False)  # when those who follow were told, or when nobody need be
    # Of the sender's network; dropped after 30 days (receipts/forgetting.py).
    network_key = models.BinaryField(max_length=16, null=True, editable=False)
    author_key = models.BinaryField(max_length=16)
    submission_key = models.BinaryField(max_length=16)

    objects = CommentQuerySet.as_manager()

    # Its place on a page (threads.nest), and whether only that is shown, since replies stand under it.
    level, replies_below, lists_closed, is_tombstone = 0, 0, range(0), False

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["post", "number"], name="comment_number_once"),
            # No comment is stored twice: the same person, the same text, the same place (docs/duplicates.md).
            # Imports bring the doubles of other systems along; they are for the moderators to merge.
            models.UniqueConstraint(
                fields=["submission_key"],
                condition=Q(origin="form"),
                name="comment_sent_once",
            ),
            models.CheckConstraint(
                condition=Q(state="merged", merged_into__isnull=False)
                | (~Q(state="merged") & Q(merged_into__isnull=True)),
                name="merged_comment_names_the_kept_one",
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")), name="comment_is_not_its_own_parent"
            ),
        ]
        indexes = [
            models.Index(fields=["post", "path"], name="comment_thread_order"),  # a comment among its neighbours
            # The post page, page by page, oldest and newest threads first: however much spam lies between.
            models.Index(fields=["post", "path"], condition=Q(state="visible"), name="comment_oldest_threads"),
            models.Index("post", -F("thread"), "path", condition=Q(state="visible"), name="comment_newest_threads"),
            models.Index(fields=["post", "shown"], condition=Q(state="visible"), name="comment_news"),  # what is new
            models.Index(fields=["post", "-number"], condition=Q(state="visible"), name="comment_newest"),  # the feed
            models.Index(Lower("email"), condition=~Q(email=""), name="comment_of_address"),  # everything of a person
            models.Index("post", condition=Q(picked_at__isnull=False), name="comment_picked"),  # the editors' choice
            models.Index(
                fields=["-picked_at", "-id"], condition=Q(picked_at__isnull=False), name="comment_picked_lately"
            ),
            models.Index(
                "id", condition=Q(told_at=None, state="visible"), name="comment_untold"
            ),  # the mails of each minute
            models.Index(
                "created_at", condition=Q(network_key__isnull=False), name="comment_network_known"
            ),  # to forget
            models.Index(  # what else somebody wrote, and where: all that the look-up of duplicates asks
                fields=["author_key", "-id"], include=["post", "parent", "created_at"], name="comment_of_person"
            ),
            models.Index(
                fields=["network_key", "-id"], condition=Q(network_key__isnull=False), name="comment_of_network"
            ),
            # The moderators' queues and the admin's list; the search, by time and by words.
            models.Index(fields=["state", "-created_at", "-id"], name="comment_by_state"),
            models.Index(
                fields=["reason", "created_at", "id"], condition=Q(state="held"), name="comment_held_by_reason"
            ),
            models.Index(fields=["-created_at", "-id"], name="comment_by_time"),
            GinIndex(SearchVector("name", "text", config="simple"), name="comment_search", fastupdate=False),
        ]

    def __str__(self):
        return f"{self.name}: {Truncator(self.text).chars(60)}"

    def get_absolute_url(self):
        """The permalink. It redirects to the page of the discussion on which the comment stands."""
        return f"{self.post.get_absolute_url()}comments/{self.number}/"

    @property
    def anchor(self):
        return f"comment-{self.number}"

    @property
    def depth(self):
        return len(self.path) - 1

    @property
    def indent(self):
        """How many steps the comment is moved in on the page."""
        return min(self.depth, MAX_INDENT)

    @property
    def is_mention(self):
        return self.origin == self.Origin.MENTION

    @property
    def is_visible(self):
        return self.state == self.State.VISIBLE

    @property
    def is_held(self):
        return self.state == self.State.HELD

    @property
    def standing(self):
        """This comment, or the one that it was merged into; None where readers can see neither."""
        kept = self.merged_into or self
        return kept if kept.is_visible else None

    @property
    def website_link(self):
        """The website if a browser may follow it: imports bring other schemes along than the form lets through."""
        return self.website if self.website.lower().startswith(("http://", "https://")) else ""

    @property
    def body_html(self):
        if self.markup_version == markup.VERSION:
            return markup.stored(self.html)
        return markup.comment_html(self.text, self.mentioned())

    @property
    def extract(self):
        """The first words, as text."""
        return Truncator(plain_text(self.body_html)).chars(EXTRACT_CHARACTERS)

    def mentioned(self):
        """Return a dict from each name as the text mentions it to the address of that person's comment."""
        base = self.post.get_absolute_url() if self.mentions else ""
        return {name: f"{base}comments/{number}/" for name, number in self.mentions.items()}
