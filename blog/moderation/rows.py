"""What a moderator is shown of a comment in a queue: its place, its writer, why it waits, and what can be done."""

from collections import Counter
from dataclasses import dataclass
from itertools import zip_longest

from django.db.models import Count, Prefetch
from django.utils.translation import gettext as _

from blog import policy
from blog.comments.models import Comment
from blog.comments.models_duplicates import Member
from blog.moderation import batches, findings
from blog.moderation.batches import State
from blog.moderation.history import Person, of_people
from blog.moderation.models import Report
from blog.text.sameness import Tier

Reason = Comment.Reason
REPORTS_SHOWN = 5
BY_FINDINGS = (Reason.RULE, Reason.TRAP, Reason.COPY)  # its findings say it better than such a reason
DECIDED_HERE = (State.HELD, State.VISIBLE, State.SPAM, State.REMOVED)  # what can be moderated at all


@dataclass
class Row:
    """One line of a queue. `same` is how many comments on the post say the same, this one included."""

    comment: Comment
    person: Person
    why: list  # sentences, each with the id of another comment that it is about, or None
    same: int
    possible: set  # names of actions
    then: int  # the comment to look at after this one

    @property
    def seen(self):
        """What its form carries: the comment, and what the moderator saw of it."""
        return f"{self.comment.pk} {batches.as_seen(self.comment)}"


def loaded(comments):
    """Let a queryset of comments fetch what `rows` needs. One query more than its own."""
    newest = Prefetch("reports", Report.objects.order_by("-pk")[:REPORTS_SHOWN], to_attr="latest_reports")
    related = comments.select_related("post", "parent", "user", "merged_into", "appeal", "membership__group")
    return related.defer("post__body", "post__search").prefetch_related(newest)


def rows(comments, user):
    """Return a Row for each comment of a list that `loaded` fetched. Three queries."""
    people = of_people(comment.author_key for comment in comments)
    same = _same_on_the_post(comments)
    may_pick = policy.may(user, "comment.pick")
    found = []
    for comment, following in zip_longest(comments, comments[1:]):
        number = same[_group_of(comment), comment.post_id]
        possible = set(_possible(comment, number, may_pick))
        person = people[bytes(comment.author_key)]
        found.append(Row(comment, person, list(_why(comment, person)), number, possible, (following or comment).pk))
    return found


def _why(comment, person):
    if comment.reason == Reason.NEW and person.states.get(State.VISIBLE):
        yield _("It came from a browser from which no comment had been let through."), None
    elif comment.reason and not (comment.findings and comment.reason in BY_FINDINGS):
        yield comment.get_reason_display(), None
    for finding in comment.findings:
        yield findings.in_words(finding), finding.get("comment")


def _possible(comment, same, may_pick):
    if comment.state in DECIDED_HERE:
        yield from (action.value for action, state in batches.STATE_AFTER.items() if state != comment.state)
    if comment.is_visible and any(report.settled_at is None for report in comment.latest_reports):
        yield "keep"
    if comment.is_visible or comment.is_held:
        yield "reply"
    if same > 1 and comment.membership.group.tier != Tier.TEMPLATE:
        yield "merge"
    if may_pick and comment.is_visible:
        yield "unpick" if comment.picked_at else "pick"


def _group_of(comment):
    return getattr(comment, "membership", None) and comment.membership.group_id


def _same_on_the_post(comments):
    """Count, for each group of these comments and each post, the members that stand there."""
    standing = Member.objects.filter(comment__state__in=[State.VISIBLE, State.HELD])
    here = standing.filter(
        group__in={_group_of(comment) for comment in comments} - {None},
        comment__post__in={comment.post_id for comment in comments},
    )
    counted = here.order_by().values_list("group", "comment__post").annotate(Count("pk"))
    return Counter({(group, post): number for group, post, number in counted})
