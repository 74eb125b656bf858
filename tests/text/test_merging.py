"""Two people's changes become one text, and no word is lost."""

import os
import time

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from blog.text.blocks import blocks
from blog.text.merging import Clash, Kept, Merge, Overlap, merge_content, merge_lists, merge_sets, resolve

examples = settings(
    max_examples=int(os.environ.get("TEXT_EXAMPLES", 70)), deadline=None, phases=[Phase.explicit, Phase.generate]
)


def outcome(base, mine, theirs):
    """The merged letters; an overlap is written [base|mine|theirs]."""
    merged = merge_lists(list(base), list(mine), list(theirs))
    return "".join(
        "".join(each.items)
        if isinstance(each, Kept)
        else f"[{''.join(each.base)}|{''.join(each.mine)}|{''.join(each.theirs)}]"
        for each in merged
    )


CASES = {
    "mine only": ("abc", "aXc", "abc", "aXc"),
    "theirs only": ("abc", "abc", "aXc", "aXc"),
    "different items": ("abcde", "aXcde", "abcYe", "aXcYe"),
    "neighbours": ("abc", "Xbc", "aYc", "XYc"),
    "neighbours in rows of changes": ("abcdef", "XYZdef", "abcUVW", "XYZUVW"),
    "every other item each": ("abcdef", "XbXdXf", "aYcYeY", "XYXYXY"),
    "insertions at different places": ("abc", "aXbc", "abYc", "aXbYc"),
    "insertion beside a change": ("abc", "aXbc", "aYc", "aXYc"),
    "insertion after a change": ("abc", "abXc", "aYc", "aYXc"),
    "insertion between changes": ("abcd", "aXYd", "abZcd", "aXZYd"),
    "deletion beside a change": ("abc", "ac", "abX", "aX"),
    "insertion at the edge of a deletion": ("abcd", "ad", "abcXd", "aXd"),
    "same change": ("abc", "aXc", "aXc", "aXc"),
    "same change and another": ("abcd", "aXcd", "aXcY", "aXcY"),
    "same insertion": ("ab", "aXb", "aXb", "aXb"),
    "same deletion": ("abc", "ac", "ac", "ac"),
    "deletions that overlap": ("abcde", "ade", "abe", "ae"),
    "same item": ("abc", "aXc", "aYc", "a[b|X|Y]c"),
    "same item and neighbours": ("abcd", "XYcd", "aZWd", "X[b|Y|Z]Wd"),
    "different insertions at the same place": ("ab", "aXb", "aYb", "a[|X|Y]b"),
    "different ends": ("a", "aX", "aY", "a[|X|Y]"),
    "change of what the other deleted": ("abcd", "ad", "abXd", "a[bc||bX]d"),
    "insertion into what the other deleted": ("abcd", "ad", "abXcd", "a[bc||bXc]d"),
    "two overlaps": ("abc", "XbY", "ZbW", "[a|X|Z]b[c|Y|W]"),
    "from nothing": ("", "X", "Y", "[|X|Y]"),
    "to nothing": ("ab", "", "ab", ""),
    "all changed, all deleted": ("ab", "XY", "", "[ab|XY|]"),
}


@pytest.mark.parametrize(("base", "mine", "theirs", "expected"), CASES.values(), ids=CASES)
def test_merge_lists(base, mine, theirs, expected):
    assert outcome(base, mine, theirs) == expected


def test_merge_lists_tells_kept_items_from_overlaps():
    assert merge_lists([1, 2, 3], [1, 5, 3], [1, 6, 3]) == [Kept([1]), Overlap([2], [5], [6]), Kept([3])]


def test_merge_sets_takes_every_addition_and_every_removal():
    assert merge_sets(["a", "b", "c"], ["b", "c", "m"], ["a", "b", "ö"]) == ["b", "m", "ö"]


def content(**changes):
    return {
        "title": "Rubrik",
        "standfirst": "Ett.\nTvå.",
        "body": "<p>a</p><p>b</p><p>c</p>",
        "sign_off": "",
        "language": "sv",
        "tags": ["x"],
        "bylines": [1, 2],
        "cover": None,
        "sources": [["Källa", "https://a.example/"]],
    } | changes


def test_changes_in_different_fields_merge_by_themselves():
    mine = content(title="Ny", tags=["x", "y"], cover=4, sources=[])
    theirs = content(standfirst="Ett.\nTre.", tags=["z"], bylines=[2, 1], sign_off="/Vi", language="en")

    assert merge_content(content(), mine, theirs) == Merge(
        content(
            title="Ny",
            standfirst="Ett.\nTre.",
            tags=["y", "z"],
            cover=4,
            sources=[],
            bylines=[2, 1],
            sign_off="/Vi",
            language="en",
        ),
        [],
    )


def test_changes_in_different_paragraphs_merge_by_themselves():
    mine = content(body="<p>A</p><p>b</p><p>c</p>", standfirst="Noll.\nTvå.")
    theirs = content(body="<p>a</p><p>B</p><p>c</p><hr>", standfirst="Ett.\nTvå.\nTre.")

    assert merge_content(content(), mine, theirs) == Merge(
        content(body="<p>A</p><p>B</p><p>c</p><hr>", standfirst="Noll.\nTvå.\nTre."), []
    )


def test_a_new_paragraph_beside_a_reworded_one_does_not_hide_it():
    base = content(body="<p>Den gula bilen stannar.</p><p>Slut.</p>")
    mine = content(body="<p>Den gula bilen startar.</p><p>Något helt nytt.</p><p>Slut.</p>")
    theirs = content(body="<p>Först detta.</p><p>Den gula bilen stannar.</p><p>Slut.</p>")

    assert merge_content(base, mine, theirs) == Merge(
        content(
            body="<p>Först detta.</p><p>Den gula bilen startar.</p><p>Något helt nytt.</p><p>Slut.</p>",
        ),
        [],
    )


MINE = content(
    title="Min",
    standfirst="Mitt.\nTvå.",
    body="<p>A</p><p>b</p><p>C</p><p>D</p>",
    bylines=[1, 3],
    cover=5,
    sources=[["Min källa", "https://a.example/"]],
)
THEIRS = content(
    title="Deras",
    standfirst="Deras.\nTvå.",
    body="<p>Å</p><p>b</p><p>Ä</p><p>Ö</p>",
    bylines=[1, 4],
    cover=6,
    sources=[["Deras källa", "https://a.example/"]],
)


def test_what_both_changed_clashes_and_mine_stands_in_the_content():
    assert merge_content(content(), MINE, THEIRS) == Merge(
        MINE,
        [
            Clash("title", 0, "Rubrik", "Min", "Deras"),
            Clash("standfirst", 0, "Ett.", "Mitt.", "Deras."),
            Clash("body", 0, "<p>a</p>", "<p>A</p>", "<p>Å</p>"),
            Clash("body", 1, "<p>c</p>", "<p>C</p><p>D</p>", "<p>Ä</p><p>Ö</p>"),
            Clash("bylines", 0, [2], [3], [4]),
            Clash("cover", 0, None, 5, 6),
            Clash(
                "sources",
                0,
                [["Källa", "https://a.example/"]],
                [["Min källa", "https://a.example/"]],
                [["Deras källa", "https://a.example/"]],
            ),
        ],
    )


def test_resolve_takes_the_choice_for_each_clash():
    choices = {
        ("title", 0): "theirs",
        ("standfirst", 0): "both",
        ("body", 0): "theirs",
        ("body", 1): "both",
        ("bylines", 0): "both",
        ("cover", 0): "both",
        ("sources", 0): "mine",
    }

    assert resolve(content(), MINE, THEIRS, choices) == content(
        title="Deras",
        standfirst="Deras.\nMitt.\nTvå.",
        body="<p>Å</p><p>b</p><p>Ä</p><p>Ö</p><p>C</p><p>D</p>",
        bylines=[1, 4, 3],
        cover=5,
        sources=[["Min källa", "https://a.example/"]],
    )


def test_resolve_knows_no_other_choice():
    with pytest.raises(KeyError):
        resolve(content(), MINE, THEIRS, {("title", 0): "neither"})


def test_a_byline_that_both_moved_signs_once():
    merged = merge_content(content(bylines=[1, 2, 3, 4]), content(bylines=[4, 1, 2, 3]), content(bylines=[1, 4, 2, 3]))

    assert sorted(merged.content["bylines"]) == [1, 2, 3, 4]


def test_words_without_a_block_do_not_run_into_each_other():
    merged = merge_content(content(body="<p>a</p><p>b</p>"), content(body="ett<p>b</p>"), content(body="<p>a</p>två"))

    assert merged == Merge(content(body="ett\ntvå"), [])


LETTERS = st.lists(st.sampled_from("abcdef"), max_size=8)
ROWS = st.lists(st.sampled_from(["a", "b", "c", "d"]), max_size=5)
PIECES = st.sampled_from(
    ["<p>a</p>", "<p>b c d</p>", "<p>b c e</p>\n", "<h2>å</h2>", "<ul><li>x</li></ul>", "<hr>", "lös"]
)
CONTENTS = st.builds(
    content,
    title=st.sampled_from("abc"),
    standfirst=ROWS.map("\n".join),
    body=st.lists(PIECES, max_size=6).map("".join),
    tags=st.sets(st.sampled_from("abcd")).map(sorted),
    bylines=st.lists(st.integers(1, 5), unique=True),
    cover=st.sampled_from([None, 1, 2]),
    sources=ROWS.map(lambda row: [[text, "https://a.example/"] for text in row]),
)


@examples
@given(LETTERS, LETTERS, LETTERS)
def test_lists_lose_nothing_and_take_each_side(base, mine, theirs):
    merged = merge_lists(base, mine, theirs)

    for side, name in ((mine, "mine"), (theirs, "theirs")):
        there = [item for each in merged for item in (each.items if isinstance(each, Kept) else getattr(each, name))]
        for item in set(side) - set(base):
            assert there.count(item) >= side.count(item)
    for each in merged:
        assert isinstance(each, Kept) or each.mine != each.theirs


@examples
@given(CONTENTS, CONTENTS)
def test_one_sided_and_equal_changes_are_taken_as_they_are(base, changed):
    for mine, theirs in ((changed, base), (base, changed), (changed, changed)):
        assert merge_content(base, mine, theirs) == Merge(changed, [])


@examples
@given(CONTENTS, CONTENTS, CONTENTS)
def test_nobodys_words_are_lost(base, mine, theirs):
    merge = merge_content(base, mine, theirs)

    assert resolve(base, mine, theirs, {}) == merge.content
    for side, name in ((mine, "mine"), (theirs, "theirs")):
        found = [merge.content, *({clash.field: getattr(clash, name)} for clash in merge.clashes)]
        for block in set(blocks(side["body"])) - set(blocks(base["body"])):
            assert any(block in each.get("body", "") for each in found)
        for line in set(side["standfirst"].split("\n")) - set(base["standfirst"].split("\n")):
            assert any(line in each.get("standfirst", "").split("\n") for each in found)
        for field in ("bylines", "sources", "tags"):
            for item in side[field]:
                assert item in base[field] or any(item in each.get(field, ()) for each in found)
        for field in ("title", "cover"):
            assert side[field] == base[field] or any(each.get(field) == side[field] for each in found)


@examples
@given(CONTENTS, CONTENTS, CONTENTS, st.sampled_from(["mine", "theirs", "both"]))
def test_every_clash_is_settled_by_its_choice(base, mine, theirs, choice):
    merge = merge_content(base, mine, theirs)

    settled = resolve(base, mine, theirs, {(clash.field, clash.place): choice for clash in merge.clashes})

    for clash in merge.clashes:
        if clash.field in ("title", "cover"):
            assert settled[clash.field] == (clash.theirs if choice == "theirs" else clash.mine)
        else:
            for chosen in [clash.mine] * (choice != "theirs") + [clash.theirs] * (choice != "mine"):
                parts = {"body": blocks, "standfirst": str.splitlines}.get(clash.field, list)(chosen)
                assert all(part in settled[clash.field] for part in parts)


@examples
@given(st.data(), st.integers(2, 12))
def test_disjoint_edits_never_clash(data, size):
    base = [f"<p>{number} ord ord</p>" for number in range(size)]
    owners = data.draw(st.lists(st.sampled_from(["mine", "theirs", None]), min_size=size, max_size=size))
    sides = {
        name: [f"<p>{name}</p>" if owner == name else block for block, owner in zip(base, owners, strict=True)]
        for name in ("mine", "theirs")
    }

    merge = merge_content(*(content(body="".join(body)) for body in (base, sides["mine"], sides["theirs"])))

    expected = [f"<p>{owner}</p>" if owner else block for block, owner in zip(base, owners, strict=True)]
    assert merge == Merge(content(body="".join(expected)), [])


def test_a_long_post_is_merged_quickly():
    base = [f"<p>Stycke {number} med några ord till.</p>" for number in range(5000)]
    mine = ["<p>Mitt.</p>" if number % 4 == 0 else block for number, block in enumerate(base)]
    theirs = ["<p>Deras.</p>" if number % 4 == 2 else block for number, block in enumerate(base)]
    theirs.insert(3000, "<p>Nytt.</p>")
    begun = time.process_time()

    merge = merge_content(*(content(body="".join(body)) for body in (base, mine, theirs)))

    assert merge.clashes == []
    assert blocks(merge.content["body"]).count("<p>Mitt.</p>") == 1250
    assert time.process_time() - begun < 10  # of its own; what is quadratic needs minutes


def test_two_long_insertions_are_both_kept_quickly():
    mine, theirs = ("".join(f"<p>{side} {number}</p>" for number in range(15_000)) for side in ("mitt", "deras"))
    begun = time.process_time()

    resolved = resolve(*(content(body=body) for body in ("", mine, theirs)), {("body", 0): "both"})

    assert resolved["body"] == theirs + mine
    assert time.process_time() - begun < 10  # of its own; what is quadratic needs minutes
