import sys

from django.core.management.base import BaseCommand

from project import serving


class Command(BaseCommand):
    help = "Serves a real site: the web processes and the job worker. Refuses to start while something is missing."
    requires_system_checks = []

    def add_arguments(self, parser):
        serving.add_arguments(parser)

    def handle(self, *, host, port, **options):
        sys.exit(serving.run(host, port))
