import json

import pytest

from bench import report

PAGE = "# Title\n\n<!-- bench: pages -->\nold\n<!-- end of bench: pages -->\n\nWritten by a person.\n"
NEW = "# Title\n\n<!-- bench: pages -->\n```\nnew\n```\n<!-- end of bench: pages -->\n\nWritten by a person.\n"


def test_what_stands_between_the_marks_is_replaced_and_nothing_else():
    assert report.replaced(PAGE, "pages", "\nnew\n") == NEW
    assert report.replaced(NEW, "pages", "new") == NEW


def test_a_part_without_marks_is_an_error():
    with pytest.raises(ValueError, match="growth"):
        report.replaced(PAGE, "growth", "new")


@pytest.mark.parametrize("part", ["pages", "growth", "duplicates"])
def test_performance_md_has_the_marks_of_each_part(part):
    page = report.PAGE.read_text("utf-8")

    assert "```\nnew\n```\n" in report.replaced(page, part, "new")


def test_the_figures_of_one_part_leave_those_of_the_other(tmp_path, monkeypatch):
    monkeypatch.setattr(report, "PAGE", tmp_path / "page.md")
    monkeypatch.setattr(report, "FIGURES", tmp_path / "last.json")
    report.PAGE.write_text(PAGE, "utf-8")
    report.FIGURES.write_text('{"growth": [1]}', "utf-8")

    report.keep("pages", "new", [2])

    assert report.PAGE.read_text("utf-8") == NEW
    assert json.loads(report.FIGURES.read_text("utf-8")) == {"growth": [1], "pages": [2]}


def test_a_part_without_figures_leaves_those_that_are_there(tmp_path, monkeypatch):
    monkeypatch.setattr(report, "PAGE", tmp_path / "page.md")
    monkeypatch.setattr(report, "FIGURES", tmp_path / "last.json")
    report.PAGE.write_text(PAGE, "utf-8")

    report.keep("pages", "new")

    assert not report.FIGURES.exists()


def test_what_is_printed_is_shown_and_kept_with_date_and_machine(capsys):
    with report.printed() as text:
        print("a line")

    assert capsys.readouterr().out == text.getvalue()
    first, second = text.getvalue().splitlines()
    assert report.machine() in first
    assert second == "a line"
