"""Who may do what: the one table of roles, actions and states. No view, form or admin class decides it for itself.

Roles are Django groups, made by a migration; a superuser is an administrator. An action is a noun and a verb,
as in "post.change". A rule is ANY, or says which posts, or pictures, the action may concern.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import Q

AUTHOR, EDITOR, MODERATOR, ADMINISTRATOR = "author", "editor", "moderator", "administrator"
ROLES = (AUTHOR, EDITOR, MODERATOR, ADMINISTRATOR)

# The states of a post's newest text (posts/workflow.py).
DRAFT, IN_REVIEW, CHANGES, APPROVED, ARCHIVED = "draft", "in_review", "changes_requested", "approved", "archived"
STATES = (DRAFT, IN_REVIEW, CHANGES, APPROVED, ARCHIVED)


@dataclass(frozen=True)
class Only:
    """Posts that the person began or signs (`own`), whose newest text is in one of the states.

    `unpublished`: that readers have never seen, and that are not approved. `reviewed`: an approved text is not touched
    by it, since what is changed after approval waits for another (settings.REAPPROVE_CHANGES).
    A post that is not there yet is everybody's own.
    """

    states: tuple = STATES
    own: bool = False
    unpublished: bool = False
    reviewed: bool = False

    def allows(self, user, post):
        if post is None:
            return True
        state = post.newest.status
        return (
            state in self.states
            and not (self.unpublished and (post.status == APPROVED or post.was_ever_public()))
            and not (self.reviewed and post.status == APPROVED and not settings.REAPPROVE_CHANGES)
            and (not self.own or post.is_by(user))
        )


@dataclass(frozen=True)
class Unshown:
    """Pictures whose words are on no approved page: readers get approved words only."""

    def allows(self, user, image):
        return image is None or not image.is_shown()


ANY = Only()
OWN = Only(own=True)

_WRITERS = {AUTHOR: ANY, EDITOR: ANY}
_EDITORS = {EDITOR: ANY}
_MODERATORS = {EDITOR: ANY, MODERATOR: ANY}
_READERS = {AUTHOR: OWN, EDITOR: ANY, MODERATOR: ANY}

# action → {role: rule}. An administrator may do everything that stands here; what does not stand here nobody may.
# Which steps a state has at all is the workflow's matter (posts/steps.py).
RULES: dict[str, Mapping[str, Only | Unshown]] = {
    "desk.view": {AUTHOR: ANY, EDITOR: ANY, MODERATOR: ANY},
    "post.view": _READERS,
    "post.preview": _READERS,
    "post.add": _WRITERS,
    "post.change": {AUTHOR: Only((DRAFT, CHANGES, APPROVED), own=True, reviewed=True), EDITOR: ANY},
    "post.delete": {AUTHOR: Only((DRAFT, CHANGES), own=True, unpublished=True), EDITOR: ANY},
    "post.submit": {AUTHOR: Only((DRAFT, CHANGES), own=True), EDITOR: ANY},
    "post.withdraw": {AUTHOR: Only((IN_REVIEW,), own=True), EDITOR: ANY},
    "post.discard": {AUTHOR: Only((DRAFT, CHANGES), own=True), EDITOR: ANY},
    "post.note": _READERS,
    "post.resolve": {AUTHOR: OWN, EDITOR: ANY},
    "post.plan": {AUTHOR: Only((DRAFT, CHANGES), own=True, unpublished=True), EDITOR: ANY},
    "post.approve": _EDITORS,
    "post.assign": _EDITORS,
    "post.override": _EDITORS,
    "post.invite": {AUTHOR: OWN, EDITOR: ANY},
    "post.relate": _EDITORS,
    "post.correct": _EDITORS,
    "post.rename": _EDITORS,
    "front.arrange": _EDITORS,
    "event.view": _EDITORS,
    "byline.view": _WRITERS,
    "byline.add": _EDITORS,
    "byline.change": _EDITORS,
    "byline.delete": _EDITORS,
    "image.view": _WRITERS,
    "image.add": _WRITERS,
    "image.change": {AUTHOR: Unshown(), EDITOR: ANY},
    "image.delete": _EDITORS,
    "tag.view": _WRITERS,
    "tag.add": _WRITERS,
    "tag.change": _EDITORS,
    "tag.delete": _EDITORS,
    "comment.view": _MODERATORS,
    "comment.moderate": _MODERATORS,
    "comment.pick": _EDITORS,
    "batch.view": _MODERATORS,
    "batch.undo": _MODERATORS,
    "ban.view": _MODERATORS,
    "ban.decide": _MODERATORS,
    "word.view": _MODERATORS,
    "word.add": _MODERATORS,
    "word.change": _MODERATORS,
    "word.delete": _MODERATORS,
    "reason.view": _MODERATORS,
    "reason.change": _MODERATORS,
    "reason.add": {},
    "reason.retire": {},
    "edition.view": _EDITORS,
    "subscriber.view": {},
    "subscriber.export": {},
    "subscriber.delete": {},
    "appearance.view": {},
    "appearance.change": {},
    "user.view": {},
    "user.add": {},
    "user.change": {},
    "user.delete": {},
    "group.view": {},
}

PUBLIC = "public"
SIGNED_IN = "signed in"
_PUBLIC_ADDRESSES = (
    "front", "post", "tag", "tag-feed", "author", "author-feed", "archive", "archive-year", "archive-month", "search",
    "comment", "write-comment", "report-comment", "comments-feed", "thread-feed", "comments-since", "new-comments",
    "rss", "atom", "sitemap", "sitemap-of-month", "sitemap-of-tags", "robots", "healthz", "readyz", "metrics",
    "manifest", "worker", "offline", "look", "favicon", "newsletter", "newsletter-thanks",
    "admin:login", "^media/",
    "account_login", "account_logout", "account_inactive", "mfa_login_webauthn",
    # By a link whose key is the right:
    "review", "review-notes", "review-decision", "mute", "receipt", "receipt-address", "receipt-text",
    "receipt-withdrawal", "receipt-return", "receipt-mails", "receipt-appeal", "receipt-download", "receipt-erasure",
    "newsletter-confirm", "newsletter-leave",
)  # fmt: skip

# Address → PUBLIC, SIGNED_IN (a person's own account), or the action that whoever opens it must be allowed. An address
# is the name of its URL pattern, or its route where it has no name; a key that ends in _ or / is a beginning, and the
# longest counts. tests/permissions holds that every address has a rule, and leads everybody past all of them.
ADDRESSES = {
    **dict.fromkeys(_PUBLIC_ADDRESSES, PUBLIC),
    "account_reauthenticate": SIGNED_IN,
    "mfa_": SIGNED_IN,  # a person's own second factor
    "preview": "post.preview",
    "preview-notes": "post.note",
    "preview-note": "post.resolve",
    "review-seats": "post.invite",
    "review-seat": "post.invite",
    "autosave": "post.add",
    "autosave-new": "post.add",
    "autosave-forget": "post.add",
    "autosave-forget-new": "post.add",
    "correct": "post.correct",
    "address": "post.rename",
    "board": "post.view",
    "calendar": "post.view",
    "calendar-move": "post.plan",
    "filters": "post.view",
    "filter-delete": "post.view",
    "bulk": "post.change",
    "admin:index": "desk.view",
    "admin:keys": "desk.view",
    "admin:logout": "desk.view",
    "admin:password_change": "desk.view",
    "admin:password_change_done": "desk.view",
    "admin:autocomplete": "desk.view",
    "admin:jsi18n": "desk.view",
    "admin:app_list": "desk.view",
    "admin/": "desk.view",  # its routes without a name: what is not there, and old addresses of a thing
    "admin:auth_user_": "user.view",
    "admin:auth_group_": "group.view",
    "admin:blog_post_": "post.view",
    "admin:blog_byline_": "byline.view",
    "admin:blog_image_": "image.view",
    "admin:blog_tag_": "tag.view",
    "admin:blog_comment_": "comment.view",
    "admin:blog_comment_answer": "comment.moderate",
    "admin:blog_batch_": "batch.view",
    "admin:blog_ban_": "ban.view",
    "admin:blog_ban_new": "ban.decide",
    "admin:blog_ban_lift": "ban.decide",
    "admin:blog_ban_renew": "ban.decide",
    "admin:blog_listedword_": "word.view",
    "admin:blog_removalreason_": "reason.view",
    "admin:blog_event_": "event.view",
    "events-table": "event.view",
    "front-page": "front.arrange",
    "front-page-step": "front.arrange",
    "admin:blog_edition_": "edition.view",
    "admin:blog_subscriber_": "subscriber.view",
    "admin:blog_subscriber_table": "subscriber.export",
    "admin:blog_appearance_": "appearance.change",
    "versions": "post.view",
    "version": "post.view",
    "compare-versions": "post.view",
    "restore-version": "post.change",
    "admin:blog_duplicates": "comment.moderate",
    "queues": "comment.moderate",
    "queue": "comment.moderate",
    "moderate": "comment.moderate",
    "person": "comment.moderate",
    "person-remove": "comment.moderate",
    "person-note-delete": "comment.moderate",
    "admin:blog_duplicates_": "comment.moderate",
}


def may(user, action, thing=None):
    """Whether `user` may do `action`, to `thing` if one is given. KeyError for an action that is not in the table."""
    return any(rule == ANY or rule.allows(user, thing) for rule in _rules_for(user, action))


def may_all(user, action):
    """Whether `user` may do `action` to every thing of its kind, so that a list need not look at each."""
    return ANY in _rules_for(user, action)


def people_who_may(action):
    """Return the accounts that may do `action` to every thing of its kind."""
    roles = [role for role, rule in RULES[action].items() if rule == ANY]
    may = Q(groups__name__in=[*roles, ADMINISTRATOR]) | Q(is_superuser=True)
    people = get_user_model()._default_manager.filter(is_active=True, is_staff=True)
    return people.filter(pk__in=people.filter(may).values("pk"))


def _rules_for(user, action):
    rules = RULES[action]
    if not (user.is_active and user.is_staff):
        return []
    roles = roles_of(user)
    return [ANY] if ADMINISTRATOR in roles else [rule for role, rule in rules.items() if role in roles]


def roles_of(user):
    """The set of the person's roles; fetched once for each request's user object."""
    if not hasattr(user, "_roles"):
        names = set(user.groups.values_list("name", flat=True)) & set(ROLES)
        user._roles = names | {ADMINISTRATOR} if user.is_superuser else names
    return user._roles
