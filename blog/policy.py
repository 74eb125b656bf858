"""Who may do what: the one table of roles and actions. No view, form or admin class decides it for itself.

Roles are Django groups, made by a migration; a superuser is an administrator. An action is a noun and a verb,
as in "post.change". A rule is True, or a test of the object that the action concerns.
"""

AUTHOR, EDITOR, MODERATOR, ADMINISTRATOR = "author", "editor", "moderator", "administrator"
ROLES = (AUTHOR, EDITOR, MODERATOR, ADMINISTRATOR)


def _own(user, post):
    """A new post, or one that the person wrote or signs."""
    return post is None or post.is_by(user)


def _own_draft(user, post):
    return post is None or (post.is_by(user) and post.status == "draft")


def _own_never_public(user, post):
    return post is None or (_own_draft(user, post) and not post.was_ever_public())


def _own_in_review(user, post):
    return post is None or (post.is_by(user) and post.status == "in_review")


_WRITERS = {AUTHOR: True, EDITOR: True}
_EDITORS = {EDITOR: True}
_MODERATORS = {EDITOR: True, MODERATOR: True}

# action → {role: rule}. An administrator may do everything that stands here; what does not stand here nobody may.
RULES: dict[str, dict] = {
    "desk.view": {AUTHOR: True, EDITOR: True, MODERATOR: True},
    "post.view": {AUTHOR: _own, EDITOR: True, MODERATOR: True},
    "post.add": _WRITERS,
    "post.change": {AUTHOR: _own_draft, EDITOR: True},
    "post.delete": {AUTHOR: _own_never_public, EDITOR: True},
    "post.preview": {AUTHOR: _own, EDITOR: True, MODERATOR: True},
    "post.submit": {AUTHOR: _own_draft, EDITOR: True},
    "post.withdraw": {AUTHOR: _own_in_review, EDITOR: True},
    "post.approve": _EDITORS,
    "byline.view": _WRITERS,
    "byline.add": _EDITORS,
    "byline.change": _EDITORS,
    "byline.delete": _EDITORS,
    "image.view": _WRITERS,
    "image.add": _WRITERS,
    "image.change": _WRITERS,
    "image.delete": _EDITORS,
    "tag.view": _WRITERS,
    "tag.add": _WRITERS,
    "tag.change": _EDITORS,
    "tag.delete": _EDITORS,
    "comment.view": _MODERATORS,
    "comment.moderate": _MODERATORS,
    "batch.view": _MODERATORS,
    "batch.undo": _MODERATORS,
    "user.view": {},
    "user.add": {},
    "user.change": {},
    "user.delete": {},
    "group.view": {},
}

PUBLIC = "public"
SIGNED_IN = "signed in"
_PUBLIC_ADDRESSES = (
    "front", "post", "comment", "write-comment", "comments-feed", "tag", "tag-feed", "author", "author-feed",
    "archive", "archive-year", "archive-month", "search", "rss", "atom", "sitemap", "robots", "admin:login", "^media/",
    "account_login", "account_logout", "account_inactive", "mfa_login_webauthn",
)  # fmt: skip

# Address → PUBLIC, SIGNED_IN (a person's own account), or the action that whoever opens it must be allowed. An address
# is the name of its URL pattern, or its route where it has no name; a key that ends in _ or / is a beginning, and the
# longest counts. tests/test_addresses.py holds that every address has a rule, and that who may not do the action does
# not see it.
ADDRESSES = {
    **dict.fromkeys(_PUBLIC_ADDRESSES, PUBLIC),
    "account_reauthenticate": SIGNED_IN,
    "mfa_": SIGNED_IN,  # a person's own second factor
    "preview": "post.preview",
    "admin:index": "desk.view",
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
    "admin:blog_batch_": "batch.view",
    "admin:blog_duplicates": "comment.moderate",
}


def may(user, action, thing=None):
    """Whether `user` may do `action`, to `thing` if one is given. KeyError for an action that is not in the table."""
    return any(rule is True or rule(user, thing) for rule in _rules_for(user, action))


def may_all(user, action):
    """Whether `user` may do `action` to every thing of its kind, so that a list need not look at each."""
    return any(rule is True for rule in _rules_for(user, action))


def _rules_for(user, action):
    rules = RULES[action]
    if not (user.is_active and user.is_staff):
        return []
    roles = roles_of(user)
    return [True] if ADMINISTRATOR in roles else [rule for role, rule in rules.items() if role in roles]


def roles_of(user):
    """The set of the person's roles; fetched once for each request's user object."""
    if not hasattr(user, "_roles"):
        names = set(user.groups.values_list("name", flat=True)) & set(ROLES)
        user._roles = names | {ADMINISTRATOR} if user.is_superuser else names
    return user._roles
