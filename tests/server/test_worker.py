"""`manage.py worker`, seen through a job that can be held up: clearing sessions, while the sessions are locked."""

import signal

import pytest

from tests.server.conftest import RETRY, end, wait_until

pytestmark = pytest.mark.server

ENDED_SESSION = "INSERT INTO django_session VALUES (%s, '', '2020-01-01')"
STATUS = "SELECT status FROM procrastinate_jobs WHERE task_name = 'blog.tasks.clear_sessions'"
JOBS = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'blog.tasks.clear_sessions'"
SESSIONS = "SELECT count(*) FROM django_session"
CLEAR = "from blog import tasks; tasks.clear_sessions.defer(timestamp=0)"


@pytest.fixture
def session(site):
    with site.connect() as database:
        database.execute("DELETE FROM procrastinate_jobs")
        database.execute("DELETE FROM django_session")
        database.execute(ENDED_SESSION, ["ended"])


def killed_in_the_middle(site):
    """A job whose worker was killed while it ran."""
    site.do(CLEAR)
    worker = site.start("worker")
    with site.connect() as database, database.transaction():
        database.execute("LOCK TABLE django_session")
        wait_until(lambda: site.ask(JOBS + " AND status = 'doing'"))
        worker.kill()
        worker.communicate()


def test_job_of_a_killed_worker_is_finished_by_another(site, session):
    killed_in_the_middle(site)
    before = site.ask(STATUS), site.ask(SESSIONS)

    site.do(RETRY)
    second = site.start("worker")
    wait_until(lambda: site.ask(JOBS) == 0)
    end(second)

    assert before == ("doing", 1)
    assert site.ask(SESSIONS) == 0


def test_job_that_kills_its_workers_fails_at_last(site, session):
    killed_in_the_middle(site)
    with site.connect() as database:
        database.execute("UPDATE procrastinate_jobs SET attempts = 4 WHERE task_name = 'blog.tasks.clear_sessions'")

    site.do(RETRY)
    second = site.start("worker")
    wait_until(lambda: site.ask(STATUS) == "failed")
    end(second)

    assert site.ask(SESSIONS) == 1


def test_worker_comes_back_when_the_database_does(site, session):
    worker = site.start("worker")
    wait_until(lambda: site.ask("SELECT count(*) FROM procrastinate_workers"))

    with site.connect() as database:
        others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        database.execute(f"SELECT pg_terminate_backend(pid) {others}")
    site.do(CLEAR)
    wait_until(lambda: site.ask(JOBS) == 0)
    end(worker)

    assert worker.returncode == 0
    assert site.ask(SESSIONS) == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_worker_finishes_its_job_before_it_stops(site, session, number):
    site.do(CLEAR)
    worker = site.start("worker")
    with site.connect() as database, database.transaction():
        database.execute("LOCK TABLE django_session")
        wait_until(lambda: site.ask(JOBS + " AND status = 'doing'"))
        worker.send_signal(number)
        worker.send_signal(number)
    worker.communicate(timeout=60)

    assert worker.returncode == 0
    assert (site.ask(JOBS), site.ask(SESSIONS)) == (0, 0)
