"""Whether a new or changed comment is shown at once, and what a moderator is told of it. It only ever holds."""

import logging
from datetime import timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from blog.comments.models import Comment
from blog.screening import bans, bayes, links, words
from blog.screening.models import Ban
from blog.text import wording
from blog.text.sameness import Tier

State, Reason = Comment.State, Comment.Reason
COPIED = (Tier.EXACT, Tier.LINK)
LIKE_SPAM = (Tier.EXACT, Tier.LINK, Tier.EXTENDED, Tier.NEAR)
TOO_FAST_SECONDS = 3
# So many comments from one network, or of anybody with one link domain, within so long.
NETWORK_BURST, NETWORK_BURST_WITHIN = 10, timedelta(minutes=5)
DOMAIN_BURST, DOMAIN_BURST_WITHIN = 5, timedelta(minutes=10)
NEWEST = 500  # comments of the last minutes, in which links are compared
BANNED = {f"{kind}_ban" for kind in Ban.Kind.values}
# What is found of unknown people alone. Where these wait for a moderator anyway, that is what they are told.
OF_UNKNOWN = {"links", "fast", "network_burst", "domain_burst", "bayes"}

OF_NETWORK = """
SELECT count(*) FROM (SELECT id, created_at FROM blog_comment WHERE network_key = %s ORDER BY id DESC LIMIT %s) late
WHERE created_at > %s AND id IS DISTINCT FROM %s
"""
OF_DOMAINS = """
SELECT domain, count(*) FROM (
    SELECT id FROM blog_comment WHERE created_at > %s ORDER BY created_at DESC, id DESC LIMIT %s
) late JOIN blog_fingerprint f ON f.comment_id = late.id, unnest(f.domains) AS domain
WHERE domain = ANY(%s) AND late.id IS DISTINCT FROM %s GROUP BY domain HAVING count(*) >= %s ORDER BY domain
"""

logger = logging.getLogger(__name__)


class Verdict(NamedTuple):
    """How a comment begins."""

    state: str
    reason: str  # for its writer; "" where it is not held
    findings: list  # for moderators: dicts with a "rule", and what it found in ids, numbers and domains


def judge(comment, sender, found=()):
    """Return the Verdict about a comment that is about to be stored, by its Sender and what says the same (Matches).

    Four to ten queries, by indexes alone.
    """
    if sender.user and sender.user.is_staff:
        return Verdict(State.VISIBLE, "", [])
    is_known = _is_known(comment, sender)
    findings = [*_trapped(sender), *_copies(comment, found), *_found_by_rules(comment, sender, is_known)]
    at_once = settings.COMMENTS_PUBLIC_AT_ONCE
    is_new = not (at_once == "everyone" or (is_known and at_once == "known"))
    if findings:
        return Verdict(State.HELD, _reason({finding["rule"] for finding in findings}, is_new), findings)
    return Verdict(State.HELD, Reason.NEW, []) if is_new else Verdict(State.VISIBLE, "", [])


def _is_known(comment, sender):
    """By the cookie; or by an account or a proved address of which a comment stands in public."""
    if sender.is_known or not (sender.user or sender.proves_email):
        return sender.is_known
    return Comment.objects.visible().filter(author_key=comment.author_key).exclude(pk=comment.pk).exists()


def _trapped(sender):
    if sender.is_trapped:
        yield {"rule": "trap"}


def _copies(comment, found):
    spam = [match.comment for match in found if match.comment.state == State.SPAM and match.tier in LIKE_SPAM]
    if spam:
        yield {"rule": "like_spam", "comment": spam[0].pk}
    author = bytes(comment.author_key)
    others = [match.comment for match in found if match.tier in COPIED and match.comment.author_key != author]
    if others:
        yield {"rule": "copy", "comment": others[0].pk}


def _found_by_rules(comment, sender, is_known):
    domains = wording.domains(comment.text) | wording.domains(comment.website)
    try:
        with transaction.atomic():
            found = [*_banned(comment, domains), *_listed(comment), *_of_spam(domains)]
            return found if is_known else [*found, *_of_unknown(comment, sender, domains)]
    except Exception:  # whatever a rule stumbles over, nobody's comment is lost by it
        logger.exception("A comment on post %s could not be screened.", comment.post_id)
        return [{"rule": "failed"}]


def _banned(comment, domains):
    for ban, kind in bans.about(bans.Traits(bytes(comment.author_key), comment.network_key, domains)):
        yield {"rule": f"{kind}_ban", "ban": ban}


def _listed(comment):
    for word in words.find(f"{comment.name}\n{comment.text}"):
        yield {"rule": "word", "word": word}


def _of_spam(domains):
    for domain in links.known_from_spam(domains):
        yield {"rule": "spam_domain", "domain": domain}


def _of_unknown(comment, sender, domains):
    if (number := links.number(comment.html)) > links.MOST:
        yield {"rule": "links", "links": number}
    if sender.seconds is not None and sender.seconds < TOO_FAST_SECONDS:
        yield {"rule": "fast", "seconds": round(max(sender.seconds, 0), 1)}
    yield from _bursts(comment, domains)
    score = bayes.score(comment.text, domains)
    if score is not None and score >= bayes.IS_SPAM:
        yield {"rule": "bayes", "score": round(score, 3)}


def _bursts(comment, domains):
    now = timezone.now()
    with connection.cursor() as cursor:
        if comment.network_key:
            since = now - NETWORK_BURST_WITHIN
            cursor.execute(OF_NETWORK, [comment.network_key, NETWORK_BURST, since, comment.pk])
            if (number := cursor.fetchone()[0]) >= NETWORK_BURST:
                yield {"rule": "network_burst", "comments": number}
        if domains:
            since = now - DOMAIN_BURST_WITHIN
            cursor.execute(OF_DOMAINS, [since, NEWEST, sorted(domains), comment.pk, DOMAIN_BURST])
            for domain, number in cursor.fetchall():
                yield {"rule": "domain_burst", "domain": domain, "comments": number}


def _reason(rules, is_new):
    if rules & BANNED:
        return Reason.BANNED
    if "trap" in rules:
        return Reason.TRAP
    if rules == {"copy"}:
        return Reason.COPY
    return Reason.NEW if is_new and rules <= OF_UNKNOWN else Reason.RULE
