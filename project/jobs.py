"""The job worker: procrastinate's, kept running when it gives up."""

import asyncio
import logging
import signal

from django.conf import settings
from procrastinate import PsycopgConnector
from procrastinate.contrib.django import app
from procrastinate.contrib.django.utils import connector_params

FIRST_PAUSE, LONGEST_PAUSE, GOOD_RUN = 1, 30, 60  # seconds

logger = logging.getLogger(__name__)


async def work():
    """Run jobs until SIGTERM or SIGINT; the job in hand is finished first.

    procrastinate's worker ends, without an error, when the database goes away: it is started again, after a
    pause that doubles while it keeps ending.
    """
    asked = asyncio.create_task(stop_signal())
    pause = FIRST_PAUSE
    while not asked.done():
        started = asyncio.get_running_loop().time()
        worker = asyncio.create_task(_work_until_it_ends())
        await asyncio.wait([worker, asked], return_when=asyncio.FIRST_COMPLETED)
        if asked.done():
            worker.cancel()  # procrastinate takes this as a request to stop, and finishes its job
        [error] = await asyncio.gather(worker, return_exceptions=True)
        if not asked.done():
            pause = next_pause(pause, asyncio.get_running_loop().time() - started)
            logger.warning("The worker ended (%s); it starts again in %s s.", error or "no database?", pause)
            await asyncio.wait([asked], timeout=pause)


async def stop_signal(signals=(signal.SIGTERM, signal.SIGINT)):
    """Return when one of the signals arrives; from then on none of them has any other effect."""
    asked = asyncio.Event()
    for number in signals:
        asyncio.get_running_loop().add_signal_handler(number, asked.set)
    await asked.wait()


def next_pause(pause, lasted):
    """Return the seconds to wait before the next attempt, when the last one, after `pause`, lasted `lasted` seconds."""
    return FIRST_PAUSE if lasted >= GOOD_RUN else min(2 * pause, LONGEST_PAUSE)


async def _work_until_it_ends():
    # It listens for new jobs, which no pooler of connections lets through.
    with app.replace_connector(PsycopgConnector(kwargs=connector_params(settings.DIRECT_DATABASE))):
        async with app.open_async():
            # Jobs that failed stay, for a person to look at.
            await app.run_worker_async(install_signal_handlers=False, delete_jobs="successful")
