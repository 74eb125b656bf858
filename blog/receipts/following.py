"""Who hears of which comments by mail, and the mail that proves an address."""

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from blog.comments import limits
from blog.comments.models import Comment, Scope
from blog.receipts import keys
from blog.receipts.models import Address, Following
from blog.web import rates
from blog.web.letters import post_letter


def begin(comment, scope=""):
    """For a new comment with an e-mail address: note what its writer wants to follow, and mail the receipt.

    Expects the transaction in which the comment is stored. Until the mailed link is used, or where this browser has
    not proved the address before, that is the only mail to the address.
    """
    if not comment.email:
        return
    address = _address_of(comment)
    if scope:
        follow(address, comment, scope, confirmed_at=comment.email_proved_at)
    if not comment.email_proved_at:
        _ask(address, comment)


def follow(address, comment, scope, confirmed_at=None):
    """Have an address follow the replies to a comment, its thread or its post.

    Without proof what is new waits for it, and nothing else changes: what its owner ended stays so.
    """
    target = None if scope == Scope.POST else comment
    found, is_new = Following.objects.get_or_create(
        address=address, scope=scope, post_id=comment.post_id, comment=target, defaults={"confirmed_at": confirmed_at}
    )
    if not is_new and confirmed_at:
        dormant = Following.objects.filter(Q(ended_at__isnull=False) | Q(confirmed_at=None), pk=found.pk)
        dormant.update(ended_at=None, confirmed_at=confirmed_at)


def followed(comment):
    """Return the Followings that a comment's writer has asked for with it: of the comment, its thread or its post."""
    about = Q(comment=comment) | Q(scope=Scope.POST, post=comment.post_id)
    return Following.objects.filter(about, address__email=comment.email.lower(), ended_at=None)


@transaction.atomic
def choose(comment, scope, pace):
    """Have the proved address of a comment follow just this of its discussion (nothing: ""), at this pace."""
    address = _address_of(comment)
    followed(comment).update(ended_at=timezone.now())
    address.pace = pace
    if scope:
        address.muted_at = None
        follow(address, comment, scope, confirmed_at=timezone.now())
    address.save(update_fields=["pace", "muted_at"])


@transaction.atomic
def prove(comment, own=()):
    """Note that whoever acts reads the mail of the comment's address, and confirm what they asked to follow.

    `own` holds the ids of the comments that they sent with the same browser.
    """
    now = timezone.now()
    mine = Comment.objects.alias(lower=Lower("email")).filter(pk__in=[comment.pk, *own], lower=comment.email.lower())
    mine.filter(email_proved_at=None).update(email_proved_at=now)
    Address.objects.filter(pk=_address_of(comment).pk, proved_at=None).update(proved_at=now)
    for each in mine:
        followed(each).filter(confirmed_at=None).update(confirmed_at=now)
    comment.refresh_from_db(fields=["email_proved_at"])


@transaction.atomic
def mute(muting):
    """End the mails that a Muting names."""
    now = timezone.now()
    if muting.post is None:
        Address.objects.filter(pk=muting.address.pk, muted_at=None).update(muted_at=now)
    else:
        muting.address.followings.filter(post=muting.post, ended_at=None).update(ended_at=now)


def letter_key(comment):
    """Return the key of the mail with a comment's receipt."""
    return f"receipt-{comment.pk}"


def headers(address):
    """Return what a mail to an Address says to the mail program: how one click ends such mails (RFC 8058)."""
    link = keys.mute_address(address)
    return {"List-Unsubscribe": f"<{link}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def _address_of(comment):
    # Locked, since its owner may be erasing it.
    addresses = Address.objects.select_for_update()
    return addresses.get_or_create(email=comment.email.lower(), defaults={"language": comment.post.language})[0]


def _ask(address, comment):
    """Send the mail that proves the address, unless one was sent lately, or its owner wants none."""
    if address.muted_at:
        return
    try:
        # Not a column of the Address: that goes when somebody erases what they wrote in its name, and mails would flow.
        rates.take(limits.asking_for_proof(), address.email)
    except rates.TooOften:
        return
    with override(address.language):
        subject = _("Your comment on “%(title)s”") % {"title": comment.post.title}
        text = _(
            "Somebody, probably you, has commented with this address.\n\n"
            "This private link shows what became of the comment. There you can change it, follow the discussion by\n"
            "mail, or have everything of yours erased:\n%(link)s\n\n"
            "If it was not you, this link ends all mails about comments:\n%(mute)s\n"
        ) % {"link": keys.address_of(comment, by_mail=True), "mute": keys.mute_address(address)}
    post_letter(letter_key(comment), subject, text, address.email, headers(address))
