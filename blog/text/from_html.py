"""A comment's HTML, as other systems stored it → the source text of our light mark-up."""

import re
from html import escape, unescape
from html.parser import HTMLParser

import nh3

from blog.text.markup import clean_source, comment_html
from blog.text.nesting import shallow

TAGS = {"p", "br", "div", "blockquote", "ul", "ol", "li", "pre", "code", "tt", "kbd", "em", "i", "cite", "b", "strong"}
TAGS |= {"a", "img", "h1", "h2", "h3", "h4", "h5", "h6", "table", "tr", "td", "th"}
MARKERS = {"em": "*", "i": "*", "cite": "*", "b": "**", "strong": "**"}
BLOCKS = TAGS - set(MARKERS) - {"br", "code", "tt", "kbd", "a", "img", "td", "th"}
ADDRESS = re.compile(r"(https?://[^\s<>\"]+)")
BRACKETED_ADDRESS = re.compile(r"<(https?://[^\s<>]+)>")
SPECIAL = re.compile(r"[`*\[\]]|\\(?=[!-/:-@\[-`{-~]|$)|(?<!\w)_|_(?!\w)|<(?=[A-Za-z][\w.+-]*[:@])", re.MULTILINE)
AT_LINE_START = re.compile(r"^(\d{1,9})?([-+>.)]|~~~)(?=\s|$|~|(?<=>))")
# The look-behind: a run of spaces is tried once, not from each of them.
LINE_BREAKS = re.compile(r"((?<![ \t\r\f])[ \t\r\f]*+\n\s*+)")
MAX_DEPTH = 20  # the parser of the light mark-up stops there as well
IN_ADDRESS = str.maketrans({" ": "%20", "(": "%28", ")": "%29", "<": "%3C", ">": "%3E", "\\": "%5C"})


def light_markup(html):
    """Return the source text that renders as `html` would be read: its words, emphasis, links, quotes, lists, code.

    A line break in `html` is one here, as WordPress showed it. The words come out exactly: mark-up that the
    light kind cannot express at its place (emphasis inside a word, beside a quote) is left out.
    """
    html = shallow(BRACKETED_ADDRESS.sub(r"\1", html), MAX_DEPTH)
    balanced = nh3.clean(html, tags=TAGS, attributes={"a": {"href"}, "img": {"src", "alt"}}, link_rel=None)
    for options in ({}, {"emphasis": False}, {"emphasis": False, "escape_addresses": True}):
        writer = _Writer(**options)
        writer.feed(balanced)
        source = clean_source(writer.finish())
        if _letters(source) == "".join("".join(writer.words).split()):
            break
    return source


def _letters(source):
    return "".join(unescape(nh3.clean(comment_html(source, in_full=True), tags=set())).split())


class _Writer(HTMLParser):
    def __init__(self, *, emphasis=True, escape_addresses=False):
        super().__init__(convert_charrefs=True)
        self.emphasis, self.escape_addresses = emphasis, escape_addresses
        self.out, self.words = [], []
        self.gap = ""  # "", " ", "\n" or "\n\n": written when something follows
        self.prefixes = []  # [first line, other lines, whether the first is written] of each quote and list item
        self.lists, self.links = [], []
        self.wanted, self.opened = [], []
        self.verbatim = None  # the pieces of a <pre> or <code>
        self.at_line_start = True

    def finish(self):
        self.close()
        self._match_markers([])
        return "".join(self.out)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if self.verbatim is not None:
            self.verbatim.append("\n" if tag in BLOCKS or tag == "br" else "")
        elif tag in ("pre", "code", "tt", "kbd"):
            self._break("\n\n" if tag == "pre" else "")
            self.verbatim = [] if tag == "pre" else [""]
            self.verbatim_tag = tag
        elif tag == "a":
            self.links.append((attributes.get("href") or "", len(self.words)))
            self._open_link()
        elif tag == "img":
            self._text(attributes.get("alt") or attributes.get("src") or "")
        elif tag == "br":
            self._break("\n\n" if self.gap == "\n" and self.after_br else "\n")
            self.after_br = True
        elif tag in BLOCKS:
            self._start_block(tag)
        elif tag in ("td", "th"):
            self.gap = self.gap or " "
        elif self.emphasis and tag not in self.wanted:
            self.wanted.append(tag)

    after_br = False

    def handle_endtag(self, tag):
        if self.verbatim is not None:
            if tag == self.verbatim_tag:
                self._write_verbatim("".join(self.verbatim), fenced=tag == "pre")
        elif tag == "a" and self.links:
            self._close_link(self.links.pop())
        elif tag in BLOCKS:
            self._end_block(tag)
        elif tag in self.wanted:
            self.wanted.remove(tag)

    def handle_data(self, text):
        if self.verbatim is not None:
            self.verbatim.append(text)
            return
        for piece in LINE_BREAKS.split(text):
            if piece.strip() or not piece:
                self._text(piece)
            else:
                breaks = min(piece.count("\n"), 2)
                self._break("\n" * breaks if breaks else " ")

    # --- blocks

    def _start_block(self, tag):
        in_list = bool(self.lists)
        if tag == "li":
            self._break("\n")
            ordered = in_list and self.lists[-1][0] == "ol"
            if in_list:
                self.lists[-1][1] += 1
            marker = f"{self.lists[-1][1]}. " if ordered else "- "
            self.prefixes.append([marker, " " * len(marker), False])
            return
        self._break("\n" if in_list and tag in ("ul", "ol", "tr") else "\n\n")
        if tag in ("ul", "ol"):
            self.lists.append([tag, 0])
        elif tag == "blockquote":
            self.prefixes.append(["> ", "> ", False])

    def _end_block(self, tag):
        self._match_markers([])
        if tag in ("li", "blockquote") and self.prefixes:
            self.prefixes.pop()
        if tag in ("ul", "ol") and self.lists:
            self.lists.pop()
        self._break("\n" if tag in ("li", "tr") or self.lists else "\n\n")

    def _break(self, gap):
        self.after_br = False
        if len(gap) > len(self.gap) or (gap.startswith("\n") and self.gap == " "):
            self.gap = gap

    # --- words

    def _text(self, text):
        core = " ".join(text.split())
        if not core:
            self.gap = self.gap or (" " if text else "")
            return
        if text[0].isspace():
            self.gap = self.gap or " "
        self.words.append(core)
        self._content(self._escaped(core))
        if text[-1].isspace():
            self.gap = " "

    def _escaped(self, text):
        pieces = [text] if self.escape_addresses else ADDRESS.split(text)
        escaped = [piece if index % 2 else SPECIAL.sub(r"\\\g<0>", piece) for index, piece in enumerate(pieces)]
        joined = "".join(escaped)
        if self.gap.startswith("\n") or not self.out:
            joined = AT_LINE_START.sub(r"\1\\\2", joined)
        return joined

    def _content(self, text):
        self.after_br = False
        self._match_markers(self.wanted if self.gap != "\n\n" else [])
        self._write_gap()
        for tag in self.wanted[len(self.opened) :]:
            self.out.append(MARKERS[tag])
            self.opened.append(tag)
        self.out.append(text)

    def _write_gap(self):
        at_start = not self.out
        if self.gap.startswith("\n") and not at_start:
            rest = "".join(prefix[1] if prefix[2] else "" for prefix in self.prefixes)
            self.out.append(f"\n{rest.rstrip()}\n" if self.gap == "\n\n" else "\n")
        if self.gap.startswith("\n") or at_start:
            for prefix in self.prefixes:
                self.out.append(prefix[1] if prefix[2] else prefix[0])
                prefix[2] = True
        elif self.gap:
            self.out.append(" ")
        self.gap = ""

    def _match_markers(self, wanted):
        same = 0
        while same < min(len(self.opened), len(wanted)) and self.opened[same] == wanted[same]:
            same += 1
        while len(self.opened) > same:
            self.out.append(MARKERS[self.opened.pop()])

    # --- links and code

    def _open_link(self):
        self._match_markers(self.wanted)
        self.links[-1] += (len(self.out), self.gap)

    def _close_link(self, link):
        address, word, start, _gap = link
        text = " ".join(self.words[word:])
        if (
            not text
            or text == address
            or not re.match(r"(?:https?|mailto):", address)
            or "\n\n" in "".join(self.out[start:])
        ):
            return
        self._match_markers([])
        first = next((index for index in range(start, len(self.out)) if self.out[index].strip("\n >")), -1)
        self.out.insert(first, "[")
        self.out.append(f"]({escape(address, quote=False).replace('&amp;', '&').translate(IN_ADDRESS)})")

    def _write_verbatim(self, text, *, fenced):
        self.verbatim = None
        if not text.strip():
            return
        self.words.append(text)
        longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
        if not fenced:
            self._content(f"{'`' * (longest + 1)}{self._padded(' '.join(text.split()))}{'`' * (longest + 1)}")
            return
        fence = "`" * max(3, longest + 1)
        self._content(fence)
        rest = "".join(prefix[1] for prefix in self.prefixes)
        self.out += [f"\n{rest}{line}" for line in [*text.strip("\n").split("\n"), fence]]
        self._break("\n\n")

    def _padded(self, code):
        return f" {code} " if code.startswith("`") or code.endswith("`") else code
