"""manage.py audit: whether counts, threads and addresses of all comments are right."""

from django.core.management.base import BaseCommand, CommandError, no_translations
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from blog.comments import audit
from blog.comments.models import Comment


class Command(BaseCommand):
    help = "Compare counts, threads and addresses of all comments with the rows; one line for each fault, then 1."

    @no_translations  # what a command prints is English: scripts read it
    def handle(self, **options):
        found = 0
        for sentence in audit.findings():
            self.stdout.write(sentence)
            found += 1
        if found:
            raise CommandError(ngettext("%(count)s fault.", "%(count)s faults.", found) % {"count": found})
        self.stdout.write(_("All is well: %(count)s comments.") % {"count": Comment.objects.count()})
