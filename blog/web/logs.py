"""How the log is written, and what it must not hold."""

import json
import logging
import re
from datetime import UTC, datetime

from blog.web.requests import current_id

KEY = re.compile(r"(/(?:review|receipt|mute|confirm|leave)/)[^/\s]+")
EMAIL = re.compile(r"[^\s<>\"'(){}\[\],;:=]+@[\w-]+(?:\.[\w-]+)+")
_traceback = logging.Formatter().formatException


class HideKeys(logging.Filter):
    """Leave out the keys of private links, and e-mail addresses: who reads the log was not invited, and need not know
    who was. Tracebacks are cleaned too: a refused mail's names its receiver.
    """

    def filter(self, record):
        record.msg, record.args = without_secrets(record.getMessage()), ()
        if details := getattr(record, "details", None):
            record.details = details | {"path": without_secrets(details["path"])}
        if record.exc_info:
            record.exc_text = without_secrets(_traceback(record.exc_info))
        return True


def without_secrets(text):
    return EMAIL.sub("…", KEY.sub(r"\1…", text))


class JsonLines(logging.Formatter):
    """One JSON object for each record, on one line: time, level, logger, message, and what is known besides."""

    def format(self, record):
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if current_id.get():
            line["request"] = current_id.get()
        line |= getattr(record, "details", {})
        if record.exc_info:
            line["traceback"] = record.exc_text or self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)
