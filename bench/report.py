"""What a run prints is kept: in docs/performance.md between the marks of its part, and its figures in last.json."""

import io
import json
import os
import platform
import re
import sys
from contextlib import contextmanager, redirect_stdout
from datetime import datetime
from pathlib import Path

PAGE = Path(__file__).resolve().parent.parent / "docs" / "performance.md"
FIGURES = Path(__file__).with_name("last.json")


class _Both(io.StringIO):
    def __init__(self, shown):
        super().__init__()
        self.shown = shown

    def write(self, text):
        self.shown.write(text)
        self.shown.flush()
        return super().write(text)


@contextmanager
def printed():
    """Yield a buffer that gets a copy of all that is printed meanwhile, after a line that names date and machine."""
    with redirect_stdout(_Both(sys.stdout)) as buffer:
        print(f"{datetime.now():%Y-%m-%d %H:%M}, {machine()}")
        yield buffer


def machine():
    models = re.findall(r"^model name\s*: (.*)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE) or [
        platform.machine()
    ]
    return f"{os.cpu_count()} × {models[0]}, Linux {platform.release()}, Python {platform.python_version()}"


def keep(part, text, figures=None):
    """Put the printed text of a part, and its figures if it has some, in the place of those of the run before."""
    PAGE.write_text(replaced(PAGE.read_text("utf-8"), part, text), "utf-8")
    if figures is None:
        return
    before = json.loads(FIGURES.read_text("utf-8")) if FIGURES.exists() else {}
    FIGURES.write_text(json.dumps(before | {part: figures}, indent=2, ensure_ascii=False) + "\n", "utf-8")


def replaced(page, part, text):
    """The page with `text` between the marks of the part. ValueError if it has no such marks."""
    begin, end = f"<!-- bench: {part} -->\n", f"<!-- end of bench: {part} -->"
    before, is_there, rest = page.partition(begin)
    _former, is_closed, after = rest.partition(end)
    if not (is_there and is_closed):
        raise ValueError(f"docs/performance.md has no marks for “{part}”")
    return f"{before}{begin}```\n{text.strip()}\n```\n{end}{after}"
