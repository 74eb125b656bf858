"""Compare the comments that wait for it, or all of them anew."""

from django.core.management.base import BaseCommand, no_translations

from blog.comments import fingerprints, groups, regrouping
from blog.comments.models_duplicates import Group


class Command(BaseCommand):
    help = "Make the fingerprints of comments that have none or an old one, and find which say the same."

    def add_arguments(self, parser):
        parser.add_argument("--all", action="store_true", help="make all of them, and all groups, anew")
        parser.add_argument("--processes", type=int, default=2, help="for very many comments (%(default)s)")

    @no_translations
    def handle(self, *, all: bool, processes, **options):
        if not (all or regrouping.is_due()):
            self.stdout.write(f"{groups.catch_up()} comments compared, {Group.objects.count()} groups.")
            return
        self.stdout.write(f"{fingerprints.pending().count()} comments wait.")
        report = regrouping.regroup(processes, self._tell)
        if report is None:
            self.stdout.write("Another process is at it already.")
            return
        self.stdout.write(f"{report.comments} comments compared, {report.members} of them in {report.groups} groups.")
        for group in report.alarms:
            self.stdout.write(f"Group {group} is so large that somebody should look at it.")

    def _tell(self, step, share):
        self.stdout.write(f"{step}: {share:.0%}")
