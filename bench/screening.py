"""How well screening tells spam from what is wanted: on comments of our own, half to learn from and half to judge.

Everything is done in a transaction that is taken back. The comments stand in screening_comments.txt, under headings
that name the half, the language and the kind.
"""

from collections import Counter
from pathlib import Path
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from blog.comments import screening
from blog.comments.models import Comment
from blog.comments.submission import Sender, text_columns
from blog.posts.models import Post
from blog.screening import bayes
from blog.screening.models import ListedWord
from blog.text import wording

COMMENTS = Path(__file__).with_name("screening_comments.txt")
LISTED = ["kasino", "casino", "viagra"]  # as a moderator might list them
LANGUAGES = {"sv": "Swedish", "en": "English"}
COLUMNS = "{:20} {:>9} {:>7} {:>8} {:>12}"


class Said(NamedTuple):
    half: str  # learn, judge
    language: str
    is_spam: bool
    text: str


def comments():
    """Yield every labelled comment, as Said."""
    for line in COMMENTS.read_text("utf-8").splitlines():
        if line.startswith("# "):
            half, language, kind = line[2:].split()
        elif line:
            yield Said(half, language, kind == "spam", line)


def report():
    """Print precision and recall, and how many wanted comments were held: in all, by language and by rule."""
    found = judged()
    print(COLUMNS.format("\nScreening", "precision", "recall", "spam", "wanted held"))
    print_row("all rules", found)
    for language, name in LANGUAGES.items():
        print_row(name, [(said, rules) for said, rules in found if said.language == language])
    for rule in sorted({rule for _said, rules in found for rule in rules}):
        print_row(rule, [(said, rules & {rule}) for said, rules in found])


def judged():
    """Return for each comment of the judging half the Said and the set of rules that would hold it."""
    with transaction.atomic():
        learned = [said for said in comments() if said.half == "learn"]
        bayes.learn((said.text, wording.domains(said.text), said.is_spam) for said in learned)
        ListedWord.objects.all().delete()
        ListedWord.objects.bulk_create(ListedWord(word=word) for word in LISTED)
        found = [(said, rules_about(said.text)) for said in comments() if said.half == "judge"]
        transaction.set_rollback(True)
    return found


def rules_about(text):
    """Return the set of rules that speak against a text from somebody unknown, sent at leisure."""
    columns = text_columns(text, Post())
    comment = Comment(post=Post(), name="Kim", author_key=bytes(16), created_at=timezone.now(), **columns)
    verdict = screening.judge(comment, Sender(), screening.facts(comment, Sender()))
    return {finding["rule"] for finding in verdict.findings}


def print_row(name, found):
    counts = Counter((said.is_spam, bool(rules)) for said, rules in found)
    held = counts[True, True] + counts[False, True]
    spam, wanted = (counts[is_spam, True] + counts[is_spam, False] for is_spam in (True, False))
    precision = f"{counts[True, True] / held:.3f}" if held else "–"
    recall = f"{counts[True, True] / spam:.3f}"
    print(COLUMNS.format(name, precision, recall, spam, f"{counts[False, True]} of {wanted}"))
