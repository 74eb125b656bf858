"""Reading a post's HTML tag by tag, and saying it again in the tags that our editor knows."""

import re
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from blog.text import vocabulary
from blog.text.html_writer import Inline, Writer
from blog.text.shortcodes import GONE

BARE_ADDRESS = re.compile(r"[ \t\f]*(https?://[^\s<>\"]+)[ \t\f]*")
# The look-behind: a run of spaces is tried once, not from each of them.
BREAKS = re.compile(r"(?<![ \t\f])[ \t\f]*+\n(?:[ \t\f\xa0]*+\n)*+[ \t\f]*+")
TABLE_PARTS = {"thead", "tbody", "tr", "td", "th"}
NUMBERS = {"ol": ("start",), "td": ("colspan", "rowspan"), "th": ("colspan", "rowspan"), "img": ("width", "height")}


class Mender(HTMLParser):
    """Feed it balanced HTML, then ask `page` for the result. One use."""

    def __init__(self, *, base, lines_break):
        super().__init__(convert_charrefs=True)
        self.base, self.lines_break = base, lines_break
        self.page = Writer()
        self.endings = []  # of the open elements: their tag, and the function that ends what they began, or None
        self.left_out, self.depth = "", 0  # the tag of an element that is left out, and how many of it are open
        self.embeds = 0  # that are open
        self.linked = set()  # addresses of embeds: they are told several times over
        self.table_awaits_rows = False

    def handle_starttag(self, tag, attributes):
        attributes = {name: value or "" for name, value in attributes}
        if self.left_out:
            self.depth += tag == self.left_out
        elif vocabulary.is_litter(tag, attributes):
            self.page.space()
            if tag not in vocabulary.VOID:
                self.left_out, self.depth = tag, 1
        else:
            ending = self._start(tag, attributes)
            if tag not in vocabulary.VOID:
                self.endings.append((tag, ending))

    def handle_endtag(self, tag):
        if self.left_out:
            self.depth -= tag == self.left_out
            self.left_out = self.left_out if self.depth else ""
            return
        while any(tag == name for name, _ending in reversed(self.endings)):
            name, ending = self.endings.pop()
            if ending:
                ending()
            if name == tag:
                return

    def handle_data(self, text):
        if self.left_out or self.embeds:
            return
        text = vocabulary.PLUGIN_LINE.sub("", text.replace("\r", "\n").replace(GONE, ""))
        if self.page.block == "pre":
            self.page.verbatim(text)
            return
        last = 0
        for breaks in BREAKS.finditer(text):
            self._line(text[last : breaks.start()])
            if breaks[0].count("\n") > 1:
                self.page.boundary()
            elif self.lines_break:
                self.page.line()
            else:
                self.page.space()
            last = breaks.end()
        self._line(text[last:])

    def _line(self, text):
        if (address := BARE_ADDRESS.fullmatch(text)) and not self.page.is_in("a"):
            self.page.link(address[1], address[1])
        else:
            self.page.words(text)

    # --- one kind of tag each; what is returned is called at the end tag

    def _start(self, tag, attributes):
        classes = attributes.get("class", "")
        if tag == "figure" or vocabulary.FIGURES.search(classes):
            return self.page.start_figure()
        if tag == "figcaption" or vocabulary.CAPTIONS.search(classes):
            return self._start_caption()
        if tag in vocabulary.EMBEDS | vocabulary.EMBED_PARTS:
            return self._start_embed(tag, attributes)
        if tag in ("a", "br", "dt", "hr", "img", "q", "table"):
            return getattr(self, f"_start_{tag}")(attributes)
        if tag in vocabulary.INLINE:
            return self._start_inline(Inline(vocabulary.INLINE[tag]))
        if tag in vocabulary.BLOCKS and not vocabulary.GALLERY_LISTS.search(classes):
            return self._start_block(tag, attributes)
        return self._start_other(tag)

    def _start_other(self, tag):
        if tag == "p":
            self.page.start_paragraph()
            return self.page.boundary
        if tag in vocabulary.BOUNDARIES | vocabulary.BLOCKS:
            self.page.boundary()
            return self.page.boundary
        if tag not in vocabulary.PLAIN:
            self.page.space()
            return self.page.space
        return None

    def _start_block(self, tag, attributes):
        tag = "tbody" if tag == "tfoot" else vocabulary.HEADINGS.get(tag, tag)
        stray_item = tag == "li" and self.page.innermost({"ul", "ol", "td", "th"}) not in ("ul", "ol")
        if self.page.holds_text_only or stray_item:
            return self._start_other("div")
        if self.table_awaits_rows and tag in ("thead", "tbody", "tr"):
            self.table_awaits_rows = False
            self.page.open_block("table")
        if tag in TABLE_PARTS and not self.page.innermost({"table"}):
            return self._start_other("div")
        if tag in ("ul", "ol", "blockquote", "pre", "h2", "h3", "h4"):
            self.page.end_figure()
        return self.page.open_block(tag, _numbers(tag, attributes))

    def _start_table(self, _attributes):
        if self.page.holds_text_only:
            return self._start_other("div")
        # Written with its first row, so that a table's caption can stand before it as a paragraph.
        self.page.boundary()
        self.page.end_figure()
        depth, self.table_awaits_rows = len(self.page.blocks), True

        def end():
            self.table_awaits_rows = False
            self.page.end_block(depth)

        return end

    def _start_inline(self, inline):
        if self.page.is_in(inline.tag):
            return None
        self.page.wanted.append(inline)
        return lambda: self.page.wanted.remove(inline)

    def _start_a(self, attributes):
        address = self._address(attributes.get("href", ""))
        if not address or self.page.is_in("a"):
            return None
        inline = Inline("a", {"href": address})
        if attributes.get("title"):
            inline.attributes["title"] = attributes["title"]
        to_attachment = vocabulary.TO_A_PICTURE.search(address) or "attachment" in attributes.get("rel", "")
        end_inline = self._start_inline(inline)

        def end():
            end_inline()
            holds_only_it = inline.picture and not inline.is_used
            if holds_only_it and not to_attachment and _name_in(address) != _name_in(inline.picture):
                self.page.link_beside_picture(address, urlsplit(address).hostname or address)

        return end

    def _start_dt(self, _attributes):
        self.page.boundary()
        end_bold = self._start_inline(Inline("strong"))

        def end():
            if end_bold:
                end_bold()
            self.page.boundary()

        return end

    def _start_br(self, _attributes):
        self.page.line_break()

    def _start_hr(self, _attributes):
        self.page.rule()

    def _start_q(self, _attributes):
        self.page.words('"')
        return lambda: self.page.words('"')

    def _start_caption(self):
        if self.page.block == "figure":
            return self.page.open_block("figcaption")
        return self._start_other("p")

    def _start_img(self, attributes):
        address = self._first_address(attributes, "src", "data-src", "data-lazy-src", "data-orig-file")
        if address:
            self.page.picture({"src": address, "alt": attributes.get("alt", "")} | _numbers("img", attributes))

    def _start_embed(self, tag, attributes):
        is_address = tag != "param" or attributes.get("name", "").lower() in ("movie", "src", "url")
        names = ("value",) if tag == "param" else ("src", "data-src", "data")
        address = self._first_address(attributes, *names) if is_address else None
        if address and address not in self.linked:
            self.linked.add(address)
            self.page.boundary()
            self.page.link(address, address)
            self.page.boundary()
        self.page.space()
        if tag not in vocabulary.EMBEDS:
            return None
        self.embeds += 1
        return self._end_embed

    def _end_embed(self):
        self.embeds -= 1

    # --- addresses

    def _first_address(self, attributes, *names):
        found = (self._address(attributes.get(name, "")) for name in names)
        return next((address for address in found if address), None)

    def _address(self, address):
        """Return `address` made absolute, or None if it is none that a reader could follow."""
        address = re.sub(r"[\x00-\x20]+", "", address)
        if not address or address.startswith("#"):
            return None
        try:
            address = urljoin(self.base, address)
            parts = urlsplit(f"https:{address}" if address.startswith("//") else address)
        except ValueError:
            return None
        if parts.scheme in ("http", "https"):
            hosts_without_dot = ("localhost", urlsplit(self.base).hostname)
            host = (parts.hostname or "").rstrip(".")
            return parts.geturl() if "." in host or host in hosts_without_dot else None
        return address if parts.scheme == "mailto" or not parts.scheme else None


def _name_in(address):
    """The last part of an address, without an ending: WordPress's page about a picture has the picture's own."""
    return urlsplit(address).path.rstrip("/").rpartition("/")[2].partition(".")[0]


def _numbers(tag, attributes):
    return {name: attributes[name] for name in NUMBERS.get(tag, ()) if attributes.get(name, "").isdecimal()}
