"""A page of a discussion as its reader's browser understands it."""

import html5lib

from blog.comments import ownership
from blog.comments.models import Comment, Discussion
from blog.web.shared import HELD
from tests.factories import make_comment, make_published


class Page:
    """A page as its reader's browser understands it."""

    def __init__(self, response):
        assert response.status_code == 200
        self.source = response.content.decode()
        self.tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(self.source)

    def comments(self):
        return {each.get("id"): each for each in self.tree.iter("li") if each.get("id", "").startswith("comment-")}

    def words(self, anchor):
        return " ".join("".join(self.article(anchor).itertext()).split())

    def heading(self):
        return " ".join("".join(self.tree.find(".//h2[@id='comments-heading']").itertext()).split())

    def article(self, anchor):
        """The comment without its replies, which stand under it."""
        return self.comments()[anchor].find("article")

    def links(self, anchor):
        return [each.get("href") for each in self.article(anchor).iter("a")]

    def levels(self):
        """How many lists each comment stands in, within the first."""
        found = {}

        def walk(element, lists):
            if element.get("id", "").startswith("comment-"):
                found[element.get("id")] = lists - 1
            for child in element:
                walk(child, lists + (child.tag == "ol"))

        walk(self.tree.find(".//ol[@class='comments']"), 1)
        return found


def read(client, post, query=""):
    return Page(client.get(post.get_absolute_url() + query))


def owns(client, *comments):
    client.cookies[ownership.COOKIE] = ownership.signing.dumps([each.pk for each in comments], salt=ownership.SALT)
    if any(each.is_held for each in comments):
        client.cookies[HELD] = "1"


def fill(post, size):
    """`size` comments of their own, each with the number of its row."""
    Discussion.objects.update_or_create(post=post, defaults={"last_number": size})
    model = make_comment(make_published("Mall"), "Ett svar bland många. " * 5)
    columns = {
        "post": post,
        "name": "Anna",
        "text": model.text,
        "html": model.html,
        "state": "visible",
        "origin": "import",
    }
    keys = {"author_key": b"a", "submission_key": b"s"}
    Comment.objects.bulk_create(
        [Comment(number=number, path=[number], **columns, **keys) for number in range(1, size + 1)], batch_size=2000
    )
