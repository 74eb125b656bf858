"""What is stored of a person, as far as their receipt shows that it is theirs."""

from django.apps import apps
from django.db.models import Q
from django.db.models.functions import Lower

from blog.comments.models import Comment
from blog.receipts.models import Address
from blog.web.addresses import on_site


def comments_of(receipt, own=()):
    """Return the comments of whoever holds a Receipt, as a queryset, the oldest first.

    With a mailed link: all with that address. With the other: its comment, and those with an id in `own`, which are
    known to come from the same browser.
    """
    comments = Comment.objects.exclude(state=Comment.State.ERASED).order_by("pk")
    if receipt.by_mail and receipt.comment.email:
        return comments.alias(lower=Lower("email")).filter(
            Q(lower=receipt.comment.email.lower()) | Q(pk=receipt.comment.pk)
        )
    return comments.filter(pk__in=[receipt.comment.pk, *own])


def everything(receipt, own=()):
    """Return what is stored of whoever holds a Receipt, as a dict that JSON can hold."""
    comments = comments_of(receipt, own).select_related("post", "appeal").prefetch_related("former_texts")
    email = receipt.comment.email.lower() if receipt.proves_address else ""
    address = Address.objects.filter(email=email).first()
    subscriber = apps.get_model("blog", "Subscriber")._default_manager.filter(email=email)
    return {
        "comments": [_comment(comment) for comment in comments],
        "mails": address and _mails(address),
        "newsletter": subscriber.values("email", "language", "created_at", "confirmed_at").first(),
    }


def _comment(comment):
    appeal = getattr(comment, "appeal", None)
    return {
        "address": on_site(comment.get_absolute_url()),
        "name": comment.name,
        "email": comment.email,
        "website": comment.website,
        "text": comment.text,
        "former_texts": [{"text": each.text, "replaced_at": each.replaced_at} for each in comment.former_texts.all()],
        "state": comment.state,
        "held_because": comment.reason,
        "posted_at": comment.created_at,
        "changed_at": comment.edited_at,
        "address_proved_at": comment.email_proved_at,
        "appeal": appeal and {"text": appeal.text, "received_at": appeal.created_at, "answer": appeal.answer},
    }


def _mails(address):
    columns = "scope", "post_id", "comment_id", "created_at", "confirmed_at", "ended_at"
    return {
        "address": address.email,
        "language": address.language,
        "pace": address.pace,
        "proved_at": address.proved_at,
        "ended_at": address.muted_at,
        "follows": list(address.followings.order_by("pk").values(*columns)),
        "told_of": list(address.notices.order_by("pk").values("comment_id", "created_at", "sent_at")),
    }
