"""The figures of `manage.py evaluate_duplicates`: the rule on judged pairs, with and without the database."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from blog.comments.models import Comment
from blog.posts.models import Post

SAID = "Tack för en bra artikel om hur man väljer rätt kommatecken!"
PAIR = {
    "a": SAID, "b": SAID, "kind": "copy", "label": 1, "same_post": True, "same_author": False, "same_parent": True,
    "b_replies_to_a": False, "gap_s": 60,
}  # fmt: skip
PATTERN = {
    "a": "Jag har handlat skor hos er i tio år och tycker att personalen alltid är trevlig och kunnig, tack Anna!",
    "b": "Jag har köpt cyklar av er i fem år och tycker att servicen alltid är snabb och duktig, tack Bo!",
    "kind": "pattern",
}  # fmt: skip


def told(*arguments):
    out = io.StringIO()
    call_command("evaluate_duplicates", *map(str, arguments), stdout=out)
    return out.getvalue()


def written(folder, *pairs):
    file = folder / "pairs.jsonl"
    file.write_text("\n".join(json.dumps(PAIR | pair) for pair in pairs) + "\n")
    return file


@pytest.mark.django_db
@pytest.mark.parametrize("options", [[], ["--through-index"]])
def test_pairs_are_counted_by_kind_and_tier(tmp_path, options):
    file = written(
        tmp_path,
        {},
        {"kind": "wrong", "label": 0},
        {"b": "Något helt annat.", "kind": "missed"},
        {"a": "Tack!", "b": "Tack!", "kind": "neg_short", "label": 0},
        PATTERN,
    )

    found = json.loads(told(file, "--json", *options))

    assert {name: found[name] for name in ("pairs", "right", "wrong", "missed", "suggested")} == {
        "pairs": 5, "right": 1, "wrong": 1, "missed": 1, "suggested": 1,
    }  # fmt: skip
    assert (found["precision"], found["recall"], found["f1"]) == (0.5, 0.5, 0.5)
    assert found["recall_with_suggestions_as_missed"] == 1 / 3
    assert (found["kinds"]["copy"]["recall"], found["kinds"]["neg_short"]["precision"]) == (1, None)
    assert {tier: tally["pairs"] for tier, tally in found["tiers"].items()} == {"exact": 2, "template": 1}
    assert not Comment.objects.exists()
    assert not Post.objects.exists()


def test_report_says_how_templates_are_counted(tmp_path):
    lines = told(written(tmp_path, {}, PATTERN)).splitlines()

    assert lines[1].split() == ["all", "2", "1", "0", "0", "1", "1.0000", "1.0000", "1.0000"]
    assert "1 + 0 pairs were suggested, rightly and wrongly." in lines[-2]
    assert lines[-1] == "With the suggested ones as missed, recall is 0.5000."


def test_file_that_holds_no_pairs_is_refused_in_a_sentence(tmp_path):
    (tmp_path / "page.html").write_text("<p>")

    with pytest.raises(CommandError, match="cannot be read"):
        told(tmp_path / "nowhere.jsonl")
    with pytest.raises(CommandError, match="holds no JSON objects"):
        told(tmp_path / "page.html")


@pytest.mark.parametrize("name", ["public", "public_own"])
def test_rule_reaches_its_figures(shared_data, name):
    found = json.loads(told(shared_data / "duplicates" / f"{name}.jsonl", "--json"))

    assert found["precision"] >= 0.998
    assert found["recall"] >= 0.99
    short = [tally for kind, tally in found["kinds"].items() if kind.startswith("neg_short")]
    assert len(short) == 3
    assert [tally["wrong"] for tally in short] == [0, 0, 0]


@pytest.mark.django_db
def test_rule_reaches_its_figures_through_the_index(shared_data):
    found = json.loads(told(shared_data / "duplicates" / "public_own.jsonl", "--json", "--through-index"))

    assert found["precision"] >= 0.998
    assert found["recall"] >= 0.98
