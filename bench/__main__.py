"""Checks that the tools are there, points Django at the bench's own database, and runs.

`python -m bench duplicates` measures how duplicates are found among a million comments, in a database for that alone.
"""

import os
import sys

import django

from bench import servers

is_of_duplicates = sys.argv[1:] == ["duplicates"]
if not is_of_duplicates and (missing := servers.missing_tools()):
    print(missing, file=sys.stderr)
    sys.exit(2)
os.environ.update(servers.environment("spalt_bench_duplicates" if is_of_duplicates else servers.DATABASE))
django.setup()

from bench import duplicates, run  # noqa: E402  the models can be imported only now

sys.exit(duplicates.main() if is_of_duplicates else run.main())
