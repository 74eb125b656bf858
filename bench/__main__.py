"""`python -m bench` measures everything; docs/performance.md says how to read it.

`python -m bench pages`, `growth` and `duplicates` are its parts, each with databases of its own;
`python -m bench "18 comments"` measures the rows of the first part whose names hold these words, and keeps nothing.
"""

import logging
import os
import subprocess
import sys

import django

from bench import servers

PARTS = {"pages": "spalt_bench", "growth": "spalt_bench", "duplicates": "spalt_bench_duplicates"}

wanted = " ".join(sys.argv[1:])
if missing := servers.missing_tools():
    print(missing, file=sys.stderr)
    sys.exit(2)
if not wanted:
    sys.exit(max(subprocess.run([sys.executable, "-m", "bench", part]).returncode for part in PARTS))
os.environ.update(servers.environment(PARTS.get(wanted, PARTS["pages"])))
django.setup()
logging.disable(logging.INFO)  # a line for each request that is answered in this process

from bench import archives, duplicates, report, run  # noqa: E402  the models can be imported only now

if wanted == "growth":
    sys.exit(archives.main())
if wanted == "duplicates":
    with report.printed() as text:
        status = duplicates.main()
    if "DUPLICATES_SIZE" not in os.environ:
        report.keep("duplicates", text.getvalue())
    sys.exit(status)
sys.exit(run.main("" if wanted == "pages" else wanted))
