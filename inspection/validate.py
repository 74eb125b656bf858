"""`python -m inspection.validate folder`: what the Nu HTML checker says about the pages that the tests kept there."""

import json
import re
import shutil
import subprocess
import sys
from collections import defaultdict

from inspection.edition import FOLDER

PACKAGE = "vnu-jar@26.9.27"


def main(folder):
    """Print each error once, with a page that has it; return 1 if there is one."""
    command = ["java", "-Xss4m", "-jar", checker(), "--errors-only", "--format", "json", "--exit-zero-always", folder]
    errors = defaultdict(list)
    for each in json.loads(subprocess.run(command, capture_output=True, check=True).stderr)["messages"]:
        errors[re.sub("“[^”]*”", "“…”", each["message"])].append((each.get("url", ""), each.get("extract", "").strip()))
    for message, places in sorted(errors.items(), key=lambda item: -len(item[1])):
        print(f"{len(places):5} {message}\n      {places[0][1]!r}\n      {places[0][0]}")
    print(f"{sum(map(len, errors.values()))} errors")
    return int(bool(errors))


def checker():
    """The path of the checker, fetched from npm once."""
    jar = FOLDER / "node_modules/vnu-jar/build/dist/vnu.jar"
    if not jar.exists():
        npm = shutil.which("npm") or "npm"
        subprocess.run([npm, "install", "--silent", "--no-save", "--prefix", FOLDER, PACKAGE], check=True)
    return jar


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
