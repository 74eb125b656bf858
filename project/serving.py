"""The processes of a real site: granian with its web workers, and the job worker beside it."""

import asyncio
import logging
import os
import signal
import socket
import sys
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from project.jobs import FIRST_PAUSE, next_pause, stop_signal

WEB_WORKERS = 2
# Unset, granian takes hundreds, and each thread holds a connection to PostgreSQL.
BLOCKING_THREADS = 4
FINISH_SECONDS = 30  # what a running request or job gets when the site is asked to stop

logger = logging.getLogger(__name__)


def obstacles(host, port):
    """Return a sentence for each thing that stands in the way of serving, with what to do about it; all at once."""
    found = [f"{name} is not set: see docs/operators.md." for name in settings.MISSING_SETTINGS]
    if "DATABASE_URL" not in settings.MISSING_SETTINGS:
        found += _database_obstacles()
    if not settings.DEBUG and not (Path(settings.STATIC_ROOT) / staticfiles_storage.manifest_name).exists():
        found.append("The static files are not collected: run manage.py collectstatic --noinput.")
    if not is_free(host, port):
        found.append(f"Port {port} of {host} is in use: choose another with --port or PORT.")
    return found


def is_free(host, port):
    """Whether a server could listen there now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as servers do: closed connections linger
        try:
            trial.bind((host, port))
        except OSError:
            return False
    return True


async def serve(host, port):
    """Run the site until SIGTERM, SIGINT or SIGHUP; then running requests and the job in hand are finished.

    Returns the exit code: 0 after a signal, another number if the web server died, and the rest was stopped.
    """
    asked = asyncio.create_task(stop_signal((signal.SIGTERM, signal.SIGINT, signal.SIGHUP)))
    web = await _start(*_web_command(host, port))
    jobs = asyncio.create_task(_keep(sys.executable, "manage.py", "worker"))
    died = asyncio.create_task(web.wait())
    await asyncio.wait([asked, died], return_when=asyncio.FIRST_COMPLETED)
    if died.done():
        logger.error("The web server ended (%s): the site stops.", web.returncode)
    jobs.cancel()
    await asyncio.gather(_stop(web), jobs, return_exceptions=True)
    return 0 if asked.done() else 1


def _database_obstacles():
    try:
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        return [f"The database does not answer: {str(error).strip()}"]
    names = ", ".join(f"{migration.app_label}.{migration.name}" for migration, _backwards in plan)
    return [f"The database is not up to date ({names}): run manage.py migrate."] if plan else []


def _web_command(host, port):
    media = Path(settings.MEDIA_ROOT)
    media.mkdir(parents=True, exist_ok=True)
    # fmt: off
    return [
        sys.executable, "-m", "granian", "project.wsgi:application", "--interface", "wsgi", "--http", "1",
        "--host", host, "--port", str(port), "--workers", str(WEB_WORKERS),
        "--blocking-threads", str(BLOCKING_THREADS), "--respawn-failed-workers",
        "--workers-kill-timeout", str(FINISH_SECONDS), "--log-level", "warning",
        "--static-path-route", settings.MEDIA_URL.rstrip("/"), "--static-path-mount", str(media),
    ]
    # fmt: on


async def _keep(*command):
    """Run the command, and again whenever it ends, until this task is cancelled: then stop it."""
    pause = FIRST_PAUSE
    while True:
        started = asyncio.get_running_loop().time()
        child = await _start(*command)
        try:
            await child.wait()
        finally:
            await _stop(child)
        pause = next_pause(pause, asyncio.get_running_loop().time() - started)
        logger.error("The job worker ended (%s); it starts again in %s s.", child.returncode, pause)
        await asyncio.sleep(pause)


async def _start(*command):
    # In a group of its own: Ctrl-C in the terminal reaches only us, and _stop reaches the child's children.
    return await asyncio.create_subprocess_exec(*command, cwd=settings.BASE_DIR, process_group=0)


async def _stop(child):
    """Ask the child to stop, and end what is left of its group when it has stopped or its time is over."""
    with suppress(ProcessLookupError):
        child.terminate()
    with suppress(TimeoutError):
        await asyncio.wait_for(child.wait(), FINISH_SECONDS + 5)
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
