"""What an import did, item by item and in sum."""

from collections import Counter
from dataclasses import dataclass, field

from django.db import models
from django.utils.translation import gettext_lazy as _

from blog.imports.models import ImportedRow

Kind = ImportedRow.Kind


class Outcome(models.TextChoices):
    NEW = "new", _("new")
    CHANGED = "changed", _("changed")
    UNCHANGED = "unchanged", _("unchanged")
    SKIPPED = "skipped", _("skipped")


@dataclass
class Line:
    """One item of the file."""

    outcome: Outcome
    title: str
    notes: list[str] = field(default_factory=list)
    comments: Counter = field(default_factory=Counter)  # Outcome → number


@dataclass
class Report:
    lines: list[Line] = field(default_factory=list)
    counts: Counter = field(default_factory=Counter)  # (Kind, Outcome) → number; of each kind they add up to the file
    problems: list = field(default_factory=list)  # records.Problem, in the file's order

    def add(self, line):
        self.lines.append(line)
        self.counts[Kind.POST, line.outcome] += 1
        for outcome, number in line.comments.items():
            self.counts[Kind.COMMENT, outcome] += number

    def total(self, kind):
        return sum(number for (each, _outcome), number in self.counts.items() if each == kind)
