"""Checks that the tools are there, points Django at the bench's own database, and runs."""

import os
import sys

import django

from bench import servers

if missing := servers.missing_tools():
    print(missing, file=sys.stderr)
    sys.exit(2)
os.environ.update(servers.environment())
django.setup()

from bench import run  # noqa: E402  the models can be imported only now

sys.exit(run.main())
