"""The page on which the look is chosen."""

import pytest

from blog.appearance.models import COLOURS, DARK, LIGHT, Appearance
from blog.posts import images
from tests.factories import make_published
from tests.posts.pictures import jpeg, uploaded

pytestmark = pytest.mark.django_db
PAGE, PREVIEW = "/admin/blog/appearance/", "/admin/blog/appearance/preview/"
UNCHANGED = dict(zip(COLOURS, (*LIGHT, *DARK), strict=True)) | {"name": "Spalt", "tagline": "", "typeface": "own"}


def test_its_form_stands_where_a_list_would(sign_in, administrator):
    answer = sign_in(administrator).get("/admin/blog/appearance/")

    assert answer.context["adminform"].form["name"].value() == "Spalt"
    assert "frame-src 'self'" in answer["Content-Security-Policy"]  # for the preview beside it
    assert not Appearance.objects.exists()


def test_editors_do_not_choose_it(sign_in, editor):
    client = sign_in(editor)

    assert [client.get(path).status_code for path in (PAGE, PREVIEW, f"{PAGE}1/change/")] == [403] * 3
    assert client.post(PAGE, UNCHANGED).status_code == 403


def test_what_is_chosen_is_on_the_site(sign_in, administrator, client):
    logo, _new = images.store(uploaded(jpeg(800, 400)), alt="")
    typed = UNCHANGED | {"name": "Marginalen", "logo": logo.pk, "accent": "#0B5D3B"}

    answer = sign_in(administrator).post(PAGE, typed)
    page = client.get("/").text

    assert answer.status_code == 302
    assert Appearance.objects.get().accent == "#0b5d3b"
    assert f'<img src="{logo.webp}" alt="Marginalen" width="80" height="40">' in page


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("ink", "#bbbbbb", "Too close to the paper to be read: the contrast is 1.8 to 1, and must be 4.5 at least."),
        ("ink", "#6e6e6e", "the contrast is 3.5 to 1"),  # what is marked is not read
        ("accent", "#e08080", "Too close to the paper"),
        ("accent", "#c04a35", "the contrast is 4.3 to 1"),  # nor what stands on raised paper
        ("dark_ink", "#222222", "Too close to the paper"),
        ("paper", "red", "Write a colour as #"),
        ("name", "", "This field is required."),
    ],
)
def test_what_nobody_could_read_is_refused_and_stays_typed(sign_in, administrator, field, value, says):
    answer = sign_in(administrator).post(PAGE, UNCHANGED | {field: value})

    form = answer.context["adminform"].form
    assert says in form.errors[field][0]
    assert form[field].value() == value
    assert not Appearance.objects.exists()


def test_preview_shows_what_is_not_stored(sign_in, administrator):
    make_published("Om kommatecken")
    client = sign_in(administrator)

    for page in (
        client.get(PREVIEW, UNCHANGED | {"accent": "#0b5d3b"}),
        client.post(PREVIEW, UNCHANGED | {"accent": "#0b5d3b"}),
    ):
        assert "--accent: #0b5d3b;" in page.text
        assert "Om kommatecken" in page.text
        assert page["X-Frame-Options"] == "SAMEORIGIN"
        assert "frame-ancestors 'self'" in page["Content-Security-Policy"]
    assert not Appearance.objects.exists()


def test_preview_says_what_is_wrong_and_shows_the_rest(sign_in, administrator):
    page = sign_in(administrator).get(PREVIEW, UNCHANGED | {"accent": "#123456;} *{", "ink": "#dddddd"})

    assert "This cannot be saved yet" in page.text
    assert "#123456" not in page.text
    assert page.status_code == 200
