"""What the log must not hold."""

import logging
import re

KEY = re.compile(r"(/(?:review|receipt|mute)/)[^/\s]+")
EMAIL = re.compile(r"[^\s<>\"'(){}\[\],;:=]+@[\w-]+(?:\.[\w-]+)+")
_traceback = logging.Formatter().formatException


class HideKeys(logging.Filter):
    """Leave out the keys of private links, and e-mail addresses: who reads the log was not invited, and need not know
    who was. Tracebacks are cleaned too: a refused mail's names its receiver.
    """

    def filter(self, record):
        record.msg, record.args = without_secrets(record.getMessage()), ()
        if record.exc_info:
            record.exc_text = without_secrets(_traceback(record.exc_info))
        return True


def without_secrets(text):
    return EMAIL.sub("…", KEY.sub(r"\1…", text))
