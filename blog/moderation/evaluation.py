"""How well the rule of duplicates judges pairs of which people have said whether they are the same.

A pair is a dict: a (the older text), b, kind, label (1: a moderator should see them in one group), same_post,
same_author, same_parent, b_replies_to_a, gap_s (seconds between them).
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count

from django.db import connection, transaction

from blog.comments import fingerprints
from blog.comments.fingerprints import Candidate
from blog.comments.models import Comment, Discussion
from blog.posts.models import Post
from blog.text import wording
from blog.text.fingerprints import author_key
from blog.text.sameness import Circumstances, Tier, compare

ROWS = 1000  # written at once


@dataclass
class Tally:
    """Judgements of pairs, counted. What the rule would only suggest (Tier.TEMPLATE) is neither found nor missed."""

    right: int = 0  # found, and the same
    wrong: int = 0  # found, and different
    missed: int = 0  # neither found nor suggested, and the same
    suggested: int = 0  # the same
    suggested_wrongly: int = 0
    pairs: int = 0

    def add(self, tier, is_same):
        self.pairs += 1
        if tier == Tier.TEMPLATE:
            self.suggested += is_same
            self.suggested_wrongly += not is_same
        elif tier:
            self.right += is_same
            self.wrong += not is_same
        else:
            self.missed += is_same

    @property
    def precision(self):
        return _share(self.right, self.right + self.wrong)

    @property
    def recall(self):
        return _share(self.right, self.right + self.missed)

    @property
    def recall_of_all(self):
        """The recall if what is only suggested counts as missed."""
        return _share(self.right, self.right + self.missed + self.suggested)

    @property
    def f1(self):
        if None in (self.precision, self.recall) or not self.right:
            return None
        return 2 * self.precision * self.recall / (self.precision + self.recall)


@dataclass
class Evaluation:
    together: Tally = field(default_factory=Tally)
    kinds: dict = field(default_factory=lambda: defaultdict(Tally))
    tiers: dict = field(default_factory=lambda: defaultdict(Tally))


def by_rule(pairs):
    """Return the Evaluation of the rule alone."""
    return _evaluated((pair, _judged(pair)) for pair in pairs)


def through_index(pairs):
    """Return the Evaluation of the rule for those that the database finds, given all older texts as real rows.

    They are written in a transaction that is rolled back.
    """
    pairs = list(pairs)
    with transaction.atomic():
        found = [
            _is_found(pair, number, older)
            for number, (pair, older) in enumerate(zip(pairs, _stored(pairs), strict=True))
        ]
        transaction.set_rollback(True)
    judged = ((pair, _judged(pair), is_found) for pair, is_found in zip(pairs, found, strict=True))
    evaluation = _evaluated(
        (pair, tier if is_found or tier == Tier.TEMPLATE else None) for pair, tier, is_found in judged
    )
    return evaluation


def _evaluated(judgements):
    evaluation = Evaluation()
    for pair, tier in judgements:
        is_same = bool(pair["label"])
        evaluation.together.add(tier, is_same)
        evaluation.kinds[pair["kind"]].add(tier, is_same)
        if tier:
            evaluation.tiers[tier.value].add(tier, is_same)
    return evaluation


def _judged(pair):
    about = Circumstances(
        same_author=pair["same_author"],
        same_thread=pair["same_author"] and pair["same_post"] and pair["same_parent"],
        apart=timedelta(seconds=pair["gap_s"]),
        is_answer=pair["b_replies_to_a"] and not pair["same_author"],
    )
    return compare(wording.read(pair["a"]), wording.read(pair["b"]), about)


def _stored(pairs):
    """Write the older text of each pair as a comment with its keys; return them in their order."""
    post = Post.objects.create(title="Evaluation", slug="evaluation-of-duplicates")
    Discussion.objects.create(post=post)
    numbers = count(1)
    comments = [_comment(post, pair["a"], next(numbers)) for pair in pairs]
    for comment in Comment.objects.bulk_create(comments, batch_size=ROWS):
        fingerprints.store(comment, wording.read(comment.text))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE blog_comment, blog_fingerprint, blog_band")
    return comments


def _comment(post, text, number):
    author = _author(number - 1)
    return Comment(
        post=post, number=number, path=[number], text=text, author_key=author, submission_key=author,
        origin=Comment.Origin.IMPORT,
    )  # fmt: skip


def _is_found(pair, number, older):
    newer = Candidate.of(older)._replace(
        pk=None,
        author_key=_author(number) if pair["same_author"] else _author(f"{number}, another"),
        post_id=older.post_id if pair["same_post"] else 0,
        parent_id=None if pair["same_parent"] else 0,
        created_at=older.created_at + timedelta(seconds=pair["gap_s"]),
    )
    return older.pk in {candidate.pk for candidate in fingerprints.candidates(wording.read(pair["b"]), newer)}


def _author(number):
    return author_key(name=str(number))


def _share(part, whole):
    return part / whole if whole else None
