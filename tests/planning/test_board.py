"""The board: who sees which cards in which column, and what may be done there."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from blog.planning import board
from blog.posts import revisions, steps
from blog.posts.models import Post
from blog.review.models import Note
from blog.tags.models import Tag
from tests.factories import make_byline, make_post, make_published, make_user
from tests.planning.test_calendar import make_scheduled, make_update, tomorrow

pytestmark = pytest.mark.django_db
BOARD = "/admin/board/"


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def titles(columns):
    return {column.key: [card.post.title for card in column.cards] for column in columns}


def test_board_shows_each_post_once_in_the_column_of_its_newest_text(editor):
    make_post("Utkast")
    make_post("Återsänt", status="changes_requested")
    make_post("Inlämnat", status="in_review")
    make_scheduled("Planerat")
    make_published("Publicerat")
    make_published("För länge sedan", ago=timedelta(days=15))
    make_post("Arkiverat", status="archived", publish_at=tomorrow())
    make_update(make_published("Uppdateras"), status="in_review")
    make_update(make_published("Uppdateras snart"), status="approved", approved=True, publish_at=tomorrow())

    columns = board.columns(editor, Q())

    assert titles(columns) == {
        "draft": ["Utkast"],
        "changes": ["Återsänt"],
        "review": ["Inlämnat", "Uppdateras"],
        "approved": ["Planerat", "Uppdateras snart"],
        "published": ["Publicerat"],
    }
    assert [card.is_update for card in columns[2].cards] == [False, True]


def test_column_puts_what_presses_most_first(editor):
    today = timezone.localdate()
    make_post("Sedan")
    make_post("Snart", due_on=today + timedelta(days=1))
    make_post("Sen", due_on=today - timedelta(days=1))
    make_post("Viktig", priority=1)
    make_post("Oviktig", priority=-1, due_on=today)

    drafts = board.columns(editor, Q())[0].cards

    assert [card.post.title for card in drafts] == ["Viktig", "Sen", "Snart", "Sedan", "Oviktig"]
    assert [card.post.title for card in drafts if card.is_overdue] == ["Sen"]


def test_column_shows_fifty_cards_and_says_how_many_there_are(editor):
    Post.objects.bulk_create(Post(title=f"Nummer {number}", slug=f"nummer-{number}") for number in range(52))

    draft = board.columns(editor, Q())[0]

    assert (len(draft.cards), draft.total) == (50, 52)


def test_card_has_the_steps_of_this_person_and_where_they_lead(author, editor, moderator):
    make_post("Utkast", created_by=author, publish_at=tomorrow())

    def offered(user):
        (card,) = board.columns(user, Q())[0].cards
        return [(step.name, to) for step, to in card.steps]

    approval = [(steps.PUBLISH, "published"), (steps.SCHEDULE, "approved")]
    assert offered(author) == [(steps.SUBMIT, "review")]
    assert offered(editor) == [(steps.SUBMIT, "review"), *approval]
    assert offered(moderator) == []


def test_card_offers_no_approval_of_own_words_to_four_eyes(editor, settings):
    settings.FOUR_EYES = True
    own = make_post("Egen")
    revisions.record(own, revisions.content_of(own), by=editor)
    make_post("Annans")

    cards = board.columns(editor, Q())[0].cards

    offered = {card.post.title: steps.PUBLISH in [step.name for step, _ in card.steps] for card in cards}
    assert offered == {"Egen": False, "Annans": True}


def test_author_sees_only_own_posts(author):
    make_post("Någon annans")
    make_post("Egen", created_by=author)
    make_post("Signerad", bylines=[make_byline(user=author)])

    assert titles(board.columns(author, Q()))["draft"] == ["Egen", "Signerad"]


@pytest.mark.parametrize(("role", "four_eyes"), [("author", False), ("editor", False), ("editor", True)])
def test_board_costs_the_same_with_little_and_with_much(sign_in, settings, role, four_eyes):
    settings.FOUR_EYES = four_eyes
    user = make_user(role)
    client, counts = sign_in(user), []

    for number in (1, 30):
        for each in range(number):
            byline = make_byline(f"Namn {number} {each}")
            note = make_post(f"Utkast {number} {each}", bylines=[byline], created_by=user, reviewer=user)
            Note.objects.create(post=note, revision=1, text="Varför?", name="Anna")
            make_update(make_published(f"Ute {number} {each}", created_by=user), status="in_review")
            make_post(f"Inne {number} {each}", status="in_review", bylines=[byline, make_byline(f"B {number} {each}")])
        with CaptureQueriesContext(connection) as queries:
            response = client.get(BOARD)
        counts.append(len(queries))

    assert response.status_code == 200
    assert counts[0] == counts[1] <= 20


# --- The page


def test_page_shows_a_card_with_all_that_one_asks_about(sign_in, editor):
    day = timezone.localdate() - timedelta(days=2)
    post = make_post(
        "Inlämnat",
        status="in_review",
        due_on=day,
        priority=1,
        reviewer=editor,
        publish_at=tomorrow(),
        bylines=[make_byline("Karin Ek"), make_byline("Bo Alm")],
    )
    open_note = Note.objects.create(post=post, revision=1, text="Varför?", name="Anna")
    Note.objects.create(post=post, revision=1, text="Därför.", name="Bo", parent=open_note)
    Note.objects.create(post=post, revision=1, text="Klart.", name="Bo", resolved_at=timezone.now())

    page = sign_in(editor).get(BOARD).text
    card = " ".join(page[page.index("<article") :].partition("<details")[0].split())

    for words in ("Inlämnat", "Priority: High", "Overdue since", "Reviewer: editor", "1 open note", "08:00"):
        assert words in card
    assert card.index("Karin Ek") < card.index("Bo Alm")


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", ["Allt", "Inget"]),
        ("reviewer={editor}", ["Allt"]),
        ("byline={byline}", ["Allt"]),
        ("tag=SPRÅK", ["Allt"]),
        ("mine=on", ["Allt"]),
        ("tag=kök", []),
        ("reviewer=x&byline=99999999999999999999&tag=språk", ["Allt"]),
    ],
)
def test_board_is_filtered(sign_in, editor, query, shown):
    byline = make_byline()
    Tag.objects.create(name="kök", slug="kok")
    make_post("Allt", reviewer=editor, bylines=[byline], tags=["Språk"])
    make_post("Inget")

    response = sign_in(editor).get(f"{BOARD}?{query.format(editor=editor.pk, byline=byline.pk)}")

    assert titles(response.context["columns"])["draft"] == shown


def test_button_of_a_card_takes_the_step_and_leads_back(sign_in, author):
    body = "<p>Ett kommatecken är en paus.</p>"
    post = make_post(created_by=author, standfirst="Om pauser.", body=body, tags=["Språk"])
    page = sign_in(author).get(f"{BOARD}?mine=on")
    address = f"/admin/blog/post/{post.pk}/step/submit/"
    assert f'formaction="{address}"' in page.text
    assert f'name="next" value="{BOARD}?mine=on#post-{post.pk}"' in page.text

    answer = sign_in(author).post(address, {"revision": post.head, "next": f"{BOARD}?mine=on#post-{post.pk}"})

    post.refresh_from_db()
    assert (post.status, answer["Location"]) == ("in_review", f"{BOARD}?mine=on#post-{post.pk}")


def test_column_leads_to_all_of_its_posts(sign_in, editor):
    Post.objects.bulk_create(Post(title=f"Nummer {number}", slug=f"nummer-{number}") for number in range(51))
    client = sign_in(editor)

    page = client.get(BOARD).text

    assert "The first 50 of 51." in " ".join(page.split())
    assert "/admin/blog/post/?state=draft" in page
    assert '<a href="/admin/blog/post/?state=archived">Archived posts</a>' in page
    assert "Published in the last 14 days" in page
    for place in board.PLACES.values():
        assert client.get(f"/admin/blog/post/?{place.query}").status_code == 200


def test_board_is_closed_to_strangers_and_takes_no_post(client, sign_in, editor):
    assert client.get(BOARD)["Location"].startswith("/admin/account/sign-in/")
    assert sign_in(editor).post(BOARD).status_code == 405
