"""WordPress export files as a test needs them."""

from xml.sax.saxutils import escape

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
  xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/" xmlns:dc="http://purl.org/dc/elements/1.1/"
  xmlns:wp="http://wordpress.org/export/1.2/">
<channel><title>Gamla bloggen</title><link>https://gammal.example</link><language>sv-SE</language>
<wp:wxr_version>1.2</wp:wxr_version>
"""
TAIL = "</channel></rss>\n"


def make_file(*parts, head=HEAD, tail=TAIL):
    return (head + "\n".join(parts) + tail).encode()


def make_item(number=1, *parts, title="Om kommatecken", body="Ett kommatecken.", **fields):
    """A published post; `fields` are WordPress's, without their prefix, and None leaves one out."""
    wordpress = {"post_id": number, "post_type": "post", "status": "publish", "post_name": f"om-{number}"}
    wordpress |= {"post_date_gmt": "2020-03-01 10:00:00"}
    lines = [f"<item><title>{escape(title)}</title>", f"<content:encoded><![CDATA[{body}]]></content:encoded>"]
    return "\n".join([*lines, *_fields("wp", wordpress | fields), *parts, "</item>"])


def make_comment(number, text="Bra skrivet.", *, minute=0, **fields):
    """An approved comment; `fields` as in make_item, without comment_."""
    wordpress = {"id": number, "author": "Anna", "approved": "1", "date_gmt": f"2020-03-01 11:{minute:02}:00"}
    content = f"<wp:comment_content><![CDATA[{text}]]></wp:comment_content>"
    return "\n".join(["<wp:comment>", *_fields("wp:comment", wordpress | fields), content, "</wp:comment>"])


def _fields(prefix, fields):
    joint = "_" if ":" in prefix else ":"
    return [
        f"<{prefix}{joint}{name}>{escape(str(value))}</{prefix}{joint}{name}>"
        for name, value in fields.items()
        if value is not None
    ]
