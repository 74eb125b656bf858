import asyncio

from django.core.management.base import BaseCommand

from project import jobs


class Command(BaseCommand):
    help = "Runs the site's jobs until it is told to stop. `serve` starts one; more of them share the work."

    def handle(self, **options):
        asyncio.run(jobs.work())
