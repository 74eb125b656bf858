import atexit
import os
import signal
import subprocess
import sys

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse
from django.utils.autoreload import DJANGO_AUTORELOAD_ENV

from blog.demonstration import loader
from blog.posts.models import Post
from project import listening

HOST = "127.0.0.1"


class Command(BaseCommand):
    help = "What `make run` does: database, demonstration edition, job worker, and a server that follows changed files."

    def handle(self, **options):
        port = int(os.environ.get("PORT") or 8000)
        if DJANGO_AUTORELOAD_ENV not in os.environ:  # the reloader runs this command a second time, as its child
            self.prepare(port)
        os.environ["DJANGO_RUNSERVER_HIDE_WARNING"] = "true"
        call_command("runserver", f"{HOST}:{port}")

    def prepare(self, port):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: sys.exit())  # an exit stops the private database, a death does not
        if not listening.is_free(HOST, port):
            raise CommandError(f"Port {port} is in use. Choose another: PORT={port + 1} make run")
        call_command("migrate", verbosity=0)
        if not Post.objects.exists():
            self.say("Loading the demonstration edition …")
            loader.load()
        self.say(f"\nThe site:   {settings.SITE_URL}/\nThe admin:  {settings.SITE_URL}{reverse('admin:index')}")
        self.start_worker()
        for role, username, password in loader.LOGINS:
            self.say(f"  {role:14} {username:8} {password}")
        self.say("")

    def start_worker(self):
        worker = subprocess.Popen([sys.executable, "manage.py", "worker"], cwd=settings.BASE_DIR)

        def stop():
            worker.terminate()
            worker.wait()

        atexit.register(stop)

    def say(self, line):
        self.stdout.write(line)
        self.stdout.flush()
