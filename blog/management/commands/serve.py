import asyncio
import os
import sys

from django.core.management.base import BaseCommand, CommandError

from project import serving


class Command(BaseCommand):
    help = "Serves a real site: the web server and the job worker. Refuses to start while something is missing."
    requires_system_checks = []  # without a SECRET_KEY they fail before we can say what is missing

    def add_arguments(self, parser):
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=os.environ.get("PORT", "8000"))

    def handle(self, *, host, port, **options):
        if found := serving.obstacles(host, port):
            raise CommandError("\n".join(["The site cannot be served yet.", *found]))
        sys.exit(asyncio.run(serving.serve(host, port)))
