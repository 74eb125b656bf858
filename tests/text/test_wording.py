"""The words by which texts are compared, whatever quotes, mark-up, accents or invisible signs differ."""

import time

import pytest

from blog.text.wording import domains, read


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Bra skrivet!", "bra   skrivet!"),
        ("Rad ett\r\n\r\nrad två", "rad ett\nRAD TVÅ"),
        ("Hon sa ”ja”", 'Hon sa "ja"'),
        ("«Ja» sa ’hon’", "\"ja\" sa 'hon'"),
        ("Det är *mycket* bra", "Det är mycket bra"),
        ("- ett\n- två", "ett två"),
        ("[ord](https://a.example/x)", "ord https://a.example/x"),
        ("<p>Hej &amp; hå</p>", "hej & hå"),
        ("Hej &amp;amp; hå<br>du", "hej hå du"),
        ("ﬁnt", "fint"),
        ("a\u0308r", "är"),
        ("ord\u00adbok\u200b", "ordbok"),
        ("STRASSE", "straße"),
        ("Jag håller med", "Jag haller med"),  # without the keys for them
        ("CafÃ© pÃ¥ hÃ¶rnet", "Café på hörnet"),
        ("Вuy thе сheap wаtch", "Buy the cheap watch"),  # some of the letters are Cyrillic
        ("Bra!", "Bra?"),
        ("Tack 👍", "“tack”"),
        ("Blåbærgrøt – så gott 👍", "blåbærgrøt: så gott"),  # the long way and the short one
        ("🄱🅁🄰", "bra"),
    ],
)
def test_same_words_are_the_same_wording(one, other):
    assert read(one).full == read(other).full


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Vi ses kl. 10", "Vi ses kl. 11"),
        ("se https://a.example/x?b=1", "se https://a.example/x?b=2"),
        ("👍", "👎"),
        ("Да", "Нет"),
        ("Jag håller med", "Jag håller inte med"),
    ],
)
def test_other_words_are_another_wording(one, other):
    assert read(one).full != read(other).full


@pytest.mark.parametrize(
    "quotation",
    [
        "> Så sa du\n> förut.\n",
        "&gt; Så sa du förut.\n",
        "<blockquote>Så sa\ndu förut.</blockquote>",
        "[quote=Anna]Så sa du förut.[/quote]",
        "Anna skrev: ”Så sa\ndu förut.”\n",
        "Anna Ek wrote on Monday: «Så sa du förut.» ",
    ],
)
def test_what_is_quoted_is_anothers(quotation):
    assert read(f"{quotation}Nej, det gjorde jag inte.").full == "nej det gjorde jag inte"


def test_quotation_alone_counts_whole():
    assert read("> Så sa du förut.").full == "sa sa du forut"


@pytest.mark.parametrize(
    "opening", ["", "@Anna: ", "@Anna Ek, ", "Hej Anna! ", "Hejsan Anna Ek, ", "Se https://köp.example/?a=1 "]
)
def test_core_is_without_greetings_addresses_and_links(opening):
    wording = read(f"{opening}Det finns på www.butik.example/rea eller hos anna@butik.example i dag.")

    assert wording.core.removeprefix("se ") == "det finns pa eller hos i dag"


def test_core_of_nothing_but_a_link_is_the_link():
    assert read("https://butik.example/rea").core == "https butik example rea"


def test_domains_are_those_of_the_links():
    text = "Köp på https://www.Butik.example/rea, www.hem.example. eller lager.se/rea, inte av anna@post.example"

    assert read(text).domains == {"butik.example", "hem.example", "lager.se"}
    assert domains("https://butik.example/") == {"butik.example"}
    assert domains("") == frozenset()


@pytest.mark.parametrize(
    "link",
    [
        "http://anna@spam.example/", "http://anna:b@www.spam.example", "http://%73pam.example/", "http://SPAM.example.",
        "http://spam。example/", "http://ｓpam.example", "http://sp\u00adam.example", "http://spam%00.example/",
    ],
)  # fmt: skip
def test_no_spelling_hides_the_domain_of_a_link(link):
    assert domains(link) == {"spam.example"}


def test_quotation_without_an_end_is_ones_own_and_one_with_an_end_is_not():
    assert read("[quote]Ja[/quote] Nej [quote] Kanske").full == "nej quote kanske"


def test_a_sign_that_stands_for_many_makes_no_endless_text():
    assert len(read("\ufdfa" * 10_000).full) <= 20_000


def test_numbers_and_words_are_in_order():
    wording = read("Den 12 maj kom 7 av 12")

    assert (wording.numbers, wording.words) == (["12", "12", "7"], ["den", "12", "maj", "kom", "7", "av", "12"])


@pytest.mark.parametrize("text", ["", " ", "\u200b", "\0", "<p></p>", "\ud800"])
def test_text_without_words_is_read_all_the_same(text):
    assert read(text).domains == frozenset()


SIGNS = [
    "[", "](", "<", ">", "&", "&gt;", "\"", "”", "«", ":", "@", ".", "-", "a", "a.", "a-", "@a", "a@", "+a", "/",
    "www.", "http://", "<p", "</", "[quote", "[quote]", "<blockquote", "<blockquote>", "skrev:", "sa ",
    "a sa:”", "Hej ", "\n", "\n\"", " ", "\t", ".-a", "a@a.", "Ã", "å", "\u0301", "Я", "👍", "\u200b", "&amp;",
]  # fmt: skip


@pytest.mark.parametrize("sign", SIGNS)
def test_no_repeated_sign_takes_time(sign):
    for other in ["", " ", ".", "-", "a", "\n", ">", "”"]:
        text = ((sign + other) * 10_000)[:10_000]
        begun = time.process_time()

        read(text)

        assert time.process_time() - begun < 0.25, (sign, other)
