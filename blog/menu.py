"""The menu of the desk: what leads where, by the work that it belongs to, and the keys that lead there too."""

from typing import NamedTuple

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from blog import policy


class Entry(NamedTuple):
    words: Promise
    address: str  # the name of a URL pattern
    action: str  # that a person must be allowed, to be shown it
    key: str = ""  # pressed after "g"; entries with one stand in the bar at the top as well

    @property
    def url(self):
        return reverse(self.address)

    @property
    def keys(self):
        return f"g{self.key}" if self.key else ""


SECTIONS = [
    (
        _("Writing"),
        [
            Entry(_("Posts"), "admin:blog_post_changelist", "post.view", "p"),
            Entry(_("Board"), "board", "post.view", "b"),
            Entry(_("Calendar"), "calendar", "post.view", "c"),
            Entry(_("Front page"), "front-page", "front.arrange"),
            Entry(_("Images"), "admin:blog_image_changelist", "image.view", "i"),
            Entry(_("Bylines"), "admin:blog_byline_changelist", "byline.view"),
            Entry(_("Tags"), "admin:blog_tag_changelist", "tag.view"),
        ],
    ),
    (
        _("Conversation"),
        [
            Entry(_("Comments to judge"), "queues", "comment.moderate", "q"),
            Entry(_("All comments"), "admin:blog_comment_changelist", "comment.view"),
            Entry(_("Duplicates"), "admin:blog_duplicates", "comment.moderate"),
            Entry(_("Moderation log"), "admin:blog_batch_changelist", "batch.view"),
            Entry(_("Bans"), "admin:blog_ban_changelist", "ban.view"),
            Entry(_("Listed words"), "admin:blog_listedword_changelist", "word.view"),
            Entry(_("Reasons for removing"), "admin:blog_removalreason_changelist", "reason.view"),
        ],
    ),
    (
        _("The site"),
        [
            Entry(_("Letters"), "admin:blog_edition_changelist", "edition.view"),
            Entry(_("Subscribers"), "admin:blog_subscriber_changelist", "subscriber.view"),
            Entry(_("Appearance"), "admin:blog_appearance_changelist", "appearance.view"),
            Entry(_("Users"), "admin:auth_user_changelist", "user.view"),
            Entry(_("Groups"), "admin:auth_group_changelist", "group.view"),
            Entry(_("Events"), "admin:blog_event_changelist", "event.view"),
        ],
    ),
]


def sections_for(user):
    """Return the sections, each as (title, entries), with what `user` may open; none that would be empty."""
    shown = [(title, [entry for entry in entries if policy.may(user, entry.action)]) for title, entries in SECTIONS]
    return [(title, entries) for title, entries in shown if entries]
