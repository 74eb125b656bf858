"""Posts and what hangs directly on them."""

from datetime import timedelta

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import Case, Deferrable, F, Q, When
from django.db.models.functions import Left
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_prose_editor.fields import ProseEditorField
from taggit.managers import TaggableManager

from blog import policy
from blog.posts.workflow import APPROVED_HAS_AN_HOUR, PublicWorkflow, Status, WorkflowQuerySet
from blog.text.article import article, without_marks
from blog.text.figures import NO_LIBRARY
from blog.text.sanitise import EXTENSIONS, clean_post_html, plain_text
from blog.text.slugs import slugify, stem, unique_slug

# PostgreSQL's text search configuration for each language that a post may have.
SEARCH_CONFIGURATIONS = {"sv": "swedish", "en": "english"}


def _search_vector(configuration):
    # PostgreSQL refuses a vector of more than a megabyte.
    return (
        SearchVector("title", weight="A", config=configuration)
        + SearchVector(Left("standfirst", 20_000), weight="B", config=configuration)
        + SearchVector(Left("body", 200_000), weight="C", config=configuration)
    )


class PostQuerySet(WorkflowQuerySet):
    def by(self, user):
        """Posts that the person began or signs."""
        signed = Authorship.objects.filter(byline__user=user)
        return self.filter(Q(created_by=user) | Q(pk__in=signed.values("post")))

    def locked(self):
        """Posts to be changed, their rows locked.

        Nothing is joined to them: whoever waited for a row would get a pending update as it was before the wait.
        """
        return self.select_related(None).select_for_update(of=("self",))

    def seen_by(self, user):
        """Posts that the person may look at in the admin."""
        return self if policy.may_all(user, "post.view") else self.by(user)

    def called(self, slug):
        """Return the post at an address, or the one that had it before a renaming, or None."""
        return self.filter(slug=slug).first() or self.filter(former_slugs__slug=slug).first()

    def in_state(self, *states):
        """Posts whose newest text is in one of the states, be it the post's own or a pending update's.

        Two look-ups, since an OR over the two tables would read all posts.
        """
        own = Post.objects.filter(pending=None, status__in=states).values("pk")
        return self.filter(pk__in=own.union(Post.objects.filter(pending__status__in=states).values("pk")))

    def covered_by(self, image):
        """Posts with which the picture is approved as a cover: the present one, or that of an approved update."""
        updates = Post.objects.filter(revisions__number=F("pending__approved"), revisions__content__cover=image.pk)
        return self.filter(Q(cover=image) | Q(pk__in=updates.values("pk")), status=Status.APPROVED)

    def to_be_covered_by(self, images):
        """Posts that get one of the pictures as their cover by an approved update, or by their newest text."""
        number = Q(revisions__number=F("pending__approved")) | Q(revisions__number=F("head"))
        return self.filter(number, revisions__content__cover__in=[image.pk for image in images]).distinct()

    def newest_first(self):
        return self.order_by("-publish_at", "-pk")


class SanitisedHTMLField(ProseEditorField):
    """HTML that is cleaned on its way into the database, whichever way it comes: form, import, command, update()."""

    def get_db_prep_value(self, value, connection, prepared=False):
        value = super().get_db_prep_value(value, connection, prepared)
        return clean_post_html(value) if isinstance(value, str) else value


class Post(PublicWorkflow):
    class Priority(models.IntegerChoices):
        LOW = -1, _("Low")
        NORMAL = 0, _("Normal")
        HIGH = 1, _("High")

    class CommentPolicy(models.TextChoices):
        OPEN = "open", _("Open")
        TIMED = "timed", _("Open for some days")
        CLOSED = "closed", _("Closed")

    title = models.CharField(_("title"), max_length=200)
    slug = models.SlugField(_("slug"), max_length=100, unique=True, allow_unicode=True)
    language = models.CharField(
        _("language"), max_length=10, choices=[("sv", _("Swedish")), ("en", _("English"))], default="sv"
    )
    standfirst = models.TextField(_("standfirst"), blank=True, help_text=_("The introduction, one to three sentences."))
    body = SanitisedHTMLField(_("body"), blank=True, config={"extensions": EXTENSIONS}, sanitize=clean_post_html)
    sign_off = models.CharField(
        _("sign-off line"),
        max_length=300,
        blank=True,
        help_text=_("A closing line, such as what the author listens to."),
    )
    bylines = models.ManyToManyField("blog.Byline", through="blog.Authorship", verbose_name=_("bylines"))
    tags = TaggableManager(through="blog.TaggedPost", blank=True, verbose_name=_("tags"))
    cover = models.ForeignKey(
        "blog.Image",
        verbose_name=_("cover image"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="covers",
    )
    comment_policy = models.CharField(
        _("comments"), max_length=10, choices=CommentPolicy.choices, default=CommentPolicy.OPEN
    )
    comments_close_after_days = models.PositiveSmallIntegerField(_("days open"), default=30)
    comments_pause_minutes = models.PositiveSmallIntegerField(
        _("minutes between comments"),
        default=0,
        help_text=_("Slow mode: how long one person waits between two comments; 0 means no wait."),
    )
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("reviewer"),
    )
    due_on = models.DateField(_("due"), null=True, blank=True)
    priority = models.SmallIntegerField(_("priority"), choices=Priority.choices, default=Priority.NORMAL)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    # Of the form in which it was begun: the same form sent twice gives one post.
    form_key = models.UUIDField(null=True, unique=True, editable=False)
    # The number of the newest version of the text, and of the one that stands in this row (revisions.py).
    head = models.PositiveIntegerField(default=0, editable=False)
    shown = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("updated"), default=timezone.now, editable=False)
    search = models.GeneratedField(
        expression=Case(
            *[
                When(language=language, then=_search_vector(configuration))
                for language, configuration in SEARCH_CONFIGURATIONS.items()
            ],
            default=_search_vector("simple"),
        ),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        ordering = ["-publish_at", "-pk"]
        indexes = [
            # Serves every public list, previous/next and the feeds.
            models.Index("publish_at", "id", condition=Q(status=Status.APPROVED), name="post_published"),
            GinIndex("search", name="post_search"),  # serves the search page
            models.Index(fields=["status", "publish_at"], name="post_desk"),  # serves the desk and the admin's filters
            models.Index(fields=["-updated_at", "-id"], name="post_lately_changed"),  # serves the admin's list
        ]
        constraints = [
            APPROVED_HAS_AN_HOUR,
            models.CheckConstraint(condition=Q(shown__lte=models.F("head")), name="shown_text_is_a_version"),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        day = timezone.localtime(self.publish_at or self.created_at)
        return reverse("post", args=[f"{day:%Y}", f"{day:%m}", self.slug])

    @property
    def newest(self):
        """What the next step concerns: the pending update where there is one, else the post itself."""
        return getattr(self, "pending", None) or self

    library = NO_LIBRARY  # a Reading knows what the library has of the text's pictures

    @property
    def body_html(self):
        """The text as one of several on a page."""
        return article(self.body, f"{self.pk}-").html

    @property
    def article(self):
        """The text as a page of its own shows it, with what is told of it beside."""
        return article(self.body, library=self.library, is_top=self.cover is None)

    @property
    def summary(self):
        """The standfirst, or the first words of the body where there is none."""
        if self.standfirst:
            return self.standfirst
        text = plain_text(without_marks(self.body))
        return (text[:297].rpartition(" ")[0] or text[:297]) + "…" if len(text) > 300 else text

    @property
    def comments_close_at(self):
        """When comments close by themselves: an aware datetime, or None."""
        if self.comment_policy != self.CommentPolicy.TIMED or not self.publish_at:
            return None
        return self.publish_at + timedelta(days=self.comments_close_after_days)

    def accepts_comments(self, now=None):
        if self.comment_policy == self.CommentPolicy.CLOSED:
            return False
        return self.comments_close_at is None or (now or timezone.now()) < self.comments_close_at

    def is_by(self, user):
        """Whether the person began this post or signs it."""
        return self.created_by_id == user.pk or any(byline.user_id == user.pk for byline in self.bylines.all())

    def free_slug(self):
        """The slug for this post's title that no other post has, or had before: old links go on leading to the same."""
        wanted, others = slugify(self.title), Post.objects.exclude(pk=self.pk)
        taken = others.filter(slug__startswith=stem(wanted)).values_list("slug", flat=True)
        former = others.filter(former_slugs__slug__startswith=stem(wanted)).values_list("former_slugs__slug", flat=True)
        return unique_slug(wanted, {*taken, *former})


class Authorship(models.Model):
    """Which bylines a post carries, in which order."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="authorships")
    byline = models.ForeignKey("blog.Byline", on_delete=models.PROTECT, verbose_name=_("byline"), related_name="+")
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("byline")
        verbose_name_plural = _("bylines")
        ordering = ["position", "pk"]
        # Deferred: two bylines that change places are each there twice for a moment.
        constraints = [
            models.UniqueConstraint(
                fields=["post", "byline"], name="byline_once_per_post", deferrable=Deferrable.DEFERRED
            )
        ]

    def __str__(self):
        return str(self.byline)


class Source(models.Model):
    """A line of a post's list of sources."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="sources")
    text = models.CharField(_("source"), max_length=300)
    url = models.URLField(_("address"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["pk"]

    def __str__(self):
        return self.text
