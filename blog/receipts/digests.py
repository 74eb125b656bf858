"""Telling those who follow: each new comment is announced once, and the mails keep to each address's pace."""

from itertools import groupby

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Lower
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from blog.comments.models import Comment, Scope
from blog.posts.models import Post
from blog.receipts import following, keys
from blog.receipts.models import Address, Following, Notice
from blog.web.letters import post_letter

COMMENTS_AT_ONCE = 50  # announced in one transaction, for which whoever changes one of them waits
COMMENTS_IN_MAIL = 50  # the rest comes with the next
EXCERPT_CHARACTERS = 500
LETTERS = "comments-"  # how the keys of these mails begin


def announce():
    """Note for every address which of the comments that readers can see now it is to be told of."""
    while _announce_some():
        pass


def send_due(now=None):
    """Write one mail to each address that has something to be told and whose pace allows it."""
    now = now or timezone.now()
    due = Address.objects.filter(_is_due(now), Exists(_to_send().filter(address=OuterRef("pk"))))
    for pk in due.values_list("pk", flat=True):
        _send(pk, now)


@transaction.atomic
def _announce_some():
    untold = Comment.objects.visible().filter(told_at=None, post__in=Post.objects.published()).select_related("user")
    # Two workers at once announce different comments. Replies to them need not wait (no_key).
    comments = list(
        untold.select_for_update(skip_locked=True, of=["self"], no_key=True).order_by("pk")[:COMMENTS_AT_ONCE]
    )
    Comment.objects.filter(pk__in=[comment.pk for comment in comments]).update(told_at=timezone.now())
    for post in Post.objects.filter(pk__in={comment.post_id for comment in comments}):
        _let_writers_follow(post)
    notices = [Notice(address_id=pk, comment=comment) for comment in comments for pk in _addresses_to_tell(comment)]
    Notice.objects.bulk_create(notices, ignore_conflicts=True)
    return len(comments) == COMMENTS_AT_ONCE


def _let_writers_follow(post):
    """The post's writers hear of its comments, until they end it."""
    people = get_user_model()._default_manager.filter(is_active=True, is_staff=True).exclude(email="")
    for person in people.filter(Q(pk=post.created_by_id) | Q(pk__in=post.bylines.values("user"))):
        language = {"language": settings.LANGUAGE_CODE}
        address, _new = Address.objects.get_or_create(email=person.email.lower(), defaults=language)
        if not address.followings.filter(scope=Scope.POST, post=post, confirmed_at__isnull=False).exists():
            Following.objects.update_or_create(
                address=address, scope=Scope.POST, post=post, comment=None, defaults={"confirmed_at": timezone.now()}
            )


def _addresses_to_tell(comment):
    """Return the keys of those who follow what the comment belongs to, but for its writer."""
    answered = Q(comment=comment.parent_id) | Q(comment__merged_into=comment.parent_id)
    mentioned = Q(comment__number__in=comment.mentions.values())
    mine = {comment.email.lower(), comment.user.email.lower() if comment.user else ""}
    live = Following.objects.filter(post=comment.post_id, confirmed_at__isnull=False, ended_at=None)
    live = live.filter(address__muted_at=None).exclude(address__email__in=mine)
    wanted = live.filter(
        Q(scope=Scope.POST)
        | Q(scope=Scope.THREAD, comment__thread=comment.thread)
        | Q(answered | mentioned if comment.parent_id else mentioned, scope=Scope.REPLIES)
    )
    return set(wanted.values_list("address", flat=True))


def _is_due(now):
    rested = Q(told_at=None)
    for pace in Address.Pace:
        rested |= Q(pace=pace, told_at__lte=now - Address(pace=pace).interval)
    return rested & Q(muted_at=None)


def _to_send():
    """The Notices of comments that readers can see still, and that the address wants to hear of still."""
    wanted = Following.objects.filter(
        address=OuterRef("address"), post=OuterRef("comment__post"), confirmed_at__isnull=False, ended_at=None
    )
    shown = {"comment__state": Comment.State.VISIBLE, "comment__post__in": Post.objects.published()}
    return Notice.objects.filter(Exists(wanted), sent_at=None, **shown)


@transaction.atomic
def _send(pk, now):
    # Read again under the lock: another worker may have written to this address in the same moment.
    address = Address.objects.select_for_update().filter(_is_due(now), pk=pk).first()
    if address is None:
        return
    notices = _to_send().filter(address=address).select_related("comment__post", "comment__parent")
    notices = list(notices.order_by("comment__post", "comment__path")[:COMMENTS_IN_MAIL])
    if not notices:
        return
    Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(sent_at=now)
    Address.objects.filter(pk=pk).update(told_at=now)
    with override(address.language):
        subject, text = _words(address, [notice.comment for notice in notices])
    post_letter(letter_key(address.pk, now), subject, text, address.email, following.headers(address))


def letter_key(address, sent_at):
    """Return the key of the mail with the Notices that were given out at `sent_at`; `address` is an Address's key."""
    return f"{LETTERS}{address}-{sent_at.timestamp():.6f}"


def _words(address, comments):
    posts = [
        {
            "post": post,
            "comments": list(group),
            "receipt": _receipt_of(address, post),
            "mute": keys.mute_address(address, post),
        }
        for post, group in groupby(comments, key=lambda comment: comment.post)
    ]
    first = posts[0]["post"].title
    subject = ngettext("A new comment on “%(title)s”", "%(count)s new comments on “%(title)s”", len(comments)) % {
        "count": len(comments), "title": first,
    }  # fmt: skip
    if len(posts) > 1:
        subject = _("%(count)s new comments in %(posts)s discussions") % {"count": len(comments), "posts": len(posts)}
    more = {"site": settings.SITE_URL, "mute": keys.mute_address(address), "excerpt": EXCERPT_CHARACTERS}
    return subject, render_to_string("blog/receipts/digest.txt", {"posts": posts} | more)


def _receipt_of(address, post):
    """The address of the receipt with which the owner of an Address steers what they follow of a post."""
    # A comment that anybody sent with this address would be theirs to steer too, as soon as its link is used.
    mine = Comment.objects.alias(lower=Lower("email")).filter(post=post, email_proved_at__isnull=False)
    mine = mine.filter(lower=address.email)
    newest = mine.order_by("-pk").first()
    return keys.address_of(newest, by_mail=True) if newest else ""
