"""The process that `manage.py serve` is: it holds the listening sockets, and watches one generation of the site.

A generation (project/generation.py) has the code and the settings of the moment in which it was started. SIGHUP starts
another one on the same sockets; when that one answers, the one before it finishes what it has in hand. Nothing of the
site is imported here, so this process is small and never out of date.
"""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from project.listening import listen

BASE_DIR = Path(__file__).resolve().parent.parent
STOP, ROLL, READY = {signal.SIGTERM, signal.SIGINT}, signal.SIGHUP, signal.SIGUSR1
SIGNALS = {*STOP, ROLL, READY, signal.SIGCHLD}
# numpy would start a thread, with memory of its own, for each core.
ENVIRONMENT = {"OPENBLAS_NUM_THREADS": "1"}
FINISH_SECONDS = 30  # what a running request or job gets when it is asked to stop


def add_arguments(parser):
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=os.environ.get("PORT", "8000"))


def main(arguments):
    parser = argparse.ArgumentParser(prog="manage.py serve")
    add_arguments(parser)
    options = parser.parse_args(arguments)
    return run(options.host, options.port)


def run(host, port):
    """Serve until SIGTERM or SIGINT; returns the exit code."""
    try:
        listeners = listen(host, port)
    except OSError:
        say(f"The site cannot be served yet.\nPort {port} of {host} is in use: choose another with --port or PORT.")
        return 1
    signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)  # from here on they wait until they are asked for
    return Watch(listeners).run()


class Watch:
    """One generation serves, another one may be coming, and those before them are leaving."""

    def __init__(self, listeners):
        self.listeners = listeners
        self.serving = None
        self.coming = None
        self.leaving = []
        self.figures = tempfile.TemporaryDirectory(prefix="spalt-")

    def run(self):
        self._start()
        while True:
            happened = signal.sigwaitinfo(SIGNALS)
            if happened.si_signo in STOP:
                return self._stop(0)
            if happened.si_signo == ROLL:
                self._start()
            elif happened.si_signo == READY and self.coming and happened.si_pid == self.coming.pid:
                self._hand_over()
            if not self._look_after():
                return self._stop(1)

    def _start(self):
        if self.coming:
            self._leave(self.coming)
        sockets = [listener.fileno() for listener in self.listeners]
        command = [sys.executable, "manage.py", "generation", str(os.getpid()), *map(str, sockets)]
        # In a group of its own: Ctrl-C in the terminal reaches only us.
        self.coming = subprocess.Popen(  # noqa: S603
            command, cwd=BASE_DIR, env=self._environment(), pass_fds=sockets, process_group=0
        )

    def _environment(self):
        # Where the generation's processes add up their figures (project/metrics.py).
        return ENVIRONMENT | os.environ | {"PROMETHEUS_MULTIPROC_DIR": tempfile.mkdtemp(dir=self.figures.name)}

    def _hand_over(self):
        if self.serving:
            self._leave(self.serving)
        self.serving, self.coming = self.coming, None

    def _leave(self, generation):
        generation.terminate()
        self.leaving.append(generation)

    def _look_after(self):
        """See who ended; return whether the site goes on."""
        self.leaving = [generation for generation in self.leaving if generation.poll() is None]
        if self.coming and self.coming.poll() is not None:
            self.coming = None
            if self.serving:
                say("The new generation did not start; the one before it goes on.")
        if self.serving and self.serving.poll() is not None:
            say(f"The generation ended ({self.serving.returncode}): another one is started.")
            self.serving = None
            if not self.coming:
                self._start()
        return self.serving or self.coming

    def _stop(self, code):
        for listener in self.listeners:
            listener.close()
        for generation in filter(None, (self.serving, self.coming)):
            self._leave(generation)
        for generation in self.leaving:
            with suppress(subprocess.TimeoutExpired):
                generation.wait(FINISH_SECONDS + 5)
            with suppress(ProcessLookupError):
                os.killpg(generation.pid, signal.SIGKILL)  # what it may have left
        self.figures.cleanup()
        return code


def say(text):
    print(text, file=sys.stderr, flush=True)
