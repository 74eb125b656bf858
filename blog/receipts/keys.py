"""The private links of comments and addresses: signed, so that nothing about them is stored.

There are two links for each comment. The one shown after sending shows that its holder sent the comment; the one that
was mailed shows besides that the address is theirs. What a link may do is decided by its Receipt alone.
"""

from dataclasses import dataclass

from django.core import signing
from django.urls import reverse

from blog.comments.models import Comment
from blog.receipts.models import Address
from blog.web.addresses import on_site

SHOWN, MAILED, MUTE = "blog.receipt.shown", "blog.receipt.mailed", "blog.receipt.mute"


@dataclass(frozen=True)
class Receipt:
    comment: Comment
    by_mail: bool  # whoever holds it reads the mail of the comment's address


def address_of(comment, by_mail=False):
    """Return the full address of a comment's receipt."""
    return on_site(reverse("receipt", args=[_signer(MAILED if by_mail else SHOWN).sign(comment.pk)]))


def find(key):
    """Return the Receipt that the last part of an address opens, its comment's post loaded, or None."""
    for salt in (SHOWN, MAILED):
        try:
            pk = _signer(salt).unsign(key)
        except signing.BadSignature:
            continue
        comment = Comment.objects.select_related("post", "merged_into", "user").filter(pk=pk).first()
        return comment and Receipt(comment, salt == MAILED)
    return None


def mute_address(address):
    """Return the full address at which one click ends all mails about comments to an Address."""
    return on_site(reverse("mute", args=[_signer(MUTE).sign(address.pk)]))


def find_muted(key):
    """Return the Address that the last part of a mute link names, or None."""
    try:
        return Address.objects.filter(pk=_signer(MUTE).unsign(key)).first()
    except signing.BadSignature:
        return None


def _signer(salt):
    return signing.Signer(salt=salt)
