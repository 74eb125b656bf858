"""The two commands, as an operator types them."""

import io
import json

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from blog.comments.models import Comment
from blog.imports.models import ImportedRow
from blog.moderation import batches, duplicates
from blog.posts.models import Post
from tests.factories import make_comment, make_published
from tests.imports import wxr
from tests.moderation.test_duplicates import everything

pytestmark = pytest.mark.django_db


def told(*arguments, **options):
    out = io.StringIO()
    call_command(*map(str, arguments), stdout=out, **options)
    return out.getvalue().splitlines()


def test_import_tells_of_each_item_each_problem_and_the_sums(tmp_path):
    file = tmp_path / "export.xml"
    comments = [wxr.make_comment(1), wxr.make_comment(2, parent=9), wxr.make_comment(3, type="order_note")]
    file.write_bytes(
        wxr.make_file(
            wxr.make_item(1, *comments, title="Ost & vin").replace("&amp;", "&"),
            wxr.make_item(2, title="Om oss", post_type="page"),
        )
    )

    assert told("import_wordpress", file) == [
        "new        Ost & vin (3 comments: 2 new, 1 skipped); a comment was skipped: not a comment: order_note",
        "skipped    Om oss; not a post: page",
        f"{file}:7:18: “&” was read as “&”",
        f"{file}:21:1: the comment answers one that is not here: it stands on its own",
        "Bylines: 0 new, 0 changed, 0 unchanged, 0 skipped. Together: 0",
        "Items: 1 new, 0 changed, 0 unchanged, 1 skipped. Together: 2",
        "Comments: 2 new, 0 changed, 0 unchanged, 1 skipped. Together: 3",
    ]


def test_dry_run_says_so_and_leaves_nothing(tmp_path):
    file = tmp_path / "export.xml"
    file.write_bytes(wxr.make_file(wxr.make_item(1, wxr.make_comment(1))))

    lines = told("import_wordpress", file, "--dry-run")

    assert lines[0] == "new        Om kommatecken (1 comment: 1 new)"
    assert lines[-1] == "This was a dry run: nothing has been changed."
    assert not Post.objects.exists()
    assert not ImportedRow.objects.exists()


def test_missing_file_folder_and_another_kind_of_file_are_refused_in_a_sentence(tmp_path):
    page = tmp_path / "page.html"
    page.write_text("<p>Hej</p>")

    with pytest.raises(CommandError, match=r"nowhere\.xml cannot be read: No such file or directory"):
        told("import_wordpress", tmp_path / "nowhere.xml")
    with pytest.raises(CommandError, match=r"cannot be read: Is a directory"):
        told("import_wordpress", tmp_path)
    with pytest.raises(CommandError, match=r"page\.html: This is not a WordPress export"):
        told("import_wordpress", page)


def test_find_duplicates_lists_groups_oldest_first(post):
    said = "Samma text som är så lång att den inte kan vara sagd av en slump."
    first, second = make_comment(post, said.upper()), make_comment(post, said, name="Bo")
    other = make_published("En annan")
    make_comment(other, "Tack"), make_comment(other, "Tack")

    groups = json.loads("\n".join(told("find_duplicates", "--json", "--post", post.slug)))

    assert groups == [
        {
            "post": post.slug,
            "title": post.title,
            "tier": "exact",
            "cause": "unknown",
            "same_author": False,
            "comments": [
                {
                    "id": comment.pk,
                    "post": post.slug,
                    "number": comment.number,
                    "name": comment.name,
                    "posted": comment.created_at.isoformat(),
                    "state": "visible",
                    "text": " ".join(comment.text.split()),
                }
                for comment in (first, second)
            ],
        }
    ]
    assert told("find_duplicates")[-1] == "2 groups of duplicates."
    with pytest.raises(CommandError, match="There is no post with the slug “nej”"):
        told("find_duplicates", "--post", "nej")


def test_seeds_import_once_and_their_doubles_merge_and_come_back(shared_data, moderator):
    file = shared_data / "seeds" / "seeds.wxr.xml"

    assert told("import_wordpress", file)[-2:] == [
        "Items: 10 new, 0 changed, 0 unchanged, 0 skipped. Together: 10",
        "Comments: 19 new, 0 changed, 0 unchanged, 0 skipped. Together: 19",
    ]
    assert (Post.objects.published().count(), Comment.objects.visible().count()) == (10, 19)
    assert told("import_wordpress", file)[-2:] == [
        "Items: 0 new, 0 changed, 10 unchanged, 0 skipped. Together: 10",
        "Comments: 0 new, 0 changed, 19 unchanged, 0 skipped. Together: 19",
    ]
    post = next(post for post in Post.objects.all() if post.comments.count() == 14)
    groups = json.loads("\n".join(told("find_duplicates", "--json")))
    assert [(group["post"], len(group["comments"])) for group in groups] == [(post.slug, 2)] * 7

    before = everything()
    batch = duplicates.merge([comment["id"] for group in groups for comment in group["comments"]], by=moderator)
    assert post.comments.visible().count() == 7
    assert told("find_duplicates") == ["0 groups of duplicates."]

    batches.undo(batch, by=moderator)
    assert everything() == before


def test_what_a_command_prints_is_english_whatever_the_site_speaks(tmp_path):
    file = tmp_path / "export.xml"
    file.write_bytes(wxr.make_file(wxr.make_item(1)))

    with translation.override("sv"):
        assert told("import_wordpress", file)[0] == "new        Om kommatecken"
        assert told("find_duplicates") == ["0 groups of duplicates."]
