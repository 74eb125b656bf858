"""`manage.py serve`: what it refuses, what it serves, how it stops."""

import re
import signal
import threading
import time

import psutil
import pytest

from tests.server.conftest import free_port, get, post, wait_until

pytestmark = pytest.mark.server

NEW_POST = """
from blog.comments.forms import token_for
from tests.factories import make_published
post = make_published("Bakom ombudet")
print(post.get_absolute_url(), token_for(post))
"""


@pytest.fixture(scope="module")
def served(site):
    with site.served() as (port, process):
        yield port, process


@pytest.fixture
def port(served):
    return served[0]


def test_serve_names_everything_that_is_missing(site, tmp_path):
    names = ["SECRET_KEY", "ALLOWED_HOSTS", "SITE_URL", "DATABASE_URL", "EMAIL_URL", "MEDIA_ROOT"]
    refused = site.start("serve", **dict.fromkeys(names, ""), STATIC_ROOT=str(tmp_path))

    printed, _ = refused.communicate(timeout=60)

    assert refused.returncode == 1
    assert printed.splitlines() == [
        "CommandError: The site cannot be served yet.",
        *[f"{name} is not set: see docs/en/operators.md." for name in names],
        "The static files are not collected: run manage.py collectstatic --noinput.",
    ]


def test_serve_refuses_a_database_that_is_not_up_to_date(site):
    with site.connect() as database:
        database.execute("DELETE FROM django_migrations WHERE app = 'taggit' AND name LIKE '0006%'")

    refused = site.start("serve", "--port", str(free_port()))
    printed, _ = refused.communicate(timeout=60)

    assert refused.returncode == 1
    assert re.fullmatch(r"CommandError: .*\nThe database is not up to date \(taggit\.0006\w+\): run .*\n", printed)
    site.run("migrate", "--fake", "taggit")


def test_serve_refuses_a_port_in_use(site, port):
    refused = site.start("serve", "--port", str(port))

    printed, _ = refused.communicate(timeout=60)

    assert refused.returncode == 1
    assert printed.splitlines()[1:] == [f"Port {port} of 127.0.0.1 is in use: choose another with --port or PORT."]


def test_static_files_are_served_for_ever(port):
    _, _, login = get(port, "/admin/account/sign-in/")
    [sheet, *_] = re.findall(r'href="(/static/[^"]+\.css)"', login.decode())

    status, headers, body = get(port, sheet, **{"Accept-Encoding": "br"})

    assert status == 200
    assert headers["Cache-Control"] == "max-age=315360000, public, immutable"
    assert headers["Content-Encoding"] == "br"
    assert body


def test_media_files_are_served(site, port, tmp_path):
    folder = site.environment["MEDIA_ROOT"]
    with open(f"{folder}/bild.webp", "wb") as file:
        file.write(b"RIFF")

    status, headers, body = get(port, "/media/bild.webp")

    assert (status, headers["Content-Type"], body) == (200, "image/webp", b"RIFF")
    assert get(port, "/media/../static/staticfiles.json")[0] == 404
    assert get(port, "/media/%2e%2e/static/staticfiles.json")[0] == 404


def test_address_with_swedish_letters_reaches_the_view(site, port):
    path = site.do("from tests.factories import make_published; print(make_published('Över ån').get_absolute_url())")

    status, _, _ = get(port, path)

    assert status == 200


def test_readers_behind_the_proxy_are_told_apart(site, port):
    path, token = site.do(NEW_POST).split()
    form = {"name": "Anna", "text": "Tack!", "token": token}

    places = [
        post(port, f"{path}comments/write/", form, **{"X-Forwarded-For": address})[1]["Location"]
        for address in ("192.0.2.1", "192.0.2.2", "198.51.100.7, 192.0.2.1")
    ]

    assert [place.partition("#")[2] for place in places] == ["comment-1", "comment-2", "comment-1"]


def test_page_that_is_not_there_is_our_own_404(port):
    status, headers, body = get(port, "/finns-inte/")

    assert (status, headers["Content-Type"]) == (404, "text/html; charset=utf-8")
    assert b'<html lang="sv"' in body


def test_broken_database_gives_our_own_500(site, port):
    with site.connect() as database:
        database.execute("ALTER TABLE blog_post RENAME TO blog_post_away")
        try:
            status, headers, body = get(port, "/")
        finally:
            database.execute("ALTER TABLE blog_post_away RENAME TO blog_post")

    assert (status, headers["Content-Type"]) == (500, "text/html; charset=utf-8")
    assert b'<html lang="sv"' in body
    assert b"Traceback" not in body


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_stop_lets_a_running_request_finish_and_leaves_no_process(site, number):
    answers = []
    with site.served() as (port, process), site.connect() as database:
        family = psutil.Process(process.pid).children(recursive=True)
        with database.transaction():
            database.execute("LOCK TABLE blog_post")
            reader = threading.Thread(target=lambda: answers.append(get(port, "/")[0]))
            reader.start()
            wait_until(lambda: site.ask("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"))
            process.send_signal(number)
            with pytest.raises(psutil.TimeoutExpired):
                psutil.Process(process.pid).wait(1)
        reader.join()
        process.wait(60)

    assert answers == [200]
    assert process.returncode == 0
    assert living(family) == []


def test_generation_that_dies_is_replaced_and_leaves_nothing(site):
    with site.served() as (port, process):
        wait_until(lambda: named(process, "spalt worker"))
        family = psutil.Process(process.pid).children(recursive=True)
        [generation] = named(process, "spalt site")

        generation.kill()

        wait_until(lambda: get(port, "/")[0] == 200)
        wait_until(lambda: living(family) == [])
        assert process.poll() is None


def test_nothing_outlives_serve(site):
    with site.served() as (_, process):
        wait_until(lambda: named(process, "spalt worker"))
        family = psutil.Process(process.pid).children(recursive=True)

        process.kill()

        wait_until(lambda: living(family) == [])


@pytest.mark.parametrize("name", ["spalt worker", "spalt web"])
def test_process_that_dies_is_replaced_within_a_second(served, name):
    _, process = served
    wait_until(lambda: named(process, name))
    before = named(process, name)
    time.sleep(1)  # one that dies at its start is replaced after a pause

    before[0].kill()

    wait_until(lambda: len(set(named(process, name)) - {before[0]}) == len(before), seconds=1)


def named(process, name):
    return [child for child in living(psutil.Process(process.pid).children(recursive=True)) if child.name() == name]


def living(processes):
    """Those that run; a zombie only waits for init to read how it ended."""
    return [each for each in processes if each.is_running() and each.status() != psutil.STATUS_ZOMBIE]
