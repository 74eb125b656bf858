"""The catalogues of every language: complete, compiled, and up to date with the strings in the source."""

import re
import shutil
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.core.management import call_command

LOCALE = Path("blog/locale")
LANGUAGES = sorted(folder.name for folder in (settings.BASE_DIR / LOCALE).iterdir())
DOMAINS = ["django", "djangojs"]
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|%04X|(?<!\$)\{\w*\}")
SOURCE = ["blog", "project", "templates", "static"]


pytestmark = [pytest.mark.parametrize("domain", DOMAINS), pytest.mark.parametrize("language", LANGUAGES)]


def path(language, domain, root=settings.BASE_DIR):
    return str(root / LOCALE / language / "LC_MESSAGES" / domain)


def catalogue(*where):
    return polib.pofile(f"{path(*where)}.po")


def key(entry):
    return entry.msgctxt, entry.msgid, entry.msgid_plural


def translations(entry):
    return list(entry.msgstr_plural.values()) or [entry.msgstr]


def placeholders(text):
    return sorted(PLACEHOLDER.findall(text))


def test_every_entry_is_translated(language, domain):
    entries = catalogue(language, domain)

    unfinished = [entry.msgid for entry in entries if entry.fuzzy or entry.obsolete or not entry.translated()]

    assert unfinished == []


def test_translation_keeps_the_placeholders(language, domain):
    differing = [
        (entry.msgid, text)
        for entry in catalogue(language, domain)
        for text in translations(entry)
        if placeholders(text) != placeholders(entry.msgid_plural or entry.msgid)
    ]

    assert differing == []


def test_compiled_catalogue_holds_what_the_source_says(language, domain):
    compiled = polib.mofile(f"{path(language, domain)}.mo")

    assert {key(entry): translations(entry) for entry in compiled} == {
        key(entry): translations(entry) for entry in catalogue(language, domain)
    }


@pytest.mark.skipif(shutil.which("xgettext") is None, reason="Debian's gettext is not here")
def test_no_string_was_added_since_the_last_extraction(language, domain, tmp_path, monkeypatch, settings):
    for folder in SOURCE:
        shutil.copytree(settings.BASE_DIR / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    settings.LOCALE_PATHS = [tmp_path / "blog" / "locale"]
    monkeypatch.chdir(tmp_path)

    call_command("makemessages", locale=[language], domain=domain, no_location=True, no_obsolete=True, verbosity=0)

    extracted = catalogue(language, domain, tmp_path)
    assert {key(entry) for entry in extracted} == {key(entry) for entry in catalogue(language, domain)}
