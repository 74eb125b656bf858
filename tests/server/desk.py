"""People at the desk of a real site: signed in, with forms open whose fields go back as a browser sends them."""

import json
from dataclasses import dataclass, field
from html.parser import HTMLParser

from tests.server.conftest import get

CSRF = "c" * 32  # of a browser that has the cookie already; the forms carry the same one, masked
NOT_SENT = ("submit", "button", "image", "reset", "file")


class Forms(HTMLParser):
    """The forms of a page, each as the list of names and values that a browser would send."""

    def __init__(self, html):
        super().__init__()
        self.forms = [[]]  # the first: what stands outside of all
        self.select = self.area = None
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        name, value = given.get("name"), given.get("value") or ""
        if tag == "form":
            self.forms.append([])
        elif tag == "input" and name and given.get("type") not in NOT_SENT:
            if given.get("type") not in ("checkbox", "radio") or "checked" in given:
                self.forms[-1].append((name, value))
        elif tag == "select":
            self.select = name
        elif tag == "option" and "selected" in given:
            self.forms[-1].append((self.select, value))
        elif tag == "textarea":
            self.area = [name, ""]

    def handle_data(self, text):
        if self.area:
            self.area[1] += text

    def handle_endtag(self, tag):
        if tag == "textarea":
            name, text = self.area
            self.forms[-1].append((name, text.removeprefix("\r").removeprefix("\n")))
            self.area = None


def form_with(name, html):
    """Return the fields of the form that has a field of this name: name → list of values."""
    [sent] = [form for form in Forms(html).forms if name in dict(form)]
    fields = {}
    for key, value in sent:
        fields.setdefault(key, []).append(value)
    return fields


@dataclass
class Person:
    port: int
    name: str
    session: str

    @property
    def headers(self):
        return {"Cookie": f"sessionid={self.session}; csrftoken={CSRF}", "Accept-Language": "en"}

    def open(self, path, name):
        """The fields of the form on the page that has a field of this name."""
        status, _, page = get(self.port, path, **self.headers)
        assert status == 200, (path, status)
        return form_with(name, page.decode())

    def sends(self, path, fields, **typed):
        """A request, as for `post_at_once`: the form's fields with what was typed into it."""
        return self.port, path, {"csrfmiddlewaretoken": CSRF} | fields | typed, self.headers


@dataclass
class Stored:
    """A post as the database has it now, whose numbers and trail fit together."""

    status: str
    head: int
    shown: int
    is_updated: bool  # a pending update waits
    publish_at: object
    versions: list  # contents, oldest first
    events: list = field(default_factory=list)  # (kind, of_update, from, to), oldest first

    @property
    def newest(self):
        return self.versions[-1]

    @property
    def public(self):
        return self.versions[self.shown - 1]

    def kinds(self):
        # The job worker records the hour of publishing when it comes to it.
        return [kind for kind, _, _, _ in self.events if kind != "published"]


POST = """
SELECT status, head, shown, EXISTS (SELECT FROM blog_pendingupdate WHERE post_id = blog_post.id), publish_at
FROM blog_post WHERE id = %s
"""
VERSIONS = "SELECT number, content FROM blog_revision WHERE post_id = %s ORDER BY number"
EVENTS = "SELECT kind, of_update, from_status, to_status FROM blog_event WHERE post_id = %s ORDER BY id"


def stored(database, key):
    """The Stored post, or None. Versions have neither gaps nor doubles, and each change of state has one event."""
    row = database.execute(POST, [key]).fetchone()
    if row is None:
        return None
    numbered = database.execute(VERSIONS, [key]).fetchall()
    contents = [content if isinstance(content, dict) else json.loads(content) for _, content in numbered]
    post = Stored(*row, contents, database.execute(EVENTS, [key]).fetchall())
    assert [number for number, _ in numbered] == list(range(1, post.head + 1))
    assert 0 < post.shown <= post.head
    assert post.is_updated == (post.shown < post.head)
    steps = [(former, later) for _, of_update, former, later in post.events if not of_update]
    assert [former for former, _ in steps] == ["", *(later for _, later in steps[:-1])]
    assert steps[-1][1] == post.status
    return post
