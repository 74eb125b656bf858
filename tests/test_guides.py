"""The guides: in both languages, of the same structure, with pictures that are made and links that lead somewhere."""

import re

import pytest
from django.conf import settings

from tests.browser.test_guide_pictures import PICTURES

DOCS = settings.BASE_DIR / "docs"
LANGUAGES = ["en", "sv"]
GUIDES = sorted(path.name for path in (DOCS / "en").glob("*.md"))
HEADING = re.compile(r"^(#+) (.+)$", re.MULTILINE)
LINK = re.compile(r"\]\(([^()\s]+)\)")
PICTURE = re.compile(r"!\[[^\]]+\]\(pictures/([\w-]+)\.png\)")


def words(path):
    """The text without its examples, in which a # begins no heading."""
    return re.sub(r"^    .*$", "", path.read_text("utf-8"), flags=re.MULTILINE)


def outline(path):
    """Levels of the headings and names of the pictures, in their order."""
    return re.findall(r"^#+(?= )|(?<=\]\()pictures/[\w-]+", words(path), re.MULTILINE)


def anchor(heading):
    """What GitHub makes of a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def test_guides_stand_in_every_language():
    found = {language: sorted(path.name for path in (DOCS / language).glob("*.md")) for language in LANGUAGES}

    assert found == dict.fromkeys(LANGUAGES, GUIDES)
    assert GUIDES == ["editors.md", "moderators.md", "operators.md", "readers.md"]


@pytest.mark.parametrize("guide", GUIDES)
def test_guide_has_the_same_headings_and_pictures_in_every_language(guide):
    outlines = [outline(DOCS / language / guide) for language in LANGUAGES]

    assert all(each == outlines[0] for each in outlines)


@pytest.mark.parametrize("language", LANGUAGES)
def test_pictures_of_the_guides_are_those_that_are_made(language):
    named = {name for guide in GUIDES for name in PICTURE.findall(words(DOCS / language / guide))}
    there = {path.stem for path in (DOCS / language / "pictures").iterdir()}

    assert named == set(PICTURES)
    assert there == set(PICTURES)


@pytest.mark.parametrize("path", [*DOCS.rglob("*.md"), *settings.BASE_DIR.glob("*.md")], ids=lambda path: path.stem)
def test_links_of_a_document_lead_somewhere(path):
    broken = []
    for link in LINK.findall(words(path)):
        file, _hash, place = link.partition("#")
        target = (path.parent / file).resolve() if file else path
        if link.startswith(("http:", "https:")):
            continue
        anchors = [anchor(heading) for _level, heading in HEADING.findall(words(target))] if place else []
        if not target.exists() or (place and place not in anchors):
            broken.append(link)

    assert broken == []
