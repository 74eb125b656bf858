"""Tags, class names and phrases found in other people's HTML, and what each of them is to us."""

import re

HEADINGS = {"h1": "h2", "h2": "h2", "h3": "h3", "h4": "h4", "h5": "h4", "h6": "h4"}
INLINE = {"b": "strong", "strong": "strong", "i": "em", "em": "em", "cite": "em", "dfn": "em", "var": "em"}
INLINE |= {"s": "s", "strike": "s", "del": "s", "sub": "sub", "sup": "sup"}
INLINE |= {"code": "code", "kbd": "code", "samp": "code", "tt": "code"}
BLOCKS = {"blockquote", "ul", "ol", "li", "thead", "tbody", "tfoot", "tr", "td", "th", "pre", *HEADINGS}
# Inline, and not in the editor's list: the words stay, without any space that was not there.
PLAIN = {"a", "abbr", "acronym", "bdi", "bdo", "big", "data", "font", "ins", "label", "mark", "nobr", "picture"}
PLAIN |= {"rb", "rt", "ruby", "small", "span", "time", "u", "wbr"}
# Not in the editor's list either: their words become paragraphs.
BOUNDARIES = {"address", "article", "aside", "caption", "center", "dd", "details", "dir", "div", "dl", "fieldset"}
BOUNDARIES |= {"footer", "header", "hgroup", "legend", "listing", "main", "menu", "nav", "p", "search", "section"}
BOUNDARIES |= {"summary"}
EMBEDS = {"applet", "audio", "iframe", "object", "video"}  # what they hold is for browsers that cannot show them
EMBED_PARTS = {"embed", "param", "source"}
LITTER_TAGS = {"button", "canvas", "form", "input", "map", "rp", "textarea"}
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"}
# The parser drops these with all they hold. The elements after them hold raw text, which must not come back as tags.
CONTENT_DROPPED = {"head", "math", "script", "select", "style", "svg", "template", "title"}
NEVER_TAGS = {"body", "frameset", "html", "noembed", "noframes", "noscript", "plaintext", "xmp"}
IMPLIED = {"colgroup", "table", "tbody", "td", "tr"}  # a browser's parser adds them where they are missing

LITTER = re.compile(
    r"(?:^|\s)(?:adsbygoogle|addthis\S*|addtoany\S*|fb-(?:like|root|share)\S*|feedflare|g-plusone|jp-relatedposts"
    r"|linkwithin\S*|mc4wp\S*|nrelate\S*|related[-_]?posts?\S*|screen-reader-text|sd-(?:block|sharing|social)\S*"
    r"|share[-_]?buttons?\S*|sharedaddy|shareaholic\S*|sociable\S*|social[-_]?shar\S*|ssba\S*|twitter-share-button"
    r"|wp-block-file__button|wp_rp\S*|wpa|wpcnt|yarpp\S*|zemanta\S*)(?:\s|$)",
    re.IGNORECASE,
)
FIGURES = re.compile(r"(?:^|\s)(?:wp-caption|gallery-item)(?:\s|$)")
CAPTIONS = re.compile(r"(?:^|\s)(?:wp-caption-text|wp-caption-dd|gallery-caption)(?:\s|$)")
GALLERY_LISTS = re.compile(r"(?:^|\s)(?:blocks-gallery-\S+|wp-block-gallery)(?:\s|$)")
PLUGIN_LINE = re.compile(r"Related Posts Plugin for WordPress, Blogger(?:\.\.\.|…)")
TO_A_PICTURE = re.compile(r"\.(?:avif|bmp|gif|jpe?g|png|svg|webp)(?:\?|$)|[?&]attachment_id=", re.IGNORECASE)


def is_litter(tag, attributes):
    """Whether an element is what plugins leave behind: share buttons, lists of related posts, pictures of one pixel."""
    if tag in LITTER_TAGS or LITTER.search(f"{attributes.get('class', '')} {attributes.get('id', '')}"):
        return True
    if tag != "img":
        return False
    is_tiny = any(attributes.get(side, "").removesuffix("px") in ("0", "1") for side in ("width", "height"))
    return is_tiny or bool(PLUGIN_LINE.search(attributes.get("alt", "")))
