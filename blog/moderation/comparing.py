"""What a moderator is shown of a group of duplicates: the one to keep, and what each copy has in common with it."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from rapidfuzz.distance import Indel

from blog.comments.models import Comment
from blog.comments.models_duplicates import Group
from blog.moderation import duplicates
from blog.moderation.batches import as_seen
from blog.text import wording
from blog.text.difference import marked_words
from blog.text.sameness import Tier

SHOWN = 12  # members of one group
MINUTE, HOUR, DAY = 60, 3600, 86_400  # seconds


@dataclass
class Row:
    """One comment of a group, beside the one to keep."""

    comment: Comment
    marked: str  # its text: what the kept one has not is marked, and so is what only that one has
    facts: list
    replies: int
    stands_under: int | None  # the number of another member; who stands under one cannot be kept
    is_kept: bool

    @property
    def seen(self):
        return as_seen(self.comment)


@dataclass
class Comparison:
    group: Group
    rows: list

    @property
    def comments(self):
        return [row.comment for row in self.rows]

    @property
    def more(self):
        """How many members are not shown."""
        return max(0, self.group.standing - len(self.rows))

    @property
    def posts(self):
        return list({comment.post_id: comment.post for comment in self.comments}.values())

    @property
    def same_author(self):
        return len({bytes(comment.author_key) for comment in self.comments}) == 1

    @property
    def is_ticked(self):
        """Whether it may be merged unless somebody objects: never a mere pattern, never what several people said."""
        return self.group.tier != Tier.TEMPLATE and self.same_author

    @property
    def can_merge(self):
        """Only what stands under one post is merged."""
        return max(Counter(comment.post_id for comment in self.comments).values()) > 1

    @property
    def is_one_matter(self):
        """Whether merging is all that there is to do: one post, one author."""
        return self.same_author and len(self.posts) == 1


def compared(groups):
    """Return a Comparison for each of the Groups of a queryset, in its order. Four queries.

    A group that has lost its second comment meanwhile is left out.
    """
    found = list(duplicates.with_comments(groups, SHOWN))
    members = [member for group in found for member in group.standing_members]
    replies = Comment.objects.filter(parent__in=[member.comment_id for member in members]).order_by()
    counts = dict(replies.values_list("parent").annotate(Count("pk")))
    return [_comparison(group, counts) for group in found if len(group.standing_members) > 1]


def _comparison(group, counts):
    comments = [member.comment for member in group.standing_members]
    numbers = {(comment.post_id, comment.number) for comment in comments}
    under = {each.pk: next((n for n in each.path[:-1] if (each.post_id, n) in numbers), None) for each in comments}
    kept = next(each for each in duplicates.preferred(comments, group.tier) if under[each.pk] is None)
    rows = [
        Row(
            each,
            marked_words(kept.text, each.text),
            [] if each == kept else list(facts(kept, each, member.via)),
            counts.get(each.pk, 0),
            under[each.pk],
            each == kept,
        )
        for member, each in zip(group.standing_members, comments, strict=True)
    ]
    return Comparison(group, rows)


def facts(kept, copy, via=None):
    """Yield in words what a copy has in common with the kept comment, and what not."""
    yield words_apart(kept, copy)
    if bytes(kept.author_key) == bytes(copy.author_key):
        yield _("same author")
    else:
        yield _("different authors")
        if kept.network_key and copy.network_key and bytes(kept.network_key) == bytes(copy.network_key):
            yield _("from the same network")
    yield time_apart(abs(copy.created_at - kept.created_at))
    if copy.post_id != kept.post_id:
        yield _("in another post")
    elif copy.parent_id != kept.parent_id:
        yield _("in another place of the discussion")
    if via and via.pk != kept.pk:
        yield _("joined by way of #%(number)s") % {"number": via.number}


def words_apart(kept, copy):
    """Say how two texts differ."""
    if kept.text == copy.text:
        return _("Same text")
    one, other = wording.read(kept.text), wording.read(copy.text)
    if one.full == other.full:
        return _("Same words; signs, capitals or spaces differ")
    if one.core == other.core:
        return _("Same text, other link") if one.domains or other.domains else _("Same text, other greeting")
    steps = Counter(step.tag for step in Indel.editops(one.words, other.words))
    fewer, more, number = steps["delete"], steps["insert"], kept.number
    if not fewer:
        return ngettext("%(count)s word more than #%(number)s", "%(count)s words more than #%(number)s", more) % {
            "count": more,
            "number": number,
        }
    if not more:
        return ngettext("%(count)s word fewer than #%(number)s", "%(count)s words fewer than #%(number)s", fewer) % {
            "count": fewer,
            "number": number,
        }
    return _("%(fewer)s words of #%(number)s are missing, %(more)s others have come") % {
        "fewer": fewer,
        "more": more,
        "number": number,
    }


def time_apart(apart):
    """Say how long lies between two comments, in the largest unit that fits."""
    seconds = int(apart.total_seconds())
    if seconds >= DAY:
        words = ngettext("%(count)s day apart", "%(count)s days apart", count := seconds // DAY)
    elif seconds >= HOUR:
        words = ngettext("%(count)s hour apart", "%(count)s hours apart", count := seconds // HOUR)
    elif seconds >= MINUTE:
        words = ngettext("%(count)s minute apart", "%(count)s minutes apart", count := seconds // MINUTE)
    elif seconds:
        words = ngettext("%(count)s second apart", "%(count)s seconds apart", count := seconds)
    else:
        return _("in the same second")
    return words % {"count": count}
