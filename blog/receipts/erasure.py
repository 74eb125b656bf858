"""Erasing a person: their comments become places without words, and no table holds anything of them any more."""

import re

from django.apps import apps
from django.contrib.postgres.functions import RandomUUID
from django.db import transaction
from django.db.models import BinaryField, Func, Q
from django.db.models.functions import Lower

from blog.comments import fingerprints, groups, mentions, threads
from blog.comments.models import Comment
from blog.comments.submission import text_columns
from blog.receipts import digests, following
from blog.receipts.models import Address, FormerText, Notice
from blog.screening.models import Ban
from blog.text import markup
from blog.web.models import Letter

NOBODY = "@…"  # stands for a mention of somebody who was erased
RANDOM_KEY = Func(RandomUUID(), function="uuid_send", output_field=BinaryField())  # another one in each row and column
NEWSLETTERS = "newsletter-"  # how the keys of these mails begin (newsletter/subscribing.py)
ABOUT_COMMENTS = ("FormerText", "Appeal", "Report", "Notice", "Following")
NOTHING: dict[str, object] = {
    **dict.fromkeys(["name", "email", "website", "text", "html", "reason"], ""),
    **dict.fromkeys(["user", "merged_into", "network_key", "edited_at", "email_proved_at", "picked_at"]),
    **dict.fromkeys(["author_key", "submission_key"], RANDOM_KEY),
    "mentions": {},
    "findings": [],
    "markup_version": markup.VERSION,
    "state": Comment.State.ERASED,
}


@transaction.atomic
def erase(mine):
    """Erase the comments of a queryset, with their copies, and what is known of their addresses.

    Numbers and places stay, so replies keep theirs. What others wrote stays, but their mentions lose the name.
    Comments come first, addresses last: the jobs that tell followers lock them in this order too.
    """
    keys = set(mine.values_list("pk", flat=True))
    # Of the copies only their own: another person who said the same did not ask to be erased.
    same_writer = Q(author_key__in=mine.values("author_key")) | Q(name__in=mine.values("name"))
    concerned = Comment.objects.filter(Q(pk__in=keys) | Q(same_writer, merged_into__in=keys))
    threads.lock(set(concerned.values_list("post_id", flat=True)))
    comments = list(concerned)
    for comment in comments:
        fingerprints.forget_text(comment)
        groups.leave(comment)
    Comment.objects.filter(pk__in=[comment.pk for comment in comments]).update(**NOTHING)
    _forget_mentions(comments)
    _forget_mails(comments)
    for name in ABOUT_COMMENTS:
        apps.get_model("blog", name)._default_manager.filter(comment__in=comments).delete()
    apps.get_model("blog", "PersonNote")._default_manager.filter(
        author_key__in={bytes(comment.author_key) for comment in comments}
    ).delete()
    _forget_decisions(comments)
    for email in sorted({comment.email.lower() for comment in comments if comment.pk in keys and comment.email}):
        _forget_address(email, any(each.email_proved_at for each in comments if each.email.lower() == email))


def _forget_mentions(comments):
    """Take the names of these comments' writers out of the texts that mention them."""
    gone = {(comment.post_id, comment.number): comment.name for comment in comments}
    others = Comment.objects.filter(post__in={comment.post_id for comment in comments})
    for other in others.exclude(mentions={}).select_related("post"):
        names = {name for name, number in other.mentions.items() if (other.post_id, number) in gone}
        if names:
            left = {name: number for name, number in other.mentions.items() if name not in names}
            columns = text_columns(_without(other.text, names, other.mentions), other.post, left)
            Comment.objects.filter(pk=other.pk).update(**columns)
    for former in FormerText.objects.filter(comment__in=others, text__contains="@").select_related("comment"):
        people = {name: number for (post, number), name in gone.items() if post == former.comment.post_id}
        names = mentions.find(former.text, people)
        if names:
            FormerText.objects.filter(pk=former.pk).update(text=_without(former.text, names, names))


def _without(text, names, mentioned):
    # The longest name counts, as where mentions become links: "@Anna Ek" does not mention Anna.
    longest_first = sorted(mentioned, key=len, reverse=True)
    pattern = re.compile(rf"(?<!\w)@({'|'.join(map(re.escape, longest_first))})(?!\w)")
    return pattern.sub(lambda match: NOBODY if match[1] in names else match[0], text)


def _forget_decisions(comments):
    """Empty what moderators wrote to these comments' writers, or about them. A ban stands: it names nobody."""
    decided = apps.get_model("blog", "Batch")._default_manager.filter(rows__comment__in=comments)
    bans = Ban.objects.filter(comment__in=comments)
    apps.get_model("blog", "Batch")._default_manager.filter(Q(pk__in=decided.values("pk")) | Q(ban__in=bans)).exclude(
        note=""
    ).update(note="")
    bans.update(note="", comment=None)


def _forget_mails(comments):
    """Drop the mails that wait and tell of these comments; what else they tell is written anew."""
    Letter.objects.filter(key__in=[following.letter_key(comment) for comment in comments]).delete()
    told = Notice.objects.filter(comment__in=comments, sent_at__isnull=False)
    for address, sent_at in set(told.values_list("address", "sent_at")):
        waiting, _rows = Letter.objects.filter(key=digests.letter_key(address, sent_at)).delete()
        if waiting:
            Notice.objects.filter(address=address, sent_at=sent_at).update(sent_at=None)
            Address.objects.filter(pk=address).update(told_at=None)


def _forget_address(email, is_proved):
    """Forget an address that no comment has any more; without proof, only one that nobody else has proved or muted."""
    if Comment.objects.alias(lower=Lower("email")).filter(lower=email).exists():
        return
    if is_proved:
        apps.get_model("blog", "Subscriber")._default_manager.filter(email=email).delete()
        Letter.objects.filter(to=email, key__startswith=NEWSLETTERS).delete()
    addresses = Address.objects.filter(email=email)
    if not is_proved:
        addresses = addresses.filter(proved_at=None, muted_at=None).exclude(followings__confirmed_at__isnull=False)
    if addresses.delete()[0]:
        Letter.objects.filter(to=email, key__startswith=digests.LETTERS).delete()
