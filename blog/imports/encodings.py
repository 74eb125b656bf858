"""From a file's bytes to its text, also when the bytes are not in the encoding that the file names."""

import codecs
import re

from django.utils.translation import gettext as _

from blog.imports.lenient_xml import Text

DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})["']""")
# As browsers do: a file that says Latin-1 means Windows-1252, which holds the same letters and more.
LATIN = {"iso8859-1", "ascii", "cp1252"}
# Bytes that are not UTF-8 come out of the decoder as lone surrogates, each in its place.
BAD_BYTES = re.compile("[\udc80-\udcff]+")
WINDOWS = {0xDC00 + byte: bytes([byte]).decode("cp1252", "replace") for byte in range(0x80, 0x100)}


def read_text(content):
    """Return the Text of a file's bytes, with a problem for each line that is not in the encoding it should be in."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return Text(content.decode("utf-16", "replace"))
    if content[:4] in (b"<\0?\0", b"\0<\0?"):
        return Text(content.decode("utf-16-le" if content[1] == 0 else "utf-16-be", "replace"))
    content = content.removeprefix(codecs.BOM_UTF8)
    declared = _declared(content)
    if declared == "utf-8":
        return _mixed(content)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return Text(content.decode(declared, "replace"))
    source = Text(text)
    if not content.isascii():
        source.report(0, _("the file says that it is %s, and is UTF-8") % declared)
    return source


def _declared(content):
    """The name of the encoding that the file names, as far as it can be true; UTF-8 otherwise."""
    match = DECLARED.match(content)
    try:
        name = codecs.lookup(match[1].decode()).name if match else "utf-8"
        b"<".decode(name)
    except (LookupError, UnicodeError):
        return "utf-8"
    if name.startswith(("utf-16", "utf-32")):  # its first bytes would have shown it
        return "utf-8"
    return "cp1252" if name in LATIN else name


def _mixed(content):
    text = content.decode("utf-8", "surrogateescape")
    bad = list(BAD_BYTES.finditer(text))
    source = Text(text.translate(WINDOWS) if bad else text)
    reported = set()
    for match in bad:
        problem = source.at(match.start(), _("bytes that are not UTF-8 were read as Windows-1252"))
        if problem.line not in reported:
            reported.add(problem.line)
            source.problems.append(problem)
    return source
