"""The menu of the desk, its keys, the first steps, and the state that a list tells without colours."""

import pytest
from django.contrib import admin
from django.urls import reverse
from django.utils import translation

from blog import menu
from blog.policy import ROLES
from tests.factories import make_post, make_published, make_user

pytestmark = pytest.mark.django_db


def addresses(user):
    return [entry.address for _title, entries in menu.sections_for(user) for entry in entries]


def test_menu_leads_to_all_that_the_admin_has(administrator):
    lists = {f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist" for model in admin.site._registry}

    assert lists - set(addresses(administrator)) == set()


@pytest.mark.parametrize("role", ROLES)
def test_menu_leads_nobody_to_a_closed_door(sign_in, role):
    user = make_user(role)
    client = sign_in(user)

    answers = {address: client.get(reverse(address), follow=True).status_code for address in addresses(user)}

    assert answers == dict.fromkeys(answers, 200)


def test_menu_shows_an_author_no_moderation(author):
    with translation.override("en"):
        assert [str(title) for title, _entries in menu.sections_for(author)] == ["Writing"]


def test_keys_of_the_menu_lead_to_one_place_each(administrator):
    keys = [entry.key for _title, entries in menu.SECTIONS for entry in entries if entry.key]

    assert sorted(keys) == sorted(set(keys) - {"d", "n", "g"})  # "g d" is the desk, "g n" a new post


def test_sheet_of_keys_names_what_the_person_may_open(sign_in, author, editor):
    sheets = [sign_in(user).get("/admin/keys/").text for user in (author, editor)]

    assert ["Comments to judge" in sheet for sheet in sheets] == [False, True]


def test_first_steps_lead_an_empty_site_to_its_first_post(sign_in, administrator, author, moderator):
    def steps(user):
        return [(step.url, step.is_done) for step in sign_in(user).get("/admin/").context["first_steps"]]

    name, invite = reverse("admin:blog_appearance_changelist"), reverse("admin:auth_user_add")
    write = reverse("admin:blog_post_add")
    before = [steps(administrator), steps(author), steps(moderator)]
    make_post("Utkast")
    with_a_draft = steps(author)
    make_published("Det första")

    assert before == [[(name, False), (invite, True), (write, False)], [(write, False)], []]
    assert with_a_draft == [(write, True)]
    assert [steps(administrator), steps(author)] == [[], []]


def test_list_tells_a_state_in_words_and_by_a_sign(sign_in, editor):
    make_post("Utkast")

    page = sign_in(editor).get("/admin/blog/post/").text

    assert '<span class="state draft">Draft</span>' in page


def test_empty_list_says_what_to_do_next(sign_in, editor):
    client = sign_in(editor)

    assert "Write the first one" in client.get("/admin/blog/post/").text
    assert "Nothing here fits." in client.get("/admin/blog/post/?q=finns-inte").text
