#!/usr/bin/env python
"""Django's command line for Spalt."""

import os
import sys

from project import environment, serving

PRODUCTION_SETTINGS = ("SECRET_KEY", "ALLOWED_HOSTS", "SITE_URL", "DATABASE_URL")


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
    if sys.stdin is None:  # started with it closed: without this, the next file opened would be descriptor 0
        sys.stdin = open(os.devnull)  # noqa: SIM115
    environment.take_file()
    # A checkout in which nothing of a real site is set belongs to a developer. Only `serve`, the way to run
    # a real site, never guesses: it names what is missing instead.
    configured = any(os.environ.get(name) for name in PRODUCTION_SETTINGS)
    command = sys.argv[1] if len(sys.argv) > 1 else ""
    if not configured and command not in ("serve", "generation"):
        os.environ.setdefault("DEBUG", "1")
    if command == "serve":
        sys.exit(serving.main(sys.argv[2:]))  # without Django: it only watches the processes that have it

    from django.core.management import execute_from_command_line  # Django reads the environment set above

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
