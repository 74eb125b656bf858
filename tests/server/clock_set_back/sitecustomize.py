"""For a process that is started with this folder in PYTHONPATH: its clock is 90 s slow while CLOCK_FILE exists."""

import os
import time
from datetime import timedelta

from django.utils import timezone

true_time, true_now = time.time, timezone.now


def seconds_behind():
    return 90 if os.path.exists(os.environ["CLOCK_FILE"]) else 0


time.time = lambda: true_time() - seconds_behind()
timezone.now = lambda: true_now() - timedelta(seconds=seconds_behind())
