"""What the inspections find makes their commands fail. The programs that they ask are pretended ones."""

import json

import pytest

from inspection import lighthouse, validate

PAGE = "file:/pages/1.html"


@pytest.fixture
def program(tmp_path, monkeypatch):
    """Make a program that is found before any other of its name."""
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")

    def make(name, script):
        (tmp_path / name).write_text(f"#!/bin/sh\n{script}\n")
        (tmp_path / name).chmod(0o755)

    return make


@pytest.mark.parametrize(
    ("extracts", "code", "says"),
    [
        ([], 0, "0 errors"),
        (['<input type="hidden" name="initial-slug" aria-describedby="x">'], 0, "0 errors"),
        (["<p><div>", "<b><div>"], 1, "2 errors"),
    ],
)
def test_validator_fails_by_an_error_that_is_ours(program, tmp_path, monkeypatch, capsys, extracts, code, says):
    monkeypatch.setattr(validate, "FOLDER", tmp_path)
    jar = validate.FOLDER / "node_modules/vnu-jar/build/dist/vnu.jar"
    jar.parent.mkdir(parents=True)
    jar.touch()
    messages = [{"message": "No “div” here.", "url": PAGE, "extract": extract} for extract in extracts]
    program("java", f"echo '{json.dumps({'messages': messages})}' >&2")

    assert validate.main(tmp_path) == code

    assert capsys.readouterr().out.splitlines()[-1] == says


def test_lighthouse_names_what_took_points(program, tmp_path, monkeypatch):
    monkeypatch.setattr(lighthouse, "FOLDER", tmp_path)
    report = {
        "categories": {name: {"score": 0.9, "auditRefs": []} for name in lighthouse.CATEGORIES},
        "audits": {"alt": {"score": 0, "title": "No alt"}},
        "environment": {"benchmarkIndex": 1500.4},
    }
    report["categories"]["seo"]["auditRefs"] = [{"id": "alt", "weight": 1}]
    # The path of the report is what follows "--output-path=".
    program(
        "npx", f"for word; do case $word in --output-path=*) echo '{json.dumps(report)}' > ${{word#*=}};; esac; done"
    )

    assert lighthouse.measured("a page", "http://blog.example/") == ([90] * 4, ["seo: No alt"], 1500)
