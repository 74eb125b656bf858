"""Waves: waiting groups that have one cause, taken together with the evidence, and mended in one step.

What an import doubled, what was clicked twice and what was sent again is one wave each, and merged. A campaign is a
wave by itself and marked as spam; so is one text in many posts, of which the first stays and the others are removed.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain

from django.db.models import Case, Count, F, Max, Min, Value, When
from django.utils.translation import gettext_lazy as _

from blog.comments.models import Comment
from blog.comments.models_duplicates import Group, Member
from blog.moderation import batches, duplicates
from blog.moderation.batches import Action
from blog.moderation.comparing import time_apart
from blog.text.sameness import Tier
from blog.web.parameters import as_whole_number

Cause = Group.Cause
TOGETHER = (Cause.IMPORT, Cause.CLICK, Cause.AGAIN)  # all groups of such a cause are one wave
ALONE = (Cause.CAMPAIGN, Cause.SPREAD)  # each group is a wave
MERGED = (Tier.EXACT, Tier.LINK, Tier.EXTENDED)  # what may be merged without a look at each group
FEW = 3  # standing members that make a campaign, or a spread text, a wave
OF_A_KIND = 5  # campaigns, and spread texts, on the page: the newest
AT_ONCE = 5_000  # comments that one step deals with; what is left is a wave again
POSTS_NAMED = 10

FIXES = {
    Cause.IMPORT: (Action.MERGE, _("Merge the copies")),
    Cause.CLICK: (Action.MERGE, _("Merge the copies")),
    Cause.AGAIN: (Action.MERGE, _("Merge the copies")),
    Cause.CAMPAIGN: (Action.SPAM, _("Mark all as spam")),
    Cause.SPREAD: (Action.REMOVE, _("Keep the first, remove the others")),
}


@dataclass
class Wave:
    """Groups of one cause, with its evidence; `group` is the one that a campaign or a spread text consists of."""

    cause: str
    group: int | None
    groups: int
    comments: int
    posts: int
    people: int
    networks: int
    first_at: datetime
    last_at: datetime
    widest: timedelta  # between the first and the last of one group
    up_to: int  # the newest comment that was counted: a step concerns no later ones

    @property
    def key(self):
        return f"{self.cause}-{self.group}" if self.group else str(self.cause)

    @property
    def label(self):
        return Cause(self.cause).label

    @property
    def action(self):
        return FIXES[Cause(self.cause)][0]

    @property
    def fix(self):
        return FIXES[Cause(self.cause)][1]

    @property
    def is_merged(self):
        return self.action == Action.MERGE

    @property
    def is_removed(self):
        return self.action == Action.REMOVE

    @property
    def widest_in_words(self):
        return time_apart(self.widest)

    @property
    def at_once(self):
        return AT_ONCE

    @property
    def is_too_large(self):
        """Whether one step deals with a part of it only."""
        return self.comments > AT_ONCE or self.groups >= AT_ONCE // 2

    @property
    def touched(self):
        """How many comments one step changes, apart from replies."""
        staying = {Action.MERGE: self.groups, Action.SPAM: 0, Action.REMOVE: 1}[self.action]
        return min(self.comments, AT_ONCE) - min(staying, self.comments)

    def members(self):
        """The standing members of its groups, those of one group after the other, oldest first."""
        groups = _groups_of(self.cause)
        groups = groups.filter(pk=self.group) if self.group else groups
        return _standing(groups.values("pk")[: AT_ONCE // 2]).filter(comment__lte=self.up_to).order_by(
            "group_id", "comment__created_at", "comment_id"
        )  # fmt: skip


def waves():
    """Return the Waves that wait, the largest first. One query, of at most AT_ONCE / 2 groups for each cause."""
    together = [_groups_of(cause).values("pk")[: AT_ONCE // 2] for cause in TOGETHER]
    alone = [_groups_of(cause).values("pk")[:OF_A_KIND] for cause in ALONE]
    first, *others = [*together, *alone]
    return sorted(_measured(first.union(*others, all=True)), key=lambda wave: -wave.comments)


def find(key):
    """Return the Wave with this key, or None if it does not wait (any more). One query."""
    cause, _dash, number = key.partition("-")
    group = as_whole_number(number)
    if cause not in FIXES or bool(number) != (cause in ALONE) or (number and group is None):
        return None
    groups = _groups_of(cause).filter(pk=group) if group else _groups_of(cause)
    return next(iter(_measured(groups.values("pk")[: AT_ONCE // 2])), None)


def posts_of(wave):
    """Return (title, number of comments) of the posts with most of a wave."""
    counts = (
        wave.members()
        .order_by()
        .values("comment__post")
        .annotate(comments=Count("pk"), title=F("comment__post__title"))
    )
    return list(counts.order_by("-comments", "comment__post_id").values_list("title", "comments")[:POSTS_NAMED])


def mend(wave, *, by, up_to, because=None):
    """Carry out a wave's fix for what there was up to the comment `up_to`; return the Batch.

    NothingToDo if none of it is left.
    """
    members = wave.members().filter(comment__lte=up_to)
    if wave.is_merged:
        return duplicates.merge(chain.from_iterable(duplicates.mergeable(members[:AT_ONCE])), by=by)
    first = 1 if wave.is_removed else 0
    chosen = list(members.values_list("comment", flat=True)[first : AT_ONCE + first])
    return batches.moderate(wave.action, Comment.objects.standing().filter(pk__in=chosen), by=by, because=because)


def _groups_of(cause):
    groups = duplicates.waiting().filter(cause=cause)
    if cause in TOGETHER:
        return groups.filter(tier__in=MERGED)
    return groups.filter(standing__gte=FEW).exclude(tier=Tier.TEMPLATE)


def _standing(groups):
    return Member.objects.filter(group__in=groups, comment__state__in=duplicates.STANDING)


def _measured(groups):
    alone = Case(When(group__cause__in=ALONE, then="group_id"), default=Value(None))
    return [
        Wave(*figures)
        for figures in _standing(groups)
        .order_by()
        .annotate(alone=alone)
        .values("group__cause", "alone")
        .annotate(
            groups=Count("group", distinct=True),
            comments=Count("pk"),
            posts=Count("comment__post", distinct=True),
            people=Count("comment__author_key", distinct=True),
            networks=Count("comment__network_key", distinct=True),
            first_at=Min("comment__created_at"),
            last_at=Max("comment__created_at"),
            widest=Max(F("group__last_at") - F("group__first_at")),
            up_to=Max("comment"),
        )
        .values_list("group__cause", "alone", "groups", "comments", "posts", "people", "networks", "first_at",
                     "last_at", "widest", "up_to")
    ]  # fmt: skip
