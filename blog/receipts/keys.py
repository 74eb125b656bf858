"""The private links of comments and addresses: signed, so that nothing about them is stored.

There are two links for each comment. The one shown after sending shows that its holder sent the comment; the one that
was mailed shows besides that the address is theirs. What a link may do is decided by its Receipt alone.
"""

from dataclasses import dataclass

from django.core import signing
from django.urls import reverse

from blog.comments.models import Comment
from blog.posts.models import Post
from blog.receipts.models import Address
from blog.web.addresses import on_site

SHOWN, MAILED = "blog.receipt.shown", "blog.receipt.mailed"
MUTE = "blog.receipt.mute"


@dataclass(frozen=True)
class Receipt:
    key: str
    comment: Comment
    by_mail: bool  # whoever holds it reads the mail of the comment's address

    @property
    def proves_address(self):
        """Whether its holder may say what mails go to the comment's address.

        What was proved by a mail later shows nothing of who sent the comment; what was proved at sending does.
        """
        comment = self.comment
        return bool(comment.email and (self.by_mail or comment.email_proved_at == comment.created_at))


@dataclass(frozen=True)
class Muting:
    """What a mute link ends: the mails to an address about one post's comments, or for None about all."""

    address: Address
    post: Post | None


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
        comment = Comment.objects.select_related("post", "parent", "merged_into", "user").filter(pk=pk).first()
        return comment and Receipt(key, comment, salt == MAILED)
    return None


def mute_address(address, post=None):
    """Return the full address at which one click ends the mails to an Address about comments, all or on one post."""
    return on_site(reverse("mute", args=[_signer(MUTE).sign(f"{address.pk}-{post.pk if post else ''}")]))


def find_muting(key):
    """Return the Muting that the last part of a mute link names, or None."""
    try:
        address, _dash, post = _signer(MUTE).unsign(key).partition("-")
    except signing.BadSignature:
        return None
    found = Address.objects.filter(pk=address).first()
    return found and Muting(found, Post.objects.filter(pk=post).first() if post else None)


def _signer(salt):
    return signing.Signer(salt=salt)
