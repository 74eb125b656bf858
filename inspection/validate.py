"""`python -m inspection.validate folder`: what the Nu HTML checker says about the pages that the tests kept there."""

import json
import re
import shutil
import subprocess
import sys
from collections import defaultdict

from inspection.edition import FOLDER

PACKAGE = "vnu-jar@26.9.27"
# What the places of errors hold that are not ours to mend.
NOT_OURS = re.compile(
    r'name="initial-|<label for="id_base">'  # Django describes and labels fields that are hidden
    r'|<div disabled[^>]* id="id_password"|</li></ul></p>'  # Django's page of a person, and that of a password
    r'|form="webauthn_form"'  # allauth's form has not the id that it is given; its script finds it all the same
    r'|<input type="number"[^>]* aria-invalid="true"'  # what was typed is given back as it was
    r'|lang="&lt;i&gt;sv&lt;/i&gt;"'  # a trial of what a database may hold
)


def main(folder):
    """Print each error once, with a page that has it; return 1 if there is one."""
    command = ["java", "-Xss4m", "-jar", checker(), "--errors-only", "--format", "json", "--exit-zero-always", folder]
    errors = defaultdict(list)
    for each in json.loads(subprocess.run(command, capture_output=True, check=True).stderr)["messages"]:
        place = each.get("extract", "").strip()
        if not NOT_OURS.search(place):
            errors[re.sub("“[^”]*”", "“…”", each["message"])].append((each.get("url", ""), place))
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
