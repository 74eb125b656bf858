"""HTML with marks where words go: made once, and filled in with the words of many things."""

import re
from html import escape

from django.utils.safestring import mark_safe

BEGIN, END = "\ue000", "\ue001"  # signs that no text of ours has
INDENT = re.compile(r"\n\s+")
MARK = re.compile(f"{BEGIN}(\\w+){END}")


def mark(name):
    """What stands where the word `name` goes; escaping leaves it as it is."""
    return f"{BEGIN}{name}{END}"


def pattern(html):
    """Return safe HTML that has marks in it as what `filled` takes, without its indentation."""
    return MARK.sub(r"%(\1)s", INDENT.sub("\n", html).replace("%", "%%"))


def filled(pattern, words):
    """Return a pattern as safe HTML with these words, a dict, in it; they are escaped unless they are safe."""
    return mark_safe(pattern % {name: _escaped(word) for name, word in words.items()})


def with_breaks(text):
    """Return text as safe HTML in which its line ends are seen."""
    return mark_safe(escape(text).replace("\n", "<br>"))


def _escaped(word):
    return word if type(word) is int or hasattr(word, "__html__") else escape(str(word))
