"""By what a person is known, and when the same comment is sent again."""

from blog.text.fingerprints import author_key, submission_key


def test_author_key_knows_a_person_by_account_then_mail_then_name_and_network():
    assert author_key(user_id=1, email="a@b.se") == author_key(user_id=1, email="c@d.se", name="Anna")
    assert author_key(email=" Anna@B.se ", name="Anna") == author_key(
        email="anna@b.se", name="A. K.", network="10.0.0.9"
    )
    assert author_key(name="Anna  Ek", network="10.0.0.1") == author_key(name="anna ek", network="10.0.0.1")
    assert author_key(name="Anna", network="10.0.0.1") != author_key(name="Anna", network="10.0.0.2")
    assert author_key(name="Anna", network="10.0.0.1") != author_key(name="Bo", network="10.0.0.1")


def test_author_key_depends_on_the_secret(settings):
    before = author_key(email="a@b.se")

    settings.SECRET_KEY = "another"

    assert author_key(email="a@b.se") != before


def test_submission_key_is_the_person_the_place_and_the_words():
    anna, bo = author_key(email="anna@b.se"), author_key(email="bo@b.se")
    key = submission_key(anna, 1, None, "Tack!")

    assert key == submission_key(anna, 1, None, "  Tack!\r\n")
    others = [
        submission_key(bo, 1, None, "Tack!"),
        submission_key(anna, 2, None, "Tack!"),
        submission_key(anna, 1, 7, "Tack!"),
        submission_key(anna, 1, None, "tack!"),
        submission_key(anna, 11, None, "Tack!"),
        submission_key(anna, 1, 1, "Tack!"),
    ]
    assert len({key, *others}) == 7
