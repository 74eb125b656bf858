"""How posts hang together: follow-ups, the right of reply, corrections, and the addresses that a post had before."""

from dataclasses import dataclass
from urllib.parse import quote

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, models, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from blog import policy
from blog.posts.events import Event, Kind
from blog.posts.models import Authorship, Post
from blog.posts.revisions import Revision
from blog.posts.workflow import IllegalTransition

LINE = ["title", "slug", "language", "publish_at", "created_at"]  # what a line about a post shows
LINKING = 20  # posts named at once


class RelationQuerySet(models.QuerySet):
    def shown_on(self, post):
        """What the page of `post` says of others: only of published ones. One query of few columns.

        `names` is a list of who wrote the later post, without those who wrote the earlier one too: what they publish
        is somebody else's reply.
        """
        published = Post.objects.published()
        follows = Q(Exists(published.filter(pk=OuterRef("to"))), post=post)
        is_followed = Q(Exists(published.filter(pk=OuterRef("post"))), to=post)
        both = Authorship.objects.filter(post=OuterRef(OuterRef("to"))).values("byline")
        names = Authorship.objects.filter(post=OuterRef("post")).exclude(byline__in=both).values("byline__name")
        columns = [f"{each}__{name}" for each in ("post", "to") for name in LINE]
        rows = self.filter(follows | is_followed).annotate(names=ArraySubquery(names)).select_related("post", "to")
        return rows.only("kind", *columns).order_by("post__publish_at", "pk")


class Relation(models.Model):
    """`post` follows up, or replies to, the earlier post `to`."""

    class Kind(models.TextChoices):
        FOLLOW_UP = "follow_up", _("Follow-up to")
        REPLY = "reply", _("Reply to")

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="relations", verbose_name=_("post"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.FOLLOW_UP)
    to = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="answers", verbose_name=_("earlier post"))

    objects = RelationQuerySet.as_manager()

    class Meta:
        verbose_name = _("relation")
        verbose_name_plural = _("relations")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["post", "to"], name="related_once"),
            models.CheckConstraint(
                condition=~Q(post=F("to")),
                name="not_related_to_itself",
                violation_error_message=_("A post cannot follow itself."),
            ),
        ]

    def __str__(self):
        return f"{self.post} → {self.to}"


class Correction(models.Model):
    """What was wrong in a published text: a dated box at its top."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="corrections", verbose_name=_("post"))
    text = models.TextField(_("correction"))
    at = models.DateTimeField(_("time"), default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        ordering = ["-at", "-pk"]

    def __str__(self):
        return self.text[:80]


class FormerSlug(models.Model):
    """An address that a post had before: it redirects."""

    slug = models.SlugField(_("slug"), max_length=100, unique=True, allow_unicode=True)
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="former_slugs")

    class Meta:
        verbose_name = _("former post address")
        verbose_name_plural = _("former post addresses")

    def __str__(self):
        return self.slug


class AddressTaken(Exception):
    """Another post has the address."""

    def __init__(self):
        super().__init__(_("Another post has this address."))


@dataclass
class Banners:
    """What stands at the top of a post: Relations to the earlier posts, and of the later ones to it."""

    earlier: list
    later: list


def banners(post):
    """Return the Banners of a post, of published others alone. One query."""
    rows = list(Relation.objects.shown_on(post))
    return Banners([row for row in rows if row.post_id == post.pk], [row for row in rows if row.to_id == post.pk])


@transaction.atomic
def rename(post, slug, *, by):
    """Give the post another address. If readers ever saw the old one, it redirects.

    `post.slug` is the address that the person saw. Nothing happens if the post has the new one already.
    IllegalTransition; AddressTaken.
    """
    row = _locked(post)
    if row.slug not in (post.slug, slug):
        raise IllegalTransition(_("Somebody else has changed the address meanwhile. Look at it again."))
    former, post.slug = row.slug, slug
    if former == slug:
        return
    try:
        with transaction.atomic():
            Post.objects.filter(pk=row.pk).update(slug=slug)
    except IntegrityError:
        post.slug = former
        raise AddressTaken from None
    FormerSlug.objects.filter(slug=slug).delete()
    if row.was_ever_public():
        FormerSlug.objects.update_or_create(slug=former, defaults={"post": row})
    Event.record(row, Kind.RENAMED, by=by, note=f"{former} → {slug}")


@transaction.atomic
def correct(post, text, *, by, now=None):
    """Say on top of a published post what was wrong in it, and return the Correction.

    The same words about the same post are one correction, however often they are sent. IllegalTransition.
    """
    row = _locked(post)
    if not row.is_public(now):
        raise IllegalTransition(_("The post is not published: change its text instead."))
    at = now or timezone.now()
    correction, is_new = row.corrections.get_or_create(text=text, defaults={"by": by, "at": at})
    if is_new:
        Post.objects.filter(pk=row.pk).update(updated_at=max(row.updated_at, at))
        Event.record(row, Kind.CORRECTED, by=by, note=text)
    return correction


@transaction.atomic
def delete(post, *, by, revision=None):
    """Delete a post that has no comments, and say so in the audit trail, which keeps its address. IllegalTransition.

    `revision` is the number of the newest text that the person saw, None if that is all one. PermissionDenied for the
    post as it is now.
    """
    row = _locked(post)
    if revision not in (None, row.head):
        raise IllegalTransition(_("The text was changed meanwhile. Look at the newest version first."))
    if not policy.may(by, "post.delete", row):
        raise PermissionDenied
    if row.comments.exists():
        raise IllegalTransition(_("The post has comments, which are never deleted. Take it off the site instead."))
    Event.record(row, Kind.DELETED, by=by, former=row.status, to_status="", note=row.get_absolute_url())
    row.delete()


def _locked(post):
    """The post's row as it is now, which nobody else changes until the transaction ends."""
    row = Post.objects.locked().filter(pk=post.pk).first()
    if row is None:
        raise IllegalTransition(_("Somebody else has deleted the post."))
    return row


@dataclass
class Linking:
    """Posts that lead to another one: some that the person may see, and how many there are in all."""

    posts: list
    total: int

    @property
    def others(self):
        return self.total - len(self.posts)


def linking_to(post, user):
    """Return the Linking of a post: which other posts, published or not, link to it or are related to it.

    A link counts in the text that readers see and in the newest one, to the present address and to former ones.
    It reads every body: for a page that is rarely asked for.
    """
    slugs = [post.slug, *post.former_slugs.values_list("slug", flat=True)]
    written = sorted({form for slug in slugs for form in (slug, quote(slug))})
    link = rf'href="[^"]*/\d{{4}}/\d{{2}}/({"|".join(written)})["/?#]'
    pending = Revision.objects.filter(number=F("post__head"), post__head__gt=F("post__shown"))
    ways = Q(body__regex=link)
    ways |= Q(pk__in=pending.filter(content__body__regex=link).values("post"))
    ways |= Q(pk__in=Relation.objects.filter(to=post).values("post"))
    posts = Post.objects.filter(ways).exclude(pk=post.pk)
    return Linking(list(posts.seen_by(user).defer("search", "body").order_by("-updated_at")[:LINKING]), posts.count())
