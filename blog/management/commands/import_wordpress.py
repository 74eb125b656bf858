"""Move a WordPress site in: docs/import.md."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, no_translations
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from blog.comments import groups, regrouping
from blog.imports import wordpress
from blog.imports.lenient_xml import Unreadable
from blog.imports.loader import load
from blog.imports.report import Kind, Outcome


class Command(BaseCommand):
    help = "Import posts, authors, tags and comments from a WordPress export file (WXR). A second run changes nothing."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="the XML file that WordPress's Tools → Export gives")
        parser.add_argument("--dry-run", action="store_true", help="do everything, say what was done, and take it back")

    @no_translations  # what a command prints is English: scripts read it
    def handle(self, *, file, dry_run, **options):
        try:
            export = wordpress.read(file.read_bytes(), file.stem)
        except OSError as error:
            raise CommandError(
                _("%(file)s cannot be read: %(reason)s") % {"file": file, "reason": error.strerror}
            ) from error
        except Unreadable as error:
            raise CommandError(f"{file}: {error}") from error
        report = load(export, dry_run=dry_run)
        for line in report.lines:
            self.stdout.write(_told(line))
        for problem in report.problems:
            self.stdout.write(f"{file}:{problem.line}:{problem.column}: {problem.text}")
        for kind in Kind:
            self.stdout.write(_sum(report, kind))
        if not (dry_run or regrouping.is_due()):  # very many are the worker's, or the command fingerprint's
            groups.catch_up()
        if dry_run:
            self.stdout.write(_("This was a dry run: nothing has been changed."))


def _told(line):
    counts = ", ".join(f"{number} {outcome.label}" for outcome in Outcome if (number := line.comments[outcome]))
    total = sum(line.comments.values())
    comments = ngettext("%d comment", "%d comments", total) % total
    told = f"{line.outcome.label:10} {line.title}" + (f" ({comments}: {counts})" if total else "")
    return "; ".join([told, *line.notes])


def _sum(report, kind):
    counts = ", ".join(f"{report.counts[kind, outcome]} {outcome.label}" for outcome in Outcome)
    name = {Kind.POST: _("Items"), Kind.COMMENT: _("Comments"), Kind.BYLINE: _("Bylines")}[kind]
    return f"{name}: {counts}. " + _("Together: %d") % report.total(kind)
