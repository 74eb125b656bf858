"""Who hears of which comments by mail, and the mail that proves an address."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from blog.comments.models import Scope
from blog.receipts import keys
from blog.receipts.models import Address, Following
from blog.web.letters import post_letter

ASK_AGAIN_AFTER = timedelta(days=1)  # an address that is not proved gets one mail a day at most, whoever types it


def begin(comment, scope=""):
    """For a new comment with an e-mail address: note what its writer wants to follow, and mail the receipt.

    Expects the transaction in which the comment is stored. Until the mailed link is used, or where this browser has
    not proved the address before, that is the only mail to the address.
    """
    if not comment.email:
        return
    address, _new = Address.objects.get_or_create(
        email=comment.email.lower(), defaults={"language": comment.post.language}
    )
    if scope:
        follow(address, comment, scope, confirmed_at=comment.email_proved_at)
    if not comment.email_proved_at:
        _ask(address, comment)


def follow(address, comment, scope, confirmed_at=None):
    """Have an address follow the replies to a comment, its thread or its post; return the Following."""
    target = None if scope == Scope.POST else comment
    found, _new = Following.objects.update_or_create(
        address=address, scope=scope, post_id=comment.post_id, comment=target,
        defaults={"ended_at": None}, create_defaults={"confirmed_at": confirmed_at},
    )  # fmt: skip
    return found


def _ask(address, comment):
    """Send the mail that proves the address, unless one was sent lately."""
    now = timezone.now()
    lately = now - ASK_AGAIN_AFTER
    free = Address.objects.filter(pk=address.pk, muted_at=None).exclude(asked_at__gt=lately)
    if not free.update(asked_at=now):
        return
    with override(address.language):
        subject = _("Your comment on “%(title)s”") % {"title": comment.post.title}
        text = _(
            "Somebody, probably you, has commented with this address.\n\n"
            "This private link shows what became of the comment. There you can change it, follow the discussion by\n"
            "mail, or have everything of yours erased:\n%(link)s\n\n"
            "If it was not you, do nothing: no further mail will come.\n"
        ) % {"link": keys.address_of(comment, by_mail=True)}
    post_letter(f"receipt-{comment.pk}", subject, text, address.email)
