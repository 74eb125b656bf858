"""An operator's templates take the place of ours, as docs/en/operators.md says."""

import os
import re
import subprocess
import sys

from django.conf import settings

SHOW = """
from django.template.loader import render_to_string
print(render_to_string("blog/frame/_colophon.html", {"site_name": "Spalt"}))
print(render_to_string("403.html"))
"""


def test_documented_example_is_what_pages_end_with(tmp_path):
    guide = (settings.BASE_DIR / "docs/en/operators.md").read_text("utf-8")
    example = re.search(r"`(blog/frame/_colophon\.html)` in that folder:\n\n((?:    .*\n)+)", guide)
    own = tmp_path / example[1]
    own.parent.mkdir(parents=True)
    own.write_text(example[2], "utf-8")

    shown = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", SHOW],
        cwd=settings.BASE_DIR,
        env=os.environ | {"TEMPLATES_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    assert "Spalt is printed in Umeå." in shown
    assert "<title>" in shown  # what is not there is ours
