"""Banning persons, networks and domains: as batches, so that each is in the log and can be undone."""

from contextlib import suppress

from django.db import IntegrityError, transaction
from django.utils import timezone

from blog.comments.models import Comment
from blog.moderation import batches
from blog.moderation.batches import NOBODY_KNOWS, Action, NothingToDo
from blog.screening import bans
from blog.screening.models import Ban
from blog.text import wording

Kind = Ban.Kind


@transaction.atomic
def ban(kind, comment, *, by, domain="", ends_at=None, note="", everything=None, because=None, words=""):
    """Hold from now on what comes from the writer or the network of a comment, or has links to `domain`.

    Return the Batch, which can be undone. `everything` is the Action, REMOVE or SPAM, by which all that stands of the
    comment's writer goes too, `because` of a RemovalReason and with `words` for them. `note` is for moderators. A ban
    of the same that stands or has ended is replaced; undoing the batch brings it back. NothingToDo.
    """
    what = {"kind": kind, "key": key_of(kind, comment, domain), "domain": domain, "comment": comment, "note": note}
    theirs = of(Kind.PERSON, comment)
    if everything:
        batches.lock_rows(theirs)  # discussions before bans, as where batches are undone
    return _recorded(what, ends_at, by, theirs if everything else None, everything, because, words)


@transaction.atomic
def renew(former, *, by, ends_at=None):
    """Ban again what `former` banned, until another time; return the Batch. NothingToDo."""
    what = {name: getattr(former, name) for name in ("kind", "key", "domain", "comment", "note")}
    return _recorded(what, ends_at, by)


def lift(standing, *, by):
    """End a ban now; what it held stays held, for a moderator to look at. NothingToDo."""
    rows = bans.standing().filter(pk=standing.pk)
    if not rows.update(lifted_at=timezone.now(), lifted_by=by):
        raise NothingToDo(NOBODY_KNOWS)


def key_of(kind, comment, domain=""):
    """Return the key under which a comment's writer or network, or a domain, is banned; None if it is not known."""
    of_kind = {Kind.PERSON: comment.author_key, Kind.NETWORK: comment.network_key, Kind.DOMAIN: domain}
    return bans.key(of_kind[kind]) if of_kind[kind] else None


def of(kind, comment, domain=""):
    """Return the comments, as a queryset, that a ban concerns: of a domain, those that link to this very one."""
    comments = Comment.objects.order_by("-created_at", "-pk").exclude(state=Comment.State.ERASED)
    if kind == Kind.DOMAIN:
        return comments.filter(fingerprint__domains__contains=[domain])
    if kind == Kind.NETWORK:
        return comments.filter(network_key=comment.network_key) if comment.network_key else comments.none()
    return comments.filter(author_key=comment.author_key)


def domains_of(comment):
    """Return the domains that a comment links to, sorted, with those above them."""
    domains = wording.domains(comment.text) | wording.domains(comment.website)
    return sorted({parent for domain in domains for parent in bans.with_parents(domain)})


def _recorded(what, ends_at, by, theirs=None, everything=None, because=None, words=""):
    former = _lifted(what, by)
    try:
        with transaction.atomic():
            new = Ban.objects.create(**what, by=by, ends_at=ends_at)
    except IntegrityError:  # somebody else has just banned the same
        raise NothingToDo(NOBODY_KNOWS) from None
    batch = None
    if theirs is not None:
        with suppress(NothingToDo):  # nothing of theirs stands: the ban is all there is to do
            batch = batches.moderate(everything, theirs.order_by(), by=by, because=because, note=words, ban=new)
    batch = batch or batches.record(Action.BAN, [], by=by, ban=new)
    if former:
        batch.besides["ban"] = former
        batch.save(update_fields=["besides"])
    return batch


def _lifted(what, by):
    """Lift a ban of the same that was not lifted yet; return that, as Batch.besides holds it."""
    now = timezone.now()
    rows = Ban.objects.select_for_update().filter(kind=what["kind"], key=what["key"], lifted_at=None)
    before = list(rows.values_list("pk", flat=True))
    Ban.objects.filter(pk__in=before).update(lifted_at=now, lifted_by=by)
    was, lifted = {"lifted_at": None, "lifted_by_id": None}, {"lifted_at": now.isoformat(), "lifted_by_id": by.pk}
    return {str(pk): [was, lifted] for pk in before}
