"""What readers did lately, through the site's own verbs: so that every queue of the moderators has something to show.

waiting.json says it, in this order of events: listed words, bans, comments sent, appeals, reports, notes. A comment
that is there already is named by its post and its number.
"""

import json
from datetime import timedelta

from blog.comments import submission
from blog.comments.models import Comment
from blog.demonstration import manuscripts
from blog.moderation import bans, batches, deeds, reports
from blog.moderation.batches import Action
from blog.posts.models import Post
from blog.receipts import writing
from blog.screening.models import ListedWord
from blog.text.slugs import slugify


def fill(moderator, now):
    """Let readers write, report and appeal, and `moderator` decide about some of it, in the hours before `now`."""
    lately = json.loads((manuscripts.FOLDER / "waiting.json").read_text("utf-8"))
    for word, note in lately["words"].items():
        ListedWord.objects.create(word=word, note=note)
    for each in lately["bans"]:
        place, days = _there(each), timedelta(days=each["days"])
        bans.ban(
            each["kind"], place, domain=each.get("domain", ""), by=moderator, ends_at=now + days, note=each["note"]
        )
    for number, each in enumerate(lately["sent"]):
        _send(each, _network(number), moderator, now)
    for each in lately["appeals"]:
        writing.appeal(_there(each), each["text"])
    for each in lately["reports"]:
        for number, (reason, note) in enumerate(each["said"]):
            reports.report(_there(each), reason=reason, note=note, address=_network(number))
    for each in lately["notes"]:
        deeds.note(_there(each), each["text"], by=moderator)


def _there(words):
    return Comment.objects.select_related("post", "user").get(post__slug=words["post"], number=words["number"])


def _send(words, address, moderator, now):
    post = Post.objects.get(slug=words["post"])
    sender = submission.Sender(address=address, is_trapped="trapped" in words, seconds=words.get("seconds"))
    parent = _there(words | {"number": words["answers"]}) if "answers" in words else None
    email = f"{slugify(words['name'])}@lasare.example"
    comment, _new = submission.submit(
        post, name=words["name"], email=email, text=words["text"], parent=parent, sender=sender
    )
    rows = Comment.objects.filter(pk=comment.pk)
    rows.update(created_at=now - timedelta(minutes=words["minutes"]))
    if "spam" in words:
        batches.moderate(Action.SPAM, rows, by=moderator)
    if "appeal" in words:
        writing.appeal(comment, words["appeal"])


def _network(number):
    """An address in a network of its own, of those kept for documentation."""
    return f"2001:db8:{number + 1:x}::1"
