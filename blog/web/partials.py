"""Parts of pages that are made of nothing but what they are given: made once for the same words."""

from django.template import Context, Engine
from django.utils.translation import get_language

from blog.web.memo import remembered

MOST_BYTES = 4 * 2**20


def partial(name, **words):
    """Return the template `name` as safe HTML; it sees the words, which are hashable, and not the page around it.

    The template itself is part of what the result is remembered by, so that a changed one shows in development.
    """
    return _made(Engine.get_default().get_template(name), get_language(), tuple(words), *words.values())


@remembered(most_bytes=MOST_BYTES)
def _made(template, language, names, *values):
    return template.render(Context(dict(zip(names, values, strict=True))))
