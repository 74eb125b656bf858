"""One web process: granian's threads on a socket that outlives them, until it is asked to stop.

A connection that nobody has accepted yet waits in the socket for the next process in this place. granian's own command
gives each process a socket of its own, and what waits in one is lost with it.
"""

import os
import signal
import socket
import time
from pathlib import Path
from threading import Event

from django.conf import settings
from granian._futures import _new_cbscheduler
from granian._granian import SocketHolder, WorkerSignal, WSGIWorker
from granian._loops import loops
from granian.constants import HTTPModes
from granian.wsgi import _callback_wrapper

from project import wsgi
from project.listening import BACKLOG
from project.metrics import PageCacheFigures
from project.page_cache import front

FIGURES_SECONDS = 1
LEAVE_SECONDS = 1  # in which each client that keeps its connection hears that it is closed
NO_TLS = (False, None, None, None, "tls1.3", None, [], False)  # the proxy's work
NO_METRICS = (None, None)


def serve(descriptor, threads, ready):
    """Answer requests until SIGTERM; those in hand are finished.

    `ready` is a descriptor to which one byte is written when this process answers, or None.
    """
    asked, finished = Event(), Event()
    signal.signal(signal.SIGTERM, lambda *_: asked.set())
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    front.start()
    application = Closing(wsgi.application)
    accepting = os.dup(descriptor)
    stop = _start(accepting, threads, application, finished)
    if ready is not None:
        os.write(ready, b".")
        os.close(ready)
    figures = PageCacheFigures()
    while not asked.wait(FIGURES_SECONDS):
        figures.publish()
    _accept_no_more(accepting)
    application.is_closing = True
    time.sleep(LEAVE_SECONDS)
    stop.set()
    finished.wait()


class Closing:
    """The application; when the process is about to leave, each answer is the last one on its connection."""

    def __init__(self, application):
        self.application = application
        self.is_closing = False

    def __call__(self, environ, start_response):
        if not self.is_closing:
            return self.application(environ, start_response)

        def start(status, headers, error=None):
            return start_response(status, [*headers, ("Connection", "close")], error)

        return self.application(environ, start)


def _start(accepting, threads, application, finished):
    """Let granian answer what arrives at the descriptor; return the signal that stops it. Then `finished` is set."""
    stop = WorkerSignal()
    stop.add_cb(finished.set)
    loop = loops.get("auto")
    holder = SocketHolder(accepting, False, BACKLOG)  # not a Unix socket
    worker = WSGIWorker(
        1,
        (None, holder),
        None,
        1,
        512,
        threads,
        30,
        BACKLOG,
        HTTPModes.http1,
        None,
        None,
        _media(),
        *NO_TLS,
        NO_METRICS,
    )
    worker.serve_mtr(_new_cbscheduler(loop, _callback_wrapper(application, {}), impl_asyncio=True), loop, stop)
    return stop


def _media():
    """Which folder granian serves by itself, and where: (pairs of route and folder, index file, seconds to keep)."""
    if not settings.MEDIA_IS_LOCAL:
        return None
    folder = Path(settings.MEDIA_ROOT)
    folder.mkdir(parents=True, exist_ok=True)
    return [(settings.MEDIA_PATH.rstrip("/"), str(folder.resolve()))], None, "86400"


def _accept_no_more(accepting):
    """Put a socket to which nobody connects in the place of the site's, which stays open in other processes."""
    with socket.create_server(("127.0.0.1", 0)) as idle:
        idle.setblocking(False)
        os.dup2(idle.fileno(), accepting)
