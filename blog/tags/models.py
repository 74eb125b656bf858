"""Tags of posts."""

from django.db import models, transaction
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from taggit.models import ItemBase, TagBase

from blog.text.slugs import slugify, stem, unique_slug


class TagName(models.CharField):
    """A name without straight quotes, stored and looked up: in the list of tags as it is typed they have a meaning."""

    def to_python(self, value):
        return super().to_python(value).replace('"', "”")

    def deconstruct(self):
        # For the database it is a CharField: a migration must not depend on the code of today.
        name, _path, arguments, options = super().deconstruct()
        return name, "django.db.models.CharField", arguments, options


class TagGone(Exception):
    """A tag was merged into another or deleted by somebody else who was quicker."""

    def __init__(self):
        super().__init__(_("One of the tags is gone: somebody else has merged or deleted it. Look at the list again."))


class TagQuerySet(models.QuerySet):
    def named(self, lowered):
        """Return the tags with one of these names, given in lower case."""
        return self.annotate(lowered=Lower("name")).filter(lowered__in=list(lowered))

    def present_names(self, names):
        """Return the names under which tags that were written down earlier exist now, each once; new ones as they are.

        A tag may have been renamed, or merged into another, since.
        """
        known = {tag.lowered: tag.name for tag in self.named({name.lower() for name in names})}
        unknown = {name: slugify(name, fallback="tag") for name in names if name.lower() not in known}
        former = dict(TagSlug.objects.filter(slug__in=unknown.values()).values_list("slug", "tag__name"))
        present = [known.get(name.lower()) or former.get(unknown[name], name) for name in names]
        return list(dict.fromkeys(present))

    def called(self, slug):
        """Return the tag at an address, or the one that had it before a rename or a merge, or None."""
        return self.filter(slug=slug).first() or self.filter(former_slugs__slug=slug).first()


class Tag(TagBase):
    name = TagName(_("name"), unique=True, max_length=100)
    description = models.TextField(_("description"), blank=True, help_text=_("Shown at the top of the tag's page."))

    objects = TagQuerySet.as_manager()

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                name="tag_name_once",
                violation_error_message=_("There is a tag with this name already."),
            )
        ]

    def get_absolute_url(self):
        return reverse("tag", args=[self.slug])

    def slugify(self, tag, i=None):
        """taggit's hook for the slug of a new tag."""
        slug = slugify(tag, fallback="tag")
        return slug if i is None else f"{slug}-{i}"

    @transaction.atomic
    def rename(self, name):
        """Give the tag another name and address; the old address redirects. IntegrityError if the name is taken."""
        former, self.name = self.slug, name  # type: ignore[has-type]
        wanted = slugify(name, fallback="tag")
        others = Tag.objects.exclude(pk=self.pk).filter(slug__startswith=stem(wanted))
        self.slug = unique_slug(wanted, set(others.values_list("slug", flat=True)))
        self.save(update_fields=["name", "slug"])
        if former != self.slug:
            TagSlug.objects.update_or_create(slug=former, defaults={"tag": self})
        self.former_slugs.filter(slug=self.slug).delete()

    @transaction.atomic
    def merge(self, *, into):
        """Move this tag's posts and addresses to the tag `into`, and delete this tag.

        TagGone if one of them is no longer there; ValueError into itself.
        """
        if into.pk == self.pk:
            raise ValueError("A tag cannot be merged into itself.")
        # Both rows are locked in one order: two merges crossing each other wait instead of deadlocking.
        locked = Tag.objects.select_for_update().filter(pk__in=[self.pk, into.pk]).order_by("pk")
        slugs = {tag.pk: tag.slug for tag in locked}
        if len(slugs) < 2:
            raise TagGone
        tagged_already = TaggedPost.objects.filter(tag=into).values("content_object")
        self.items.exclude(content_object__in=tagged_already).update(tag=into)
        self.former_slugs.update(tag=into)
        former = slugs[self.pk]
        self.delete()
        TagSlug.objects.update_or_create(slug=former, defaults={"tag": into})


class TagSlug(models.Model):
    """An address that a tag had before: it redirects."""

    slug = models.SlugField(_("slug"), max_length=100, unique=True, allow_unicode=True)
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="former_slugs")

    class Meta:
        verbose_name = _("former tag address")
        verbose_name_plural = _("former tag addresses")

    def __str__(self):
        return self.slug


class TaggedPost(ItemBase):
    content_object = models.ForeignKey("blog.Post", on_delete=models.CASCADE, related_name="tagged")
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="items")

    class Meta:
        verbose_name = _("tagged post")
        verbose_name_plural = _("tagged posts")
        constraints = [
            # Serves the tag page and the related posts: a tag's posts, the newest rows first.
            models.UniqueConstraint(fields=["tag", "content_object"], name="tagged_once"),
        ]
