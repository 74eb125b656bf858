"""What is different between two versions of a post, field by field, as HTML with <ins> and <del>."""

from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from blog.posts.bylines import Byline
from blog.posts.images import Image
from blog.posts.models import Post
from blog.text import difference
from blog.text.alignment import align

PARAGRAPHS = ["title", "standfirst", "body", "sign_off"]
LISTS = ["language", "tags", "bylines", "cover", "sources"]


@dataclass
class Change:
    """One field that is not the same."""

    label: str
    inline: str  # safe HTML
    rows: list[difference.Row]  # what belongs together side by side

    @property
    def is_seen(self):
        return any(row.changed for row in self.rows)


def changes(older, newer):
    """Return the Changes from the content of one version to that of another. Two queries."""
    texts = [_in_paragraphs(name, older[name], newer[name]) for name in PARAGRAPHS if older[name] != newer[name]]
    before, after = _listed(older, newer)
    return texts + [_in_items(name, before[name], after[name]) for name in LISTS if before[name] != after[name]]


def _in_paragraphs(name, before, after):
    if name != "body":
        before, after = format_html("<p>{}</p>", before), format_html("<p>{}</p>", after)
    return Change(_label(name), difference.inline(before, after), difference.side_by_side(before, after))


def _in_items(name, before, after):
    items = list(_marked(before, after))
    old, new = (_list(item for item in items if item[0] != mark) for mark in ("ins", "del"))
    return Change(_label(name), _list(items), [difference.Row(old, new, changed=True)])


def _marked(before, after):
    """Yield (mark, item): "del" for what is in `before` only, "ins" for what is in `after` only, else ""."""
    for i, j in align(before, after):
        is_same = i is not None and j is not None and before[i] == after[j]
        if i is not None:
            yield "" if is_same else "del", before[i]
        if j is not None and not is_same:
            yield "ins", after[j]


def _list(items):
    marked = ((format_html("<{}>{}</{}>", mark, item, mark) if mark else item,) for mark, item in items)
    return format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", marked))


def _listed(*contents):
    """Return for each content what the fields that are no texts show, in order; pictures and bylines may be gone."""
    names = Byline.objects.in_bulk({pk for content in contents for pk in content["bylines"]})
    pictures = Image.objects.in_bulk({content["cover"] for content in contents})
    return [
        {
            "language": [Post(language=content["language"]).get_language_display()],
            "tags": content["tags"],
            "bylines": [str(names.get(pk) or _("a byline that was deleted")) for pk in content["bylines"]],
            "cover": [_picture(pictures.get(content["cover"]))] if content["cover"] else [],
            "sources": [f"{text} ({url})" if url else text for text, url in content["sources"]],
        }
        for content in contents
    ]


def _picture(image):
    if image is None:
        return _("a picture that was deleted")
    return format_html('<img class="thumbnail" src="{}" alt=""> {}', image.thumbnail, image)


def _label(name):
    return _("Sources") if name == "sources" else capfirst(Post._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
