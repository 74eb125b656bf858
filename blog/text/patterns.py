"""HTML with marks where words go: made once, and filled in with the words of many things."""

import re
from html import escape
from secrets import token_hex

from django.utils.safestring import SafeString, mark_safe

SECRET = token_hex(8)  # of this process: nobody can write a mark of theirs into a text
INDENT = re.compile(r"\n\s+")
AS_IS = {int, SafeString}
MARK = re.compile(f"{SECRET}(\\w+?){SECRET}")


def mark(name):
    """What stands where the word `name` goes; escaping leaves it as it is."""
    return f"{SECRET}{name}{SECRET}"


def pattern(html):
    """Return safe HTML that has marks in it as what `filled` takes, without its indentation."""
    return MARK.sub(r"%(\1)s", INDENT.sub("\n", html).replace("%", "%%"))


def filled(pattern, words):
    """Return a pattern as safe HTML with these words, a dict, in it; they are escaped unless they are safe."""
    escaped = {name: word if type(word) in AS_IS else escape(str(word)) for name, word in words.items()}
    return mark_safe(pattern % escaped)


def with_breaks(text):
    """Return text as safe HTML in which its line ends are seen."""
    return mark_safe(escape(text).replace("\n", "<br>"))
