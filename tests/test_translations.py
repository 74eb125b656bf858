"""The Swedish catalogues: complete, compiled, and up to date with the strings in the source."""

import re
import shutil
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.core.management import call_command

FOLDER = Path("blog/locale/sv/LC_MESSAGES")
DOMAINS = ["django", "djangojs"]
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|%04X|(?<!\$)\{\w*\}")
SOURCE = ["blog", "project", "templates", "static"]


def catalogue(domain, root=settings.BASE_DIR):
    return polib.pofile(str(root / FOLDER / f"{domain}.po"))


def key(entry):
    return entry.msgctxt, entry.msgid, entry.msgid_plural


def swedish(entry):
    return list(entry.msgstr_plural.values()) or [entry.msgstr]


def placeholders(text):
    return sorted(PLACEHOLDER.findall(text))


@pytest.mark.parametrize("domain", DOMAINS)
def test_every_entry_has_its_swedish(domain):
    entries = catalogue(domain)

    unfinished = [entry.msgid for entry in entries if entry.fuzzy or entry.obsolete or not entry.translated()]

    assert unfinished == []


@pytest.mark.parametrize("domain", DOMAINS)
def test_swedish_keeps_the_placeholders(domain):
    differing = [
        (entry.msgid, text)
        for entry in catalogue(domain)
        for text in swedish(entry)
        if placeholders(text) != placeholders(entry.msgid_plural or entry.msgid)
    ]

    assert differing == []


@pytest.mark.parametrize("domain", DOMAINS)
def test_compiled_catalogue_holds_what_the_source_says(domain):
    compiled = polib.mofile(str(settings.BASE_DIR / FOLDER / f"{domain}.mo"))

    assert {key(entry): swedish(entry) for entry in compiled} == {
        key(entry): swedish(entry) for entry in catalogue(domain)
    }


@pytest.mark.parametrize("domain", DOMAINS)
@pytest.mark.skipif(shutil.which("xgettext") is None, reason="Debian's gettext is not here")
def test_no_string_was_added_since_the_last_extraction(domain, tmp_path, monkeypatch, settings):
    for folder in SOURCE:
        shutil.copytree(settings.BASE_DIR / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    settings.LOCALE_PATHS = [tmp_path / "blog" / "locale"]
    monkeypatch.chdir(tmp_path)

    call_command("makemessages", locale=["sv"], domain=domain, no_location=True, no_obsolete=True, verbosity=0)

    assert {key(entry) for entry in catalogue(domain, tmp_path)} == {key(entry) for entry in catalogue(domain)}
