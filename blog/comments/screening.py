"""Whether a new or changed comment is shown at once, and what a moderator is told of it. It only ever holds."""

import logging
from contextlib import nullcontext
from datetime import timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from blog.comments.models import Comment
from blog.posts import lists
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

OF_NETWORK = f"""
SELECT count(*) FROM (
    SELECT id, created_at FROM blog_comment WHERE network_key = %(network)s ORDER BY id DESC LIMIT {NETWORK_BURST}
) late WHERE created_at > %(since)s AND id IS DISTINCT FROM %(but)s
"""  # noqa: S608
OF_DOMAINS = f"""
SELECT domain, count(*) FROM (
    SELECT id FROM blog_comment WHERE created_at > %(since)s ORDER BY created_at DESC, id DESC LIMIT {NEWEST}
) late JOIN blog_fingerprint f ON f.comment_id = late.id, unnest(f.domains) AS domain
WHERE domain = ANY(%(domains)s) AND late.id IS DISTINCT FROM %(but)s
GROUP BY domain HAVING count(*) >= {DOMAIN_BURST} ORDER BY domain
"""  # noqa: S608
OF_ALL = f"""
SELECT (SELECT json_agg(json_build_array(id, kind)) FROM ({bans.ABOUT}) banned), ARRAY({words.LISTED}), ({OF_NETWORK}),
    (SELECT ARRAY[spam, wanted] FROM ({bayes.LEARNED}) learned)
"""  # noqa: S608

logger = logging.getLogger(__name__)


class Verdict(NamedTuple):
    """How a comment begins."""

    state: str
    reason: str  # for its writer; "" where it is not held
    findings: list  # for moderators: dicts with a "rule", and what it found in ids, numbers and domains


class Facts(NamedTuple):
    """What this site knows of a comment's writer, network, links and words."""

    is_known: bool
    bans: list  # (id, kind) of those that concern it
    listed: list  # words that stand in it
    of_spam: list  # domains to which spam alone has led
    of_network: int  # comments that came from there just now
    of_domains: list  # (domain, number of the last comments with it)
    score: float | None  # of bayes


def facts(comment, sender):
    """Return the Facts about a comment that is about to be stored; None for staff's, or if that fails.

    One query; more for links, for a filter that has learned, and for who claims to be known; all by indexes alone.
    """
    if sender.user and sender.user.is_staff:
        return None
    try:
        with transaction.atomic() if connection.in_atomic_block else nullcontext():
            return _facts(comment, sender)
    except Exception:  # whatever a rule stumbles over, nobody's comment is lost by it
        logger.exception("A comment on post %s could not be screened.", comment.post_id)
        return None


def judge(comment, sender, facts, found=()):
    """Return the Verdict about a comment that is about to be stored, by its Sender, the Facts and what says the same
    (Matches).
    """
    if sender.user and sender.user.is_staff:
        return Verdict(State.VISIBLE, "", [])
    findings = [*_trapped(sender), *_copies(comment, found), *_found_by_rules(comment, sender, facts)]
    at_once = settings.COMMENTS_PUBLIC_AT_ONCE
    is_new = not (at_once == "everyone" or (facts and facts.is_known and at_once == "known"))
    if findings:
        return Verdict(State.HELD, _reason({finding["rule"] for finding in findings}, is_new), findings)
    return Verdict(State.HELD, Reason.NEW, []) if is_new else Verdict(State.VISIBLE, "", [])


def _facts(comment, sender):
    is_known = _is_known(comment, sender)
    domains = wording.domains(comment.text) | wording.domains(comment.website)
    kinds, keys = bans.keys_of(bans.Traits(bytes(comment.author_key), comment.network_key, domains))
    now, about = timezone.now(), {"network": comment.network_key, "but": comment.pk}
    about |= {"ban_kinds": kinds, "ban_keys": keys, "since": now - NETWORK_BURST_WITHIN}
    [(banned, listed, of_network, lesson)] = lists.rows(OF_ALL, about)
    about = {"domains": sorted(domains), "since": now - DOMAIN_BURST_WITHIN, "but": comment.pk}
    return Facts(
        is_known,
        banned or [],
        words.matching(f"{comment.name}\n{comment.text}", tuple(listed)),
        links.known_from_spam(domains),
        of_network,
        lists.rows(OF_DOMAINS, about) if domains and not is_known else [],
        None if is_known else bayes.score(comment.text, domains, lesson),
    )


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


def _found_by_rules(comment, sender, facts):
    if facts is None:
        return [{"rule": "failed"}]
    banned = [{"rule": f"{kind}_ban", "ban": ban} for ban, kind in facts.bans]
    listed = [{"rule": "word", "word": word} for word in facts.listed]
    of_spam = [{"rule": "spam_domain", "domain": domain} for domain in facts.of_spam]
    return [*banned, *listed, *of_spam, *([] if facts.is_known else _of_unknown(comment, sender, facts))]


def _of_unknown(comment, sender, facts):
    if (number := links.number(comment.html)) > links.MOST:
        yield {"rule": "links", "links": number}
    if sender.seconds is not None and sender.seconds < TOO_FAST_SECONDS:
        yield {"rule": "fast", "seconds": round(max(sender.seconds, 0), 1)}
    if facts.of_network >= NETWORK_BURST:
        yield {"rule": "network_burst", "comments": facts.of_network}
    for domain, number in facts.of_domains:
        yield {"rule": "domain_burst", "domain": domain, "comments": number}
    if facts.score is not None and facts.score >= bayes.IS_SPAM:
        yield {"rule": "bayes", "score": round(facts.score, 3)}


def _reason(rules, is_new):
    if rules & BANNED:
        return Reason.BANNED
    if "trap" in rules:
        return Reason.TRAP
    if rules == {"copy"}:
        return Reason.COPY
    return Reason.NEW if is_new and rules <= OF_UNKNOWN else Reason.RULE
