"""How an address comes to the list, by a link that is mailed to it, and how it leaves without a trace."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from blog.appearance import look
from blog.comments import limits
from blog.newsletter import keys
from blog.newsletter.models import Subscriber
from blog.web import rates
from blog.web.letters import post_letter
from blog.web.models import Letter

LETTERS = "newsletter-"  # how the keys of these mails begin


@transaction.atomic
def ask(email, language, address=""):
    """Mail the link that begins a subscription, or changes its language; `address` is the client's on the network.

    One mail a day to an e-mail address: who asks learns neither that there was one, nor whether it subscribes already.
    rates.TooOften if the network asks for too many.
    """
    rates.take(limits.subscriptions_by_network(), rates.network_key(address) or b"")
    try:
        rates.take(limits.asking_for_subscription(), email.lower())
    except rates.TooOften:
        return
    asked = {"created_at": timezone.now()}
    subscriber, _new = Subscriber.objects.update_or_create(
        email=email.lower(), defaults=asked, create_defaults=asked | {"language": language}
    )
    with override(language):
        subject = _("The weekly letter from %(site)s: is it for you?") % {"site": look.current().name}
        text = _(
            "Somebody, probably you, has asked for the weekly letter from %(site)s at this address.\n\n"
            "If it was you, open this link and press the button there:\n%(link)s\n\n"
            "If it was not, there is nothing to do: nothing changes, and an address that never said yes is\n"
            "deleted within a week.\n"
        ) % {"site": look.current().name, "link": keys.confirm_address(subscriber, language)}
    post_letter(f"{LETTERS}asked-{subscriber.pk}-{timezone.now().timestamp():.6f}", subject, text, subscriber.email)


def confirm(subscriber, language, now=None):
    """Begin the letters to a Subscriber, in this language; of one who gets them already only the language changes."""
    mine = Subscriber.objects.filter(pk=subscriber.pk)
    mine.update(language=language)
    mine.filter(confirmed_at=None).update(confirmed_at=now or timezone.now())


def leave(subscriber):
    """Forget a Subscriber, and the mails that are on their way."""
    remove([subscriber.pk])


@transaction.atomic
def remove(subscribers):
    """Forget the subscribers with these keys."""
    # Locked first: an edition that is just being made waits, and leaves them out.
    mine = dict(Subscriber.objects.select_for_update().filter(pk__in=subscribers).values_list("pk", "email"))
    Subscriber.objects.filter(pk__in=mine).delete()
    Letter.objects.filter(to__in=mine.values(), key__startswith=LETTERS).delete()


def forget_unconfirmed(now=None):
    """Forget whoever did not say yes as long as their link was good."""
    late = Subscriber.objects.filter(confirmed_at=None, created_at__lt=(now or timezone.now()) - keys.GOOD_FOR)
    remove(late.values_list("pk", flat=True))
