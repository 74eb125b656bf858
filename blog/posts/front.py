"""The front page as an editor arranges it: the lead, the picks after it, and below them the newest of the others."""

from django.db import connection, models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from blog.posts import lists

MOST = 7  # the lead and six picks
ARRANGED = f"""
    SELECT post.id, place FROM blog_frontpost JOIN blog_post post ON post.id = post_id WHERE {lists.PUBLISHED}
"""  # noqa: S608
# A filter over so few rows keeps to the order of the index, where a join might sort the archive.
OTHERS = "post.id <> ALL(ARRAY(SELECT post_id FROM blog_frontpost))"


class NoRoom(Exception):
    """Every place is taken."""


class FrontPost(models.Model):
    """A post that an editor gave a place on the front page; 0 is the lead's. Readers see it while it is public."""

    post = models.OneToOneField("blog.Post", on_delete=models.CASCADE, related_name="+", verbose_name=_("post"))
    place = models.PositiveSmallIntegerField(_("place"), unique=True)

    class Meta:
        verbose_name = _("post on the front page")
        verbose_name_plural = _("posts on the front page")
        ordering = ["place"]
        constraints = [models.CheckConstraint(condition=Q(place__lt=MOST), name="front_page_has_room")]

    def __str__(self):
        return f"{self.place}: {self.post_id}"


def arranged():
    """Return the Teasers of the posts that were given a place and are public, in order. One query."""
    return lists.teasers_of(ARRANGED)


def others(most, *, full_text=False):
    """Return the Teasers of the `most` newest public posts that were given no place. One query."""
    return lists.teasers_of(lists.newest([OTHERS], most), full_text=full_text)


def _first(keys, at):
    keys.insert(0, keys.pop(at))


def _up(keys, at):
    keys.insert(max(at - 1, 0), keys.pop(at))


def _down(keys, at):
    keys.insert(at + 1, keys.pop(at))


def _away(keys, at):
    del keys[at]


STEPS = {"first": _first, "up": _up, "down": _down, "away": _away}


def add(post):
    """Give a post the last place, unless it has one. NoRoom if every place is taken."""
    with transaction.atomic():
        keys = _locked()
        if post.pk in keys:
            return
        if len(keys) == MOST:
            raise NoRoom
        _write([*keys, post.pk])


def move(key, step):
    """Take one of STEPS with the post of this key; nothing happens to one that has no place any more."""
    with transaction.atomic():
        keys = _locked()
        if key in keys:
            STEPS[step](keys, keys.index(key))
            _write(keys)


def _locked():
    """Return the keys of the arranged posts in order, which nobody else changes until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE blog_frontpost IN SHARE ROW EXCLUSIVE MODE")
    return list(FrontPost.objects.values_list("post_id", flat=True))


def _write(keys):
    # All anew: a deleted post has left a gap, and no two rows may share a place even for a moment.
    FrontPost.objects.all().delete()
    FrontPost.objects.bulk_create(FrontPost(post_id=key, place=place) for place, key in enumerate(keys))
