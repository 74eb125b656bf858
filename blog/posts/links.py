"""The external addresses that posts point to: each is asked now and then, once for all posts."""

import time
from contextlib import suppress
from datetime import timedelta
from hashlib import sha256
from urllib.parse import urldefrag, urljoin, urlsplit

from django.db import models, transaction
from django.db.models.functions import Mod
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from blog.posts.models import Post
from blog.text.proofreading import links
from blog.web.addresses import path_here
from blog.web.outbound import NoAnswer, Reason, fetch

GOOD_FOR, BAD_FOR = timedelta(days=7), timedelta(hours=1)
DAYS_AROUND = 8  # a little more than GOOD_FOR: whoever's turn comes is due
MAX_SECONDS = 30  # of asking at a time: other jobs wait meanwhile
PAUSE_SECONDS = 1  # between two questions to one host
GONE, FAULT = "gone", "fault"
WORDS = {**dict(Reason.choices), GONE: _("there is no such page"), FAULT: _("the host has had a fault for a while")}
# What a reader's browser may get over although we did not.
NOT_DEAD = {Reason.PORT, Reason.REDIRECTS}


class LinkCheckQuerySet(models.QuerySet):
    def of(self, urls):
        return self.filter(url_hash__in=[hash_of(url) for url in urls])


class LinkCheck(models.Model):
    """The last answer of one address. `reason` is a code; `words` say it to a person."""

    url_hash = models.CharField(max_length=64, unique=True)  # an address is too long for an index
    url = models.TextField(_("address"))
    ok = models.BooleanField(_("answers"))
    status = models.PositiveSmallIntegerField(_("status"), null=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    checked_at = models.DateTimeField(_("checked"), default=timezone.now)

    objects = LinkCheckQuerySet.as_manager()

    class Meta:
        verbose_name = _("link check")
        verbose_name_plural = _("link checks")

    def __str__(self):
        return self.url

    @property
    def words(self):
        return WORDS.get(self.reason, "")

    def is_due(self, now):
        is_good = self.ok and not _is_fault(self.status)
        return self.checked_at <= now - (GOOD_FOR if is_good else BAD_FOR)


def external(content):
    """Return the addresses on other sites in a post's content, each once, in reading order."""
    written = [address for address, _words in links(content["body"])] + [url for _text, url in content["sources"]]
    elsewhere = [plain(url) for url in written if path_here(url) is None]
    return list(dict.fromkeys(url for url in elsewhere if url.startswith(("http://", "https://"))))


def plain(url):
    """The address that is asked and remembered: whole, and without the place on the page. "" if none can be made."""
    try:
        return urldefrag(urljoin("https:", url.strip())).url
    except ValueError:
        return ""


def due(urls, now=None):
    """Return those of the addresses that were never asked, or not for a while. One query."""
    now = now or timezone.now()
    fresh = {check.url for check in LinkCheck.objects.of(urls) if not check.is_due(now)}
    return [url for url in urls if url not in fresh]


def check(url, now=None):
    """Ask an address and store what came of it; return the LinkCheck.

    Being refused or asked to wait (401, 403, 429) is an answer. A fault of the server is dead when it is met again.
    """
    try:
        status, reason = fetch(url).status, ""
    except NoAnswer as error:
        status, reason = None, error.reason
    if status in (404, 410):
        reason = GONE
    elif _is_fault(status) and LinkCheck.objects.of([url]).filter(status__gte=500).exists():
        reason = FAULT
    found = {
        "url": url,
        "ok": not reason or reason in NOT_DEAD,
        "status": status,
        "reason": reason,
        "checked_at": now or timezone.now(),
    }
    return LinkCheck.objects.update_or_create(url_hash=hash_of(url), defaults=found)[0]


def check_due(urls):
    """Ask those of the addresses that are due, no host more than once a second; return whether time was enough."""
    asked_at: dict[str, float] = {}
    end = time.monotonic() + MAX_SECONDS
    for url in due(urls):
        if time.monotonic() > end:
            return False
        host = urlsplit(url).netloc.lower()
        time.sleep(max(0, asked_at.get(host, 0) + PAUSE_SECONDS - time.monotonic()))
        check(url)
        asked_at[host] = time.monotonic()
    return True


def check_soon(post):
    """Give a job that checks the links of a post, by its key, unless one waits already."""
    job = app.configure_task("blog.tasks.check_links", queueing_lock=f"check_links:{post}")
    with suppress(AlreadyEnqueued), transaction.atomic():
        job.defer(post=post)


def check_published_soon(today):
    """Give a job for each published post with addresses that are due; each day for another eighth of the posts."""
    turn = Post.objects.published().annotate(turn=Mod("pk", DAYS_AROUND)).filter(turn=today.toordinal() % DAYS_AROUND)
    for post in turn.only("body").prefetch_related("sources").iterator(chunk_size=200):
        content = {"body": post.body, "sources": [[source.text, source.url] for source in post.sources.all()]}
        if due(external(content)):
            check_soon(post.pk)


def hash_of(url):
    return sha256(url.encode()).hexdigest()


def _is_fault(status):
    return status is not None and status >= 500
