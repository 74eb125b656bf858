"""One generation of the site's processes: the code is imported once, here, and shared by all that are forked from it.

Web processes and the job worker begin as copies of this process, so their memory is this one's until they write to it,
and one that ends is replaced in a moment.
"""

import asyncio
import ctypes
import gc
import logging
import os
import signal
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
from django.conf import settings
from django.db import connections
from django.urls import get_resolver
from prometheus_client.multiprocess import mark_process_dead

from project import health, jobs, listening, sizes, web
from project.serving import FINISH_SECONDS, READY, SIGNALS, STOP

LOOK_SECONDS = 1
WEIGH_SECONDS = 10
FIRST_PAUSE, LONGEST_PAUSE, GOOD_RUN = 0.0, 30.0, 1.0  # seconds, before a process that ended is replaced
PR_SET_PDEATHSIG = 1  # from linux/prctl.h

logger = logging.getLogger(__name__)


@dataclass
class Child:
    place: int | None  # of a web process among them; None is the job worker
    since: float
    killed_at: float = float("inf")  # set when it is asked to stop


class Generation:
    """Starts the processes, replaces those that end, and stops them when it is told to or `serve` is gone."""

    def __init__(self, parent, sockets):
        self.parent = parent  # process id of `serve`
        self.sockets = sockets  # descriptors of the listening ones
        self.children = {}  # process id → Child
        self.missing = []  # (when to start it, in whose place)
        self.pause = FIRST_PAUSE
        self.weighed = time.monotonic()
        self.ready = None

    def run(self):
        """Returns the exit code."""
        name_this_process("spalt site")  # 15 letters at most
        signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
        end_with(self.parent)
        workers, self.threads = sizes.chosen()
        share_what_is_imported()
        if not self._start(workers):
            return self._stop(1)
        listening.give_to(self.sockets, workers)
        os.kill(self.parent, READY)
        self._fork(None)
        while not is_among(STOP, signal.sigtimedwait(SIGNALS, LOOK_SECONDS)):
            self._replace_the_dead()
            self._weigh()
        return self._stop(0)

    def _start(self, workers):
        """Start the web processes; return whether all of them answer."""
        reading, self.ready = os.pipe()
        for place in range(workers):
            self._fork(place)
        os.close(self.ready)
        self.ready = None
        with open(reading, "rb") as answers:
            return len(answers.read(workers)) == workers

    def _work(self, place):
        if place is None:
            asyncio.run(jobs.work())
        else:
            web.serve(self.sockets[place % len(self.sockets)], self.threads, self.ready)

    def _fork(self, place):
        this = os.getpid()
        child = os.fork()
        if child:
            self.children[child] = Child(place, time.monotonic())
            return
        code = 1
        try:
            name_this_process("spalt worker" if place is None else "spalt web")
            end_with(this)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
            self._work(place)
            code = 0
        except BaseException:
            logger.exception("A process of the site failed.")
        finally:
            logging.shutdown()
            os._exit(code)

    def _replace_the_dead(self):
        now = time.monotonic()
        for child, ended in self._reap():
            mark_process_dead(child)
            if ended.killed_at == float("inf"):
                self.pause = FIRST_PAUSE if now - ended.since > GOOD_RUN else min(2 * self.pause + 1, LONGEST_PAUSE)
                logger.error("Process %s ended: another one takes its place in %.0f s.", child, self.pause)
                self.missing.append((now + self.pause, ended.place))
        for due in [due for due in self.missing if due[0] <= now]:
            self.missing.remove(due)
            self._fork(due[1])
        for child, leaving in self.children.items():
            if leaving.killed_at < now:
                os.kill(child, signal.SIGKILL)

    def _reap(self):
        """Yield process id and Child of each that has ended."""
        while self.children:
            child, _status = os.waitpid(-1, os.WNOHANG)
            if not child:
                return
            yield child, self.children.pop(child)

    def _weigh(self):
        """Replace web processes that have grown too large; each finishes what it has in hand."""
        if time.monotonic() < self.weighed + WEIGH_SECONDS:
            return
        self.weighed = time.monotonic()
        for child, serving in list(self.children.items()):
            if (
                serving.place is not None
                and serving.killed_at == float("inf")
                and _own_bytes(child) > settings.WEB_WORKER_MB * 2**20
            ):
                logger.warning(
                    "Process %s has more than %s MB of its own: it is replaced.", child, settings.WEB_WORKER_MB
                )
                self._fork(serving.place)
                self._ask_to_stop(child)

    def _ask_to_stop(self, child):
        self.children[child].killed_at = time.monotonic() + FINISH_SECONDS
        os.kill(child, signal.SIGTERM)

    def _stop(self, code):
        for descriptor in self.sockets:
            os.close(descriptor)
        for child in self.children:
            self._ask_to_stop(child)
        while self.children:
            signal.sigtimedwait({signal.SIGCHLD}, LOOK_SECONDS)
            self._replace_the_dead()
        return code


def is_among(signals, happened):
    return happened is not None and happened.si_signo in signals


def end_with(parent):
    """Let the kernel send us SIGTERM when our parent ends, however it ends."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGTERM)


def name_this_process(name):
    """What ps and top call it, where the system lets us say so."""
    with suppress(OSError):
        Path("/proc/self/comm").write_text(name)


def share_what_is_imported():
    """Import all that a page needs, so that it is in memory once; connections are not shared."""
    health.newest_migrations()
    get_resolver().url_patterns  # noqa: B018 (all the views are imported by it)
    connections.close_all()
    gc.collect()
    gc.freeze()  # the collector would write into every object, and so copy it


def _own_bytes(child):
    try:
        return psutil.Process(child).memory_full_info().uss
    except psutil.Error:
        return 0
