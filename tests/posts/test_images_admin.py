"""The library of pictures in the admin."""

import pytest
from django.test import Client
from django.urls import reverse

from blog.posts.images import Image
from tests.posts.form import said
from tests.posts.pictures import jpeg, uploaded

pytestmark = pytest.mark.django_db


def test_upload_stores_the_picture_with_its_words(sign_in, author):
    words = {"alt": "En röd yta", "caption": "Rött", "credit": "Karin Ek"}

    sign_in(author).post("/admin/blog/image/add/", {"file": uploaded(jpeg()), **words})

    image = Image.objects.get()
    assert (image.alt, image.caption, image.credit) == ("En röd yta", "Rött", "Karin Ek")
    assert image.src in sign_in(author).get("/admin/blog/image/").text


def test_upload_of_a_broken_file_is_told_at_the_field_and_keeps_the_words(sign_in, author):
    response = sign_in(author).post("/admin/blog/image/add/", {"file": uploaded(b"text"), "alt": "En röd yta"})

    form = response.context["adminform"].form
    assert list(form.errors) == ["file"]
    assert 'value="En röd yta"' in response.text
    assert not Image.objects.exists()


def test_upload_of_a_known_picture_leads_to_it_and_changes_nothing(sign_in, author):
    client = sign_in(author)
    client.post("/admin/blog/image/add/", {"file": uploaded(jpeg()), "alt": "Första"})

    response = client.post("/admin/blog/image/add/", {"file": uploaded(jpeg()), "alt": "Andra"}, follow=True)

    image = Image.objects.get()
    assert image.alt == "Första"
    assert said(response)[1:] == ["This picture is in the library already; here it is."]
    assert response.redirect_chain[-1][0] == reverse("admin:blog_image_change", args=[image.pk])


def test_picker_offers_the_library_to_those_who_write(sign_in, author, moderator):
    sign_in(author).post("/admin/blog/image/add/", {"file": uploaded(jpeg()), "alt": "En röd yta"})
    address = reverse("admin:blog_image_pick")

    assert [image.alt for image in sign_in(author).get(address).context["images"]] == ["En röd yta"]
    assert not sign_in(author).get(address, {"q": "blå"}).context["images"]
    assert sign_in(moderator).get(address).status_code == 403
    assert Client().get(address).status_code == 302


def test_known_picture_takes_typed_words_where_it_has_none(sign_in, author):
    client = sign_in(author)
    client.post("/admin/blog/image/add/", {"file": uploaded(jpeg()), "credit": "Karin Ek"})

    client.post(
        "/admin/blog/image/add/", {"file": uploaded(jpeg()), "alt": "En röd yta", "credit": "Olle", "_popup": "1"}
    )

    image = Image.objects.get()
    assert (image.alt, image.credit) == ("En röd yta", "Karin Ek")


def test_focus_of_a_picture_is_chosen_by_two_numbers(sign_in, author):
    client = sign_in(author)
    client.post("/admin/blog/image/add/", {"file": uploaded(jpeg()), "alt": "En röd yta"})
    image = Image.objects.get()
    address = reverse("admin:blog_image_change", args=[image.pk])

    refused = client.post(address, {"alt": "En röd yta", "focus_x": 120, "focus_y": 5})
    client.post(address, {"alt": "En röd yta", "focus_x": 20, "focus_y": 5})

    assert list(refused.context["adminform"].form.errors) == ["focus_x"]
    image.refresh_from_db()
    assert (image.focus_x, image.focus_y) == (20, 5)
    assert 'class="thumbnail across-25 down-0"' in client.get("/admin/blog/image/").text
