"""Writing HTML of the few tags that our editor knows, properly nested in whatever order things come."""

import re
from dataclasses import dataclass, field
from html import escape

TEXT_ONLY = {"h2", "h3", "h4", "pre", "figcaption"}  # hold no blocks
IMPLY_PARAGRAPHS = {None, "blockquote"}  # None: outside of all blocks
EAGER = {"table", "thead", "tbody", "tr", "td", "th"}  # written even when empty; everything else needs content
# Lists and tables hold nothing but these: what stands there without one gets one.
CHILDREN = {"ul": "li", "ol": "li", "table": "tr", "thead": "tr", "tbody": "tr", "tr": "td"}
PARENTS = {"li": {"ul", "ol"}, "tr": {"table", "thead", "tbody"}, "td": {"tr"}, "th": {"tr"}}


@dataclass
class Block:
    tag: str
    attributes: dict
    was_filled: bool  # whether there was content before it in the block around it
    is_written: bool = False


@dataclass(eq=False)
class Inline:
    tag: str
    attributes: dict = field(default_factory=dict)
    is_used: bool = False  # whether words stand in it
    picture: str = ""  # the address of the last one that stands in it


@dataclass(eq=False)
class Figure:
    depth: int | None = None  # of its block, once a picture has come
    links: list = field(default_factory=list)  # pairs of address and text, for after it


class Writer:
    """Writes blocks, inline tags and words one after the other.

    A tag is written when its first content comes, so empty ones vanish. What is open is kept in two lists:
    `blocks`, and `wanted`, the inline tags that are to stand around what comes; `opened` are those of them that
    stand in the output. A gap (space or line break) is written when content follows it in the same paragraph.
    """

    def __init__(self):
        self.out: list[str] = []
        self.blocks: list[Block] = []
        self.wanted: list[Inline] = []
        self.opened: list[Inline] = []
        self.paragraph = ""  # "", "wanted" or "open"
        self.gap = ""  # "", "space", "line" (of the text) or "break" (a <br>)
        self.is_filled = False  # whether the current paragraph, or the block where it has none, has content
        self.figure: Figure | None = None
        self.last_picture = ""

    def finished(self):
        self.end_block(0)
        return "".join(self.out)

    # --- blocks

    @property
    def block(self):
        return self.blocks[-1].tag if self.blocks else None

    @property
    def holds_text_only(self):
        return self.block in TEXT_ONLY

    def innermost(self, tags):
        """Return the tag of the innermost open block among `tags`, or None."""
        return next((block.tag for block in reversed(self.blocks) if block.tag in tags), None)

    def open_block(self, tag, attributes=None):
        """Begin a block; return the function that ends it."""
        if tag in PARENTS:
            self.end_block(1 + max(i for i, block in enumerate(self.blocks) if block.tag in PARENTS[tag]))
        elif tag not in ("thead", "tbody", "figcaption"):
            self._open_child()
        self.boundary()
        self.paragraph = ""
        depth = len(self.blocks)
        self.blocks.append(Block(tag, attributes or {}, self.is_filled))
        self.is_filled = False
        if tag in EAGER:
            self._write_blocks()
        return lambda: self.end_block(depth)

    def end_block(self, depth):
        """End all blocks from `depth` on."""
        self._end_paragraph()
        while len(self.blocks) > depth:
            block = self.blocks.pop()
            if block.is_written:
                self.out.append(f"</{block.tag}>")
            self.is_filled = block.was_filled or block.is_written
        self.paragraph = ""

    def boundary(self):
        """Whatever comes next stands in another paragraph than what came before."""
        if self.block == "pre":
            self.verbatim("\n" if self.is_filled else "")
        elif self.block == "figcaption":
            self.gap = "break"
        elif self.block in TEXT_ONLY:
            self.space()
        else:
            was_filled = self.is_filled
            self._end_paragraph()
            # In a list item or a cell the first words stand free, later ones in paragraphs of their own.
            stands_free = self.block not in (*IMPLY_PARAGRAPHS, "figure")
            self.paragraph = "wanted" if was_filled and stands_free else ""
            self.is_filled = was_filled and stands_free
            if self.figure is None:
                self.last_picture = ""

    def start_paragraph(self):
        self.boundary()
        if self.block not in TEXT_ONLY:
            self.paragraph = "wanted"

    def rule(self):
        self.boundary()
        if self.block not in TEXT_ONLY:
            self.end_figure()
            self._open_child()
            self._write_blocks()
            self.out.append("<hr>")

    # --- figures: written when a picture comes, so one without a picture is no figure

    def start_figure(self):
        """Begin a figure; return the function that ends it."""
        self.end_figure()
        self.boundary()
        self.figure = figure = Figure()
        return lambda: self.end_figure(figure)

    def end_figure(self, figure=None):
        """End `figure`, or whatever figure is open; links that stood beside its picture follow it."""
        if self.figure is not None and figure in (None, self.figure):
            ended, self.figure = self.figure, None
            if ended.depth is not None:
                self.end_block(ended.depth)
            for address, text in ended.links:
                self.link(address, text)
                self.boundary()
        if figure:
            self.boundary()

    def picture(self, attributes):
        if self.block == "pre" or attributes["src"] == self.last_picture:
            return
        if self.figure is not None and self.block not in TEXT_ONLY:
            if self.figure.depth is not None:  # a second picture is a second figure
                self.end_block(self.figure.depth)
            self.figure.depth = len(self.blocks)
            self.open_block("figure")
            self.figure.depth = len(self.blocks) - 1  # a list gave it an item
        for inline in self.wanted:
            inline.picture = attributes["src"]
        self._content(tag_html("img", attributes), [])
        self.last_picture = attributes["src"]

    def link_beside_picture(self, address, text):
        """Write a link that held nothing but a picture; readers get the picture itself as a link."""
        if self.figure is not None:
            self.figure.links.append((address, text))
        else:
            self.space()
            self.link(address, text)

    # --- words

    def words(self, text):
        """Write one line of text, white space as one space; a line of nothing but no-break spaces is no line."""
        text = re.sub(r"[ \t\f]+", " ", text)
        if text.startswith(" "):
            self.space()
        core = text.strip(" ")
        at_line_start = not self.is_filled or self.gap in ("line", "break") or self._begins_paragraph
        if core and not (at_line_start and not core.strip("\xa0 ")):
            self._content(escape(core, quote=False), self.wanted)
            if text.endswith(" "):
                self.space()

    def verbatim(self, text):
        # The first line break in <pre> is not part of it: the next parser would take it away.
        text = text if self.is_filled else text.lstrip("\n")
        if text:
            self.gap = ""
            self._content(escape(text, quote=False), self.wanted)

    def link(self, address, text):
        around = [inline for inline in self.wanted if inline.tag != "a"]
        self._content(escape(text, quote=False), [*around, Inline("a", {"href": address})])

    def is_in(self, tag):
        return any(inline.tag == tag for inline in self.wanted)

    def space(self):
        self.gap = self.gap or "space"

    def line(self):
        self.gap = self.gap if self.gap == "break" else "line"

    def line_break(self):
        """A <br>; the second in a row ends the paragraph."""
        if self.block == "pre":
            self.verbatim("\n")
        elif self.gap == "break" and self.block not in TEXT_ONLY:
            self.boundary()
        else:
            self.gap = "break"

    # --- what stands between a thing and the page

    def _content(self, html, inlines):
        if self.block == "figure" and not html.startswith("<img"):
            self.end_figure()
        self._open_child()
        if self._begins_paragraph:
            self._write_blocks()
            self.out.append("<p>")
            self.paragraph, self.is_filled = "open", False
        self._write_blocks()
        self._close_inlines_but(inlines)
        if self.gap and self.is_filled:
            self.out.append(" " if self.gap == "space" else "<br>")
        for inline in inlines[len(self.opened) :]:
            self.out.append(tag_html(inline.tag, inline.attributes))
            self.opened.append(inline)
            inline.is_used = True
        self.out.append(html)
        self.gap, self.is_filled, self.last_picture = "", True, ""

    @property
    def _begins_paragraph(self):
        """Whether what comes next is the first of a paragraph."""
        stands_free = self.block in TEXT_ONLY or self.block == "figure"
        return not stands_free and (
            self.paragraph == "wanted" or (not self.paragraph and self.block in IMPLY_PARAGRAPHS)
        )

    def _open_child(self):
        while child := CHILDREN.get(self.block):
            self.open_block(child)

    def _write_blocks(self):
        for block in self.blocks:
            if not block.is_written:
                self.out.append(tag_html(block.tag, block.attributes))
                block.is_written = True

    def _end_paragraph(self):
        self._close_inlines_but([])
        if self.paragraph == "open":
            self.out.append("</p>")
        self.paragraph = self.gap = ""

    def _close_inlines_but(self, kept):
        same = 0
        while same < min(len(self.opened), len(kept)) and self.opened[same] is kept[same]:
            same += 1
        while len(self.opened) > same:
            self.out.append(f"</{self.opened.pop().tag}>")


def tag_html(tag, attributes):
    pairs = "".join(f' {name}="{escape(value)}"' for name, value in attributes.items())
    return f"<{tag}{pairs}>"
