"""Pure functions that remember their results, within a bounded amount of memory.

A result's key is all that it was made from, so nothing is ever invalidated: other words make another key. What a
result depends on besides (the active language, a setting) is therefore an argument too.
"""

from collections import OrderedDict
from functools import wraps
from sys import getsizeof
from threading import Lock

ENTRY_BYTES = 250  # the row in the dictionary, measured


def remembered(*, most_bytes):
    """Decorate a pure function of hashable arguments, given by position, that returns text or a tuple of such.

    Of what does not fit into `most_bytes` that goes first which was not asked for longest. Two threads may make the
    same result at once; `forget` empties the memory.
    """

    def decorate(function):
        memory = _Memory(most_bytes)

        @wraps(function)
        def answer(*key):
            result = memory.get(key)
            if result is None:
                result = function(*key)
                memory.put(key, result)
            return result

        answer.forget, answer.memory = memory.clear, memory  # type: ignore[attr-defined]
        return answer

    return decorate


class _Memory:
    def __init__(self, most_bytes):
        self.most_bytes, self.bytes = most_bytes, 0
        self._rows, self._lock = OrderedDict(), Lock()

    def get(self, key):
        with self._lock:
            if row := self._rows.get(key):
                self._rows.move_to_end(key)
                return row[0]
        return None

    def put(self, key, result):
        weight = ENTRY_BYTES + _bytes(key) + _bytes(result)
        if weight > self.most_bytes:
            return
        with self._lock:
            self.bytes += weight - self._rows.pop(key, (None, 0))[1]
            self._rows[key] = result, weight
            while self.bytes > self.most_bytes:
                self.bytes -= self._rows.popitem(last=False)[1][1]

    def clear(self):
        with self._lock:
            self._rows.clear()
            self.bytes = 0


def _bytes(thing):
    return getsizeof(thing) + (sum(map(_bytes, thing)) if isinstance(thing, tuple) else 0)
