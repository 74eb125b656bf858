"""What a moderator is shown of a comment in a queue: its place, its writer, why it waits, and what can be done."""

import json
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from functools import cache, cached_property
from itertools import zip_longest
from typing import NamedTuple

from django.utils.translation import gettext as _

from blog import policy
from blog.comments.models import Comment
from blog.moderation import batches, findings, history
from blog.moderation.batches import State
from blog.posts import lists
from blog.text import markup
from blog.text.sameness import Tier

Reason = Comment.Reason
REPORTS_SHOWN = 5
BY_FINDINGS = (Reason.RULE, Reason.TRAP, Reason.COPY)  # its findings say it better than such a reason
DECIDED_HERE = (State.HELD, State.VISIBLE, State.SPAM, State.REMOVED)  # what can be moderated at all

# Of the parent's HTML as much as its first words may need.
QUERY = f"""
    SELECT c.id, c.number, c.state, c.reason, nullif(c.findings, '[]')::text, c.name, c.email <> '',
        c.email_proved_at IS NOT NULL, c.user_id IS NOT NULL, c.network_key IS NOT NULL, c.website,
        c.html, CASE WHEN c.markup_version = %(version)s THEN '' ELSE c.text END, c.markup_version, c.mentions::text,
        c.created_at::text, c.edited_at::text, c.picked_at IS NOT NULL,
        c.post_id, post.title, post.slug, coalesce(post.publish_at, post.created_at)::text,
        parent.name, parent.text,
        CASE WHEN parent.markup_version = %(version)s THEN left(parent.html, %(most)s) ELSE '' END,
        kept.id, kept.number, member.group_id, likeness.tier,
        (SELECT text FROM blog_appeal WHERE comment_id = c.id AND answered_at IS NULL),
        (SELECT json_agg(json_build_array(reason, note, settled_at IS NOT NULL) ORDER BY id DESC)::text
         FROM (SELECT * FROM blog_report WHERE comment_id = c.id ORDER BY id DESC LIMIT %(reports)s) newest),
        {history.COLUMNS}
    FROM unnest(%(keys)s::bigint[]) WITH ORDINALITY AS asked (id, place)
        JOIN blog_comment c ON c.id = asked.id
        JOIN blog_post post ON post.id = c.post_id
        LEFT JOIN blog_comment parent ON parent.id = c.parent_id
        LEFT JOIN blog_comment kept ON kept.id = c.merged_into_id
        LEFT JOIN blog_member member ON member.comment_id = c.id
        LEFT JOIN blog_group likeness ON likeness.id = member.group_id
        {history.THEIRS}
    ORDER BY asked.place
"""  # noqa: S608
# For each group of these comments and each post, how many of its members stand there.
SAME = """
    SELECT member.group_id, c.post_id, count(*) FROM blog_member member JOIN blog_comment c ON c.id = member.comment_id
    WHERE member.group_id = ANY(%(groups)s) AND c.post_id = ANY(%(posts)s) AND c.state IN ('visible', 'held')
    GROUP BY member.group_id, c.post_id
"""
BEGINNING = 1_000  # characters of HTML that hold the first words


class Shown(NamedTuple):
    """A comment as a queue reads it, with what hangs on it."""

    pk: int
    number: int
    state: str
    reason: str
    findings_json: str | None
    name: str
    has_address: bool
    is_proved: bool
    has_account: bool
    is_network_known: bool
    website: str
    html: str
    text: str  # "" where the stored HTML is good
    markup_version: int
    mentions: str  # JSON
    created: str  # times as PostgreSQL writes them, which are read where they are needed
    edited: str | None
    is_picked: bool
    post_id: int
    title: str
    slug: str
    dated: str  # as the post's address is
    parent_name: str | None
    parent_text: str | None
    parent_html: str | None  # its beginning; "" where it would have to be made anew
    kept_pk: int | None  # of the comment that it was merged into
    kept_number: int | None
    group_id: int | None
    tier: str | None
    appeal: str | None  # one that waits for an answer
    reports_json: str | None
    states: str | None
    reported: int
    notes_json: str | None

    @property
    def created_at(self):
        return datetime.fromisoformat(self.created)

    @property
    def edited_at(self):
        return self.edited and datetime.fromisoformat(self.edited)

    @property
    def is_held(self):
        return self.state == State.HELD

    @property
    def findings(self):
        return json.loads(self.findings_json) if self.findings_json else []

    @property
    def reports(self):
        """The newest reports as lists: reason, note, whether it is settled."""
        return json.loads(self.reports_json) if self.reports_json else []

    @property
    def is_reported(self):
        return any(not is_settled for _reason, _note, is_settled in self.reports)

    def body_html(self, address):
        """`address` is the post's."""
        if self.markup_version == markup.VERSION:
            return markup.stored(self.html)
        mentions = {name: f"{address}comments/{number}/" for name, number in json.loads(self.mentions).items()}
        return markup.comment_html(self.text, mentions)


@dataclass
class Row:
    """One line of a queue. `same` is how many comments on the post say the same, this one included."""

    comment: Shown
    same: int
    may_pick: bool  # whoever looks at it
    then: int = 0  # the comment to look at after this one

    @property
    def seen(self):
        """What its form carries: the comment, and what the moderator saw of it."""
        return f"{self.comment.pk} {batches.as_seen(self.comment)}"

    @cached_property
    def person(self):
        return history.person(self.comment.states, self.comment.reported, self.comment.notes_json)

    @property
    def possible(self):
        """The names of actions."""
        comment = self.comment
        is_mergeable = self.same > 1 and comment.tier != Tier.TEMPLATE
        return _possible(comment.state, comment.is_reported, is_mergeable, self.may_pick, comment.is_picked)

    @property
    def why(self):
        """Sentences, each with the id of another comment that it is about, or None."""
        comment, found = self.comment, self.comment.findings
        said = []
        if comment.reason == Reason.NEW and self.person.states[State.VISIBLE]:
            said = [(_("It came from a browser from which no comment had been let through."), None)]
        elif comment.reason and not (found and comment.reason in BY_FINDINGS):
            said = [(str(Reason(comment.reason).label), None)]
        return said + [(findings.in_words(finding), finding.get("comment")) for finding in found]


def rows(keys, user):
    """Return a Row for each comment that the list `keys` names, in that order. One query, and one for groups."""
    words = {"keys": keys, "version": markup.VERSION, "most": BEGINNING, "reports": REPORTS_SHOWN} | history.limits()
    comments = [Shown(*row) for row in lists.rows(QUERY, words)]
    same, may_pick = _same_on_the_post(comments), policy.may_all(user, "comment.pick")
    return [
        Row(comment, same[comment.group_id, comment.post_id], may_pick, (following or comment).pk)
        for comment, following in zip_longest(comments, comments[1:])
    ]


@cache
def _possible(state, is_reported, is_mergeable, may_pick, is_picked):
    """The names of what can be done to such a comment: the same set for all that are such."""
    actions = {
        action.value for action, after in batches.STATE_AFTER.items() if after != state and state in DECIDED_HERE
    }
    if state == State.VISIBLE and is_reported:
        actions.add("keep")
    if state in (State.VISIBLE, State.HELD):
        actions.add("reply")
    if is_mergeable:
        actions.add("merge")
    if may_pick and state == State.VISIBLE:
        actions.add("unpick" if is_picked else "pick")
    return frozenset(actions)


def _same_on_the_post(comments):
    """A dict from (group, post) to the number of members that stand there."""
    grouped = [comment for comment in comments if comment.group_id]
    if not grouped:
        return Counter()
    words = {
        "groups": sorted({comment.group_id for comment in grouped}),
        "posts": sorted({comment.post_id for comment in grouped}),
    }
    return Counter({(group, post): number for group, post, number in lists.rows(SAME, words)})
