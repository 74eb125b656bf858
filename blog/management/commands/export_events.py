"""Write the audit trail to the standard output, one JSON object a line."""

from django.core.management.base import BaseCommand

from blog.posts.audit import json_lines
from blog.posts.events import Event


class Command(BaseCommand):
    help = __doc__

    def handle(self, **options):
        for line in json_lines(Event.objects.all()):
            self.stdout.write(line, ending="")
