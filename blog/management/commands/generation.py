import sys

from django.core.management.base import BaseCommand, CommandError

from project import readiness
from project.generation import Generation


class Command(BaseCommand):
    help = "One generation of the site's processes: `serve` starts it, and hands over the sockets."
    requires_system_checks = []  # without a SECRET_KEY they fail before we can say what is missing

    def add_arguments(self, parser):
        parser.add_argument("parent", type=int)
        parser.add_argument("sockets", type=int, nargs="+")

    def handle(self, *, parent, sockets, **options):
        if found := readiness.obstacles():
            raise CommandError("\n".join(["The site cannot be served yet.", *found]))
        sys.exit(Generation(parent, sockets).run())
