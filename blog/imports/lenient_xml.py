"""Reading XML that is not quite XML, as the exports of living sites are.

A parser that keeps to the standard must stop at the first bare ampersand, undeclared prefix or missing end
tag; this one reads on and says where it was. It knows no document types and defines no entities, so there is
nothing that could be expanded or fetched: a file that declares some is refused.
"""

import re
from bisect import bisect_right
from html import unescape

from django.utils.translation import gettext as _

from blog.imports.records import Problem

TOKEN = re.compile(
    r"<!\[CDATA\[(?P<cdata>.*?)\]\]>(?![^<]*\]\]>)"  # text and then "]]>" again: the first one belonged to the text
    r"|<!--.*?-->|<\?[^<]*\?>"
    r"|(?P<open_ended><!\[CDATA\[.*|<!--.*)"
    r"|(?P<declaration><![A-Za-z])"
    r"|</(?P<end>[A-Za-z_][\w:.-]*)[^<>]*>"
    r"|<(?P<start>[A-Za-z_][\w:.-]*)(?P<attributes>(?:[^<>\"']|\"[^\"<]*\"|'[^'<]*')*?)(?P<empty>/?)>",
    re.DOTALL,
)
ATTRIBUTE = re.compile(r"(?<![\w:.-])([\w:.-]++)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
REFERENCE = re.compile(r"&(?:(#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]\w*);)?")
XML_NAMES = {"amp", "lt", "gt", "quot", "apos"}
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# How deep these stand in the envelope: what is still open there when one begins should have ended before.
LEVELS = {"item": 0, "wp:comment": 1}
ENVELOPE = {"rss", "channel", "rdf:RDF"}
MAX_DEPTH = 50  # every open element keeps a copy of the text in it
# A large export has millions of elements: those without children or attributes share these.
NOTHING: list = []
NO_ATTRIBUTES: dict[str, str] = {}


class Unreadable(Exception):
    """The file cannot or may not be read at all; the message says why to the person who imports it."""


class Text:
    """The text of a file, which knows lines and columns, and collects the problems found in it."""

    def __init__(self, text):
        self.text = text
        self.problems = []
        self._line_starts = [0, *(match.end() for match in re.finditer("\n", text))]
        for match in FORBIDDEN.finditer(text):
            self.report(match.start(), _("a control character (%04X) was left out") % ord(match[0]))

    def at(self, offset, words):
        line = bisect_right(self._line_starts, offset)
        return Problem(line, offset - self._line_starts[line - 1] + 1, words)

    def report(self, offset, words):
        self.problems.append(self.at(offset, words))


class Element:
    """An element with its children; `is_cut` says that the file ends inside of it."""

    __slots__ = ("attributes", "children", "content", "is_cut", "name", "offset", "pieces")

    def __init__(self, name, attributes, offset):
        self.name, self.attributes, self.offset = name, attributes, offset
        self.children: list[Element] = []
        self.content, self.is_cut = "", False
        self.pieces: list[str] = []

    def all(self, name):
        return [child for child in self.children if child.name == name]

    def text(self, name):
        """Return the text of the first child called `name`, without outer white space; "" if there is none."""
        child = next((child for child in self.children if child.name == name), None)
        return child.content.strip() if child else ""


def elements(source):
    """Yield the Elements that stand in the envelope (rss, channel), in the file's order. `source` is a Text.

    What stands unescaped inside a field (`<title>a <b>c</b></title>`) is both its child and, as it is
    written, part of its text. Unreadable if a document type or an entity is declared.
    """
    open_elements: list[Element] = []
    position = 0
    for token in TOKEN.finditer(source.text):
        _add_text(open_elements, _resolved(source, position, token.start()))
        position = token.end()
        if token["declaration"]:
            where = source.at(token.start(), "")
            raise Unreadable(
                _(
                    "Line %(line)d, column %(column)d declares a document type or an entity. No export holds one,"
                    " and it can be an attack: nothing was read."
                )
                % {"line": where.line, "column": where.column}
            )
        if token["cdata"] is not None:
            _add_text(open_elements, token["cdata"])
        elif token["open_ended"]:
            _add_text(open_elements, token["open_ended"].removeprefix("<![CDATA[") if "CDATA" in token[0][:9] else "")
        elif token["end"]:
            yield from _end(source, open_elements, token)
        elif token["start"] and token["start"] not in ENVELOPE:
            yield from _start(source, open_elements, token)
    _add_text(open_elements, _resolved(source, position, len(source.text)))
    if open_elements:
        source.report(len(source.text), _("the file ends inside <%s>") % open_elements[-1].name)
        yield from _close(open_elements, 0, is_cut=True)


def _start(source, open_elements, token):
    name = token["start"]
    level = LEVELS.get(name, len(open_elements))
    if level < len(open_elements):
        words = _("<%(outer)s> has not ended before <%(inner)s>") % {"outer": open_elements[level].name, "inner": name}
        source.report(token.start(), words)
        yield from _close(open_elements, level)
    _add_text(open_elements, token[0])
    if len(open_elements) == MAX_DEPTH:
        source.report(token.start(), _("<%s> stands too deep: it was read as text") % name)
        return
    pairs = ATTRIBUTE.findall(token["attributes"])
    attributes = {key: unescape(double or single) for key, double, single in pairs} if pairs else NO_ATTRIBUTES
    element = Element(name, attributes, token.start())
    open_elements.append(element)
    if token["empty"]:
        yield from _close(open_elements, len(open_elements) - 1)


def _end(source, open_elements, token):
    name = token["end"]
    names = [element.name for element in open_elements]
    if name in ENVELOPE:
        level = 0
    elif name in names:
        level = len(names) - 1 - names[::-1].index(name)
    else:
        source.report(token.start(), _("</%s> ends what has not begun") % name)
        return
    unended = names[level if name in ENVELOPE else level + 1 :]
    if unended:
        source.report(
            token.start(), _("<%(inner)s> has not ended before </%(outer)s>") % {"inner": unended[-1], "outer": name}
        )
    yield from _close(open_elements, level)
    _add_text(open_elements, token[0])


def _close(open_elements, level, is_cut=False):
    """End all elements from `level` on; yield the one that stood directly in the envelope."""
    while len(open_elements) > level:
        element = open_elements.pop()
        element.is_cut = is_cut
        element.content = FORBIDDEN.sub("", "".join(element.pieces)).replace("\r\n", "\n").replace("\r", "\n")
        element.pieces, element.children = NOTHING, element.children or NOTHING
        if open_elements:
            open_elements[-1].children.append(element)
        else:
            yield element


def _add_text(open_elements, text):
    # To all levels: a field may hold an unescaped tag. What holds fields has no text of its own.
    for element in open_elements if text else ():
        if element.name not in LEVELS:
            element.pieces.append(text)


def _resolved(source, start, stop):
    text = source.text[start:stop]
    if "<" in text:
        source.report(start + text.index("<"), _("“<” that begins no tag was read as text"))
    if "&" not in text:
        return text

    def character(match):
        name = match[1]
        if name in XML_NAMES or (name and name.startswith("#")):
            return unescape(match[0])
        meant = unescape(match[0]) if name else "&"
        source.report(
            start + match.start(), _("“%(found)s” was read as “%(meant)s”") % {"found": match[0], "meant": meant}
        )
        return meant

    return REFERENCE.sub(character, text)
