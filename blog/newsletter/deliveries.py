"""Writing the mails of the editions: a subscriber's is marked in the transaction in which it is written."""

from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from blog.newsletter import composing, keys, subscribing
from blog.newsletter.models import Delivery
from blog.posts.models import Post
from blog.web.letters import post_letter

AT_ONCE = 100  # written in one transaction, for which whoever leaves waits
A_MINUTE = 5  # such transactions in one run of the job: the queue is not for letters alone
KEPT = timedelta(days=30)


def write_some(now=None):
    """Write the next mails, up to AT_ONCE, and return how many; two workers at once write different ones."""
    with transaction.atomic():
        waiting = Delivery.objects.filter(sent_at=None).select_related("edition", "subscriber").order_by("pk")
        deliveries = list(waiting.select_for_update(skip_locked=True, of=["self"])[:AT_ONCE])
        made = {}
        for delivery in deliveries:
            edition, language = delivery.edition, delivery.subscriber.language
            if (edition, language) not in made:
                made[edition, language] = _words(edition, language)
            if words := made[edition, language]:
                _write(delivery, words)
        Delivery.objects.filter(pk__in=[each.pk for each in deliveries]).update(sent_at=now or timezone.now())
    return len(deliveries)


def write():
    """Write as many mails as are due within a minute."""
    for _turn in range(A_MINUTE):
        if write_some() < AT_ONCE:
            break


def forget(now=None):
    """Forget who got which edition, once that is long ago: an edition is filled once, so nobody gets it again."""
    Delivery.objects.filter(sent_at__lt=(now or timezone.now()) - KEPT).delete()


def _words(edition, language):
    """What an edition says now: a post that was taken away since is in no mail, and without posts there is none."""
    posts = Post.objects.published().filter(edition=edition).newest_first()
    keys_in_order = list(posts.values_list("pk", flat=True))
    return keys_in_order and composing.compose(keys_in_order, language, edition.due_at)


def _write(delivery, words):
    subscriber = delivery.subscriber
    leave = keys.leave_address(subscriber)
    mine = words.to(leave)
    headers = {  # RFC 8058, RFC 2919
        "List-Unsubscribe": f"<{leave}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "List-Id": f"<newsletter.{urlsplit(settings.SITE_URL).hostname}>",
    }
    key = f"{subscribing.LETTERS}{delivery.edition_id}-{subscriber.pk}"
    post_letter(key, mine.subject, mine.text, subscriber.email, headers, mine.html)
