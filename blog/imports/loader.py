"""Writing the records of an export into the database, any number of times.

Each record's row is remembered (ImportedRow) with a digest of the record, so that a second run changes
nothing and a grown file adds what is new. A post is written with its comments in one transaction.
"""

import logging
from collections import Counter
from contextlib import nullcontext
from dataclasses import replace

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from blog.imports import discussions
from blog.imports.memory import Memory
from blog.imports.records import Skipped, unreadable
from blog.imports.report import Kind, Line, Outcome, Report
from blog.posts import events, revisions
from blog.posts.bylines import Byline
from blog.posts.models import Authorship, Post
from blog.posts.updates import PendingUpdate
from blog.posts.workflow import Status
from blog.text.slugs import slugify, stem, unique_slug

logger = logging.getLogger(__name__)
POST_COLUMNS = ("title", "language", "standfirst", "body", "status", "publish_at", "comment_policy")


def load(export, *, dry_run=False):
    """Write an Export's records and return the Report. With `dry_run` everything is done and then taken back.

    A record that has changed since an earlier run changes its row again, and the report says so where the row
    was edited here in between. A row that was deleted here is not brought back.
    """
    with transaction.atomic() if dry_run else nullcontext():
        report = _Loader(export.site).load(export)
        if dry_run:
            transaction.set_rollback(True)
    report.problems = sorted([*report.problems, *export.problems], key=lambda each: (each.line, each.column))
    return report


class _Loader:
    def __init__(self, site):
        self.memory = Memory(site.address)
        self.report = Report()
        self.bylines = {}  # AuthorRecord's foreign id → Byline's id
        self.now = timezone.now()

    def load(self, export):
        for author in export.authors:
            self._byline(author)
        for item in export.items:
            self.report.add(self._skipped(item) if isinstance(item, Skipped) else self._guarded(item))
        return self.report

    def _skipped(self, item):
        return Line(Outcome.SKIPPED, item.title, [item.reason], Counter({Outcome.SKIPPED: item.comments}))

    def _guarded(self, record):
        """Write a post; if that fails, nothing of it stays, a problem says so, and the others are still written."""
        try:
            if record.author:
                self._byline(record.author)
            return self._post(record)
        except Exception as error:
            logger.exception("An item of an import could not be written.")
            self.memory = Memory(self.memory.source)  # without what was rolled back
            reason = unreadable(error)
            self.report.problems.append(replace(record.problem, text=reason))
            return self._skipped(Skipped(record.title, reason, len(record.comments) + len(record.skipped_comments)))

    @transaction.atomic
    def _post(self, record):
        row = self.memory.get(Kind.POST, record.foreign_id)
        post = Post.objects.filter(pk=row.object_id).first() if row else None
        if row and post is None:
            number = len(record.comments) + len(record.skipped_comments)
            return Line(Outcome.SKIPPED, record.title, [_("deleted here since")], Counter({Outcome.SKIPPED: number}))
        line = Line(Outcome.UNCHANGED, record.title)
        if row is None:
            line = Line(Outcome.NEW, record.title, [*record.notes])
            post = self._create(record)
        elif bytes(row.digest) != record.digest():
            line = Line(Outcome.CHANGED, record.title, [*record.notes])
            self._update(post, record, row, line)
        line.comments, problems = discussions.load(post, record.comments, self.memory)
        line.comments[Outcome.SKIPPED] += len(record.skipped_comments)
        line.notes += [_("a comment was skipped: %s") % reason for reason in record.skipped_comments]
        self.report.problems += problems
        return line

    def _create(self, record):
        taken = Post.objects.filter(slug__startswith=stem(record.slug)).values_list("slug", flat=True)
        written_at = min(record.date or self.now, self.now)
        post = Post(
            slug=unique_slug(record.slug, set(taken)),
            created_at=written_at,
            updated_at=written_at,
            **self._columns(record, self.now),
        )
        post.first_published_at = post.publish_at
        post.save(force_insert=True)
        self._set_author_and_tags(post, record)
        self.memory.remember(Kind.POST, record, post, POST_COLUMNS)
        return post

    def _update(self, post, record, row, line):
        if self.memory.is_edited(row, post, POST_COLUMNS):
            line.notes.append(_("it had been edited here since; the file's text has replaced that"))
        revisions.keep_found(post)  # whoever has its form open began from this
        columns, former = self._columns(record, post.publish_at or self.now), post.status
        first = post.first_published_at if post.was_ever_public(self.now) else columns["publish_at"]
        for name, value in columns.items():
            setattr(post, name, value)
        post.first_published_at, post.updated_at = first, self.now
        post.save(update_fields=[*columns, "first_published_at", "updated_at"])
        self._set_author_and_tags(post, record)
        self._write_down(post, former)
        self.memory.remember(Kind.POST, record, post, POST_COLUMNS)

    def _write_down(self, post, former):
        PendingUpdate.objects.filter(post=post).delete()  # its text stays among the versions
        revisions.record_found(Post.objects.get(pk=post.pk), note=_("from an import"))
        if post.status != former:
            events.Event.record(post, events.Kind.IMPORTED, former=former)

    def _columns(self, record, hour):
        policies = Post.CommentPolicy
        return {
            "title": record.title,
            "language": record.language,
            "standfirst": record.standfirst,
            "body": record.body,
            "status": record.status,
            "publish_at": (record.date or hour) if record.status == Status.APPROVED else None,
            "comment_policy": policies.OPEN if record.comments_open else policies.CLOSED,
        }

    def _set_author_and_tags(self, post, record):
        post.tags.set(record.tags)
        bylines = [self._byline(record.author)] if record.author else []
        if bylines != list(post.authorships.values_list("byline", flat=True)):
            post.authorships.all().delete()
            Authorship.objects.bulk_create(Authorship(post=post, byline_id=byline) for byline in bylines)

    def _byline(self, author):
        """Return the id of the author's Byline; one here with the same name is taken for the same person."""
        if author.foreign_id not in self.bylines:
            with transaction.atomic():
                byline, outcome = self._find_or_make(author)
            self.bylines[author.foreign_id] = byline.pk
            self.report.counts[Kind.BYLINE, outcome] += 1
        return self.bylines[author.foreign_id]

    def _find_or_make(self, author):
        row = self.memory.get(Kind.BYLINE, author.foreign_id)
        byline = Byline.objects.filter(pk=row.object_id).first() if row else None
        if byline and bytes(row.digest) == author.digest():
            return byline, Outcome.UNCHANGED
        outcome = Outcome.UNCHANGED
        if byline is None:
            byline = Byline.objects.filter(name__iexact=author.name).order_by("pk").first()
        else:
            byline.name, outcome = author.name, Outcome.CHANGED
            byline.save(update_fields=["name"])
        if byline is None:
            wanted = slugify(author.name, fallback="author")
            taken = set(Byline.objects.filter(slug__startswith=stem(wanted)).values_list("slug", flat=True))
            byline, outcome = Byline.objects.create(name=author.name, slug=unique_slug(wanted, taken)), Outcome.NEW
        self.memory.remember(Kind.BYLINE, author, byline, ["name"])
        return byline, outcome
