"""Say how well duplicates are found, by pairs of texts that people have judged."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, no_translations

from blog.moderation import evaluation

COUNTED = (
    "A template is only ever suggested: such a pair counts as neither found nor missed, and is told under “suggested”."
)
HEADS = ("", "pairs", "right", "wrong", "missed", "suggested", "precision", "recall", "F1")


class Command(BaseCommand):
    help = "Print precision, recall and F1 of the duplicate rule on labelled pairs, one JSON object a line."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--through-index", action="store_true", help="judge only what the database finds")
        parser.add_argument("--json", action="store_true", help="as one JSON object, for scripts")

    @no_translations
    def handle(self, *, file, through_index, json: bool, **options):
        judge = evaluation.through_index if through_index else evaluation.by_rule
        found = judge(_pairs(file))
        if json:
            self.stdout.write(_as_json(found))
            return
        rows = [("all", found.together), *sorted(found.kinds.items()), *sorted(found.tiers.items())]
        width = max(len(name) for name, _tally in rows)
        self.stdout.write(_line(width, *HEADS))
        for name, tally in rows:
            shown = [name, *_counts(tally).values(), *map(_percent, _shares(tally).values())]
            self.stdout.write(_line(width, *shown))
        both = found.together.suggested, found.together.suggested_wrongly
        self.stdout.write("{} {} + {} pairs were suggested, rightly and wrongly.".format(COUNTED, *both))
        self.stdout.write(f"With the suggested ones as missed, recall is {_percent(found.together.recall_of_all)}.")


def _pairs(file):
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{file} cannot be read: {error}") from error
    try:
        return [json.loads(line) for line in lines if line.strip()]
    except json.JSONDecodeError as error:
        raise CommandError(f"{file} holds no JSON objects, one a line: {error}") from error


def _as_json(found):
    described = _described(found.together) | {
        "recall_with_suggestions_as_missed": found.together.recall_of_all,
        "kinds": {kind: _described(tally) for kind, tally in sorted(found.kinds.items())},
        "tiers": {tier: _described(tally) for tier, tally in sorted(found.tiers.items())},
    }
    return json.dumps(described, indent=2)


def _described(tally):
    return _shares(tally) | _counts(tally)


def _shares(tally):
    return {"precision": tally.precision, "recall": tally.recall, "f1": tally.f1}


def _counts(tally):
    return {
        "pairs": tally.pairs,
        "right": tally.right,
        "wrong": tally.wrong,
        "missed": tally.missed,
        "suggested": tally.suggested + tally.suggested_wrongly,
    }


def _percent(share):
    return "–" if share is None else f"{share:.4f}"


def _line(width, name, *columns):
    return f"{name:<{width}}" + "".join(f"{column:>11}" for column in columns)
