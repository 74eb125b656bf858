"""The demonstration edition on a site as in production, with a database, pictures and static files of its own."""

import os
import random
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

from bench import servers

FOLDER = servers.BASE_DIR / ".inspection"
DATABASE = os.environ.get("EMBEDDED_DATABASE") or "spalt_inspection"
PORT = int(os.environ.get("PORT") or 8106)
SITE_URL = f"http://127.0.0.1:{PORT}"
LONG, USUAL = 1_000, 18  # comments


@contextmanager
def site():
    """The running site. It is loaded by a process with DEBUG on, since the edition's passwords are public."""
    FOLDER.mkdir(exist_ok=True)
    own = {"MEDIA_ROOT": f"{FOLDER}/media", "STATIC_ROOT": f"{FOLDER}/static", "SITE_URL": SITE_URL}
    os.environ.update(servers.environment(DATABASE) | own)
    run("manage.py", "migrate", "--verbosity=0")
    run("-m", "inspection.edition", DEBUG="1")
    run("manage.py", "collectstatic", "--noinput", "--verbosity=0")
    with servers.site(port=PORT, WEB_WORKERS="1") as running:
        yield running


def run(*arguments, **variables):
    subprocess.run([sys.executable, *arguments], cwd=servers.BASE_DIR, env=os.environ | variables, check=True)


def load():
    from blog.demonstration import loader  # noqa: PLC0415  the models can be imported only after the set-up
    from tests.factories import make_published  # noqa: PLC0415

    if loader.load():
        for number in (USUAL, LONG):
            discuss(make_published(f"Ett samtal på {number} inlägg", slug=slug_of(number), language="sv"), number)


def discuss(post, number):
    """Write so many comments under the post, of which two in three answer another."""
    from tests.factories import make_comment  # noqa: PLC0415

    chance, comments = random.Random(number), []
    for each in range(number):
        parent = chance.choice(comments) if each % 3 else None
        text = f"Inlägg {each}: kommatecknet är en paus, och en paus är ett besked. " * chance.randint(1, 6)
        comments.append(make_comment(post, text, name=f"Läsare {each % 90}", parent=parent))


def slug_of(comments):
    return f"samtal-{comments}"


def keep(path: Path):
    """The path, in a folder that is there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


if __name__ == "__main__":
    import django

    django.setup()
    load()
