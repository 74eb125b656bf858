"""The checks before publishing: what they find, what they leave alone, and what they say of the seeds."""

import time
from datetime import timedelta

import pytest
from django.utils import timezone, translation

from blog.imports import wordpress
from blog.imports.loader import load
from blog.posts import gate
from blog.posts.images import Image
from blog.posts.links import LinkCheck, hash_of
from blog.posts.models import Post
from blog.posts.relations import FormerSlug
from blog.posts.revisions import content_of
from blog.posts.workflow import Status
from tests.factories import make_byline, make_post, make_published

pytestmark = pytest.mark.django_db

SWEDISH = "Det är inte så att vi ska ha en text som är till för den som kan det, och jag har ett ord på hur."
ENGLISH = "It is not the text that was there for you, and they have what it was with and this is by the end of it."


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def content(body="<p>Ett kommatecken är en paus.</p>", **fields):
    """The content of a post with which nothing is wrong."""
    faultless = {
        "title": "Om kommatecken",
        "standfirst": "Vad de gör.",
        "body": body,
        "sign_off": "",
        "language": "sv",
        "tags": ["språk"],
        "bylines": [],
        "cover": None,
        "sources": [],
    }
    return faultless | fields


def picture(alt, src="https://blogg.example/bild.png"):
    return f'<figure><img src="{src}" alt="{alt}"><figcaption>Text</figcaption></figure>'


def found(content, **named):
    return [(each.rule, each.level, each.field, each.block) for each in gate.check(content, **named)]


def faults_of_body(body):
    return [(each.rule, each.block) for each in gate.check(content(body))]


LINE = "<p>Ett kommatecken är en paus.</p>"


CASES = {
    "a sound text": (LINE, []),
    "no text": ("", [("no-text", None)]),
    "a paragraph of spaces only": ("<p> &nbsp;</p>", [("no-text", None)]),
    "a picture alone": (picture("En katt på en stol"), []),
    "no alt": (LINE + picture(""), [("no-alt", 2)]),
    "spaces as alt": (picture("  "), [("no-alt", 1)]),
    "a screenshot's name as alt": (picture("Skärmavbild 2013-09-26 kl. 20.16.39"), [("file-name-alt", 1)]),
    "a camera's name as alt": (picture("DSC_0012.JPG"), [("file-name-alt", 1)]),
    "a sentence about a screenshot": (picture("Skärmavbild av annonsen, med en rad markerad"), []),
    "two pictures in one paragraph": (
        '<p><img src="/a" alt="IMG_1"> <img src="https://b.example/b" alt=""></p>',
        [("no-alt", 1), ("file-name-alt", 1), ("dead-link", 1)],
    ),
    "headings in order": ("<h2>Ett</h2><p>a</p><h3>Två</h3><p>b</p><h4>Tre</h4><p>c</p><h2>Fyra</h2><p>d</p>", []),
    "a level left out": ("<h2>Ett</h2><p>a</p><h4>Två</h4><p>b</p>", [("heading-order", 3)]),
    "a first heading too deep": ("<p>a</p><h3>Ett</h3><p>b</p>", [("heading-order", 2)]),
    "a bold line before text": ("<p><strong>Kina</strong></p><p>Två talare.</p>", [("bold-heading", 1)]),
    "a bold line at a paragraph's beginning": ("<p><strong>Kina</strong><br>Två talare.</p>", [("bold-heading", 1)]),
    "bold words in a sentence": ("<p><strong>Kunskap:</strong> alla har den.</p>" + LINE, []),
    "a bold sentence": ("<p><strong>Det här är viktigt.</strong></p>" + LINE, []),
    "a bold line at the end": (LINE + "<p><strong>Redaktionen</strong></p>", []),
    "a bold link": ('<p><strong><a href="https://a.example/">Köp boken</a></strong></p>' + LINE, []),
    "an empty paragraph": (LINE + "<p></p>" + LINE, [("empty", 2)]),
    "an empty line": (LINE + "<p><br></p>" + LINE, [("empty", 2)]),
    "a paragraph of one hard space": (LINE + "<p>&nbsp;</p>" + LINE, [("empty", 2)]),
    "an empty heading": (LINE + "<h2><strong></strong></h2>" + LINE, [("empty", 2)]),
    "an empty list item": ("<ul><li><p>Ett</p></li><li><p></p></li></ul>", [("empty", 1)]),
    "an empty cell": ("<table><tbody><tr><td><p></p></td><td><p>1</p></td></tr></tbody></table>", []),
    "glued words": ('<p>se<a href="https://a.example/">här</a>nu</p>', [("glued-words", 1)] * 2),
    "a word glued to a comma": ('<p>först,<a href="https://a.example/">sedan</a> nu</p>', [("glued-words", 1)]),
    "two links glued": (
        '<p><a href="https://a.example/">Ett</a><a href="https://b.example/">två</a></p>',
        [("glued-words", 1)],
    ),
    "a genitive after a link": ('<p><a href="https://a.example/">Google</a>s tjänst</p>', []),
    "an ending after a link": ('<p><a href="https://a.example/">blogg</a>en är ny</p>', []),
    "a hyphen after a link": ('<p>en <a href="https://a.example/">SEO</a>-byrå</p>', []),
    "marks around a link": (
        '<p>(<a href="https://a.example/">en</a>), ”<a href="https://a.example/">två</a>”.</p>',
        [],
    ),
    "a footnote": ('<p>ord<sup><a href="https://a.example/">1</a></sup> mer</p>', []),
    "a link on a line of its own": ('<p>Ett<br><a href="https://a.example/">två</a><br>tre</p>', []),
    "a cut tag": ('<p>Slut &lt;img src="http://www.</p>', [("cut-markup", 1)]),
    "a cut end tag": ("<p>Slut &lt;/p</p>", [("cut-markup", 1)]),
    "an end tag without a beginning": ("<p>Slut&lt;/strong&gt; här</p>", [("cut-markup", 1)]),
    "a shortcode": (LINE + '<p>[caption id="a_1" width="300"]</p>', [("cut-markup", 2)]),
    "a shortcode's end": ("<p>Bild [/caption]</p>", [("cut-markup", 1)]),
    "a tag cut in what was not cleaned": ('<p>Hej</p><a href="htt', [("cut-markup", 2)]),
    "tags that overlap": ("<p><em>Hej</p></em>", [("cut-markup", None)] * 2),
    "a whole tag shown": ("<p>Taggen &lt;b&gt; är gammal.</p>", [("shown-markup", 1)]),
    "an entity shown": ("<p>Hus &amp;nbsp; hem</p>", [("shown-markup", 1)]),
    "tags in code": ("<p><code>&lt;a href=</code></p><pre><code>&lt;/p [gallery]</code></pre>", []),
    "less than": ("<p>1 &lt; 2, a &lt;b och x &lt;3</p>", []),
    "words in brackets": ("<p>Han [sic] sa [...] det [1] [red. anm.]</p>", []),
    "a mail address": ('<p><a href="mailto:a@blog.example">Skriv</a></p>', []),
    "a link to nothing": ('<p><a href="">hit</a></p>', [("dead-link", 1)]),
    "an address without its scheme": ('<p><a href="www.a.example">hit</a></p>', [("dead-link", 1)]),
    "a page for staff": ('<p><a href="/admin/">hit</a></p>', [("dead-link", 1)]),
    "a picture that is not there": (picture("En katt", "/media/images/none/1.jpg"), [("dead-link", 1)]),
    "a path out of the pictures": ('<p><a href="/media/../../etc/passwd">hit</a></p>', [("dead-link", 1)]),
    "pages that are always there": ('<p><a href="/">a</a> <a href="/archive/">b</a> <a href="/feed/">c</a></p>', []),
    "a place on the page": ('<p><a href="#b2">nedan</a></p>', []),
}


@pytest.mark.parametrize(("body", "faults"), CASES.values(), ids=CASES)
def test_faults_of_a_body(body, faults):
    assert sorted(faults_of_body(body), key=str) == sorted(faults, key=str)


@pytest.mark.parametrize(
    ("fields", "faults"),
    [
        ({"title": " "}, [("no-title", "error", "title", None)]),
        ({"title": "x" * 70}, []),
        ({"title": "x" * 71}, [("long-title", "warning", "title", None)]),
        ({"title": "Om <b"}, [("cut-markup", "error", "title", None)]),
        ({"standfirst": ""}, [("no-standfirst", "warning", "standfirst", None)]),
        ({"standfirst": 'Vad <a href="x">de</a> gör.'}, [("cut-markup", "error", "standfirst", None)] * 2),
        ({"sign_off": "Lyssnar på [gallery]"}, [("cut-markup", "error", "sign_off", None)]),
        ({"tags": []}, [("no-tag", "warning", "tags", None)]),
        ({"language": ""}, [("no-language", "error", "language", None)]),
        ({"language": "xx"}, [("no-language", "error", "language", None)]),
        ({"language": "sv", "body": f"<p>{ENGLISH}</p>"}, [("other-language", "warning", "language", None)]),
        ({"language": "en", "body": f"<p>{SWEDISH}</p>"}, [("other-language", "warning", "language", None)]),
        ({"language": "sv", "body": f"<p>{SWEDISH}</p>"}, []),
        ({"language": "en", "body": f"<p>{ENGLISH}</p>"}, []),
        ({"language": "sv", "body": f"<p>{SWEDISH} {ENGLISH}</p>"}, []),
        ({"sources": [["En bok", ""], ["Sidan", "/2013/01/finns-inte/"]]}, [("dead-link", "error", "sources", None)]),
    ],
)
def test_faults_of_the_other_fields(fields, faults):
    assert found(content(**fields)) == faults


@pytest.mark.parametrize(
    ("alt", "faults"),
    [
        ("En röd stuga vid en sjö", []),
        ("", [("no-alt", "error", "cover", None)]),
        ("IMG_1234", [("file-name-alt", "error", "cover", None)]),
    ],
)
def test_faults_of_a_cover(alt, faults):
    cover = Image.objects.create(key="a" * 16, width=10, height=10, alt=alt)

    assert found(content(cover=cover.pk)) == faults


def test_findings_name_the_very_thing_and_stand_in_reading_order():
    body = f"<p>Ett</p>{picture('IMG_1234.jpg')}<p></p>"

    findings = gate.check(content(body, tags=[], standfirst="", sources=[["Boken", "/finns-inte"]]))

    assert [each.message for each in findings] == [
        "The post has no standfirst.",
        "The picture's alt text “IMG_1234.jpg” is a file name.",
        "Paragraph 3 holds nothing.",
        "Nothing is at /finns-inte for readers.",
        "The post has no tag.",
    ]
    assert all(each.explanation for each in findings)


def link_to(*addresses):
    return content("".join(f'<p><a href="{address}">hit</a></p>' for address in addresses))


def test_links_to_what_readers_can_open_are_left_alone(settings):
    settings.SITE_URL = "https://blog.example"
    byline = make_byline()
    post = make_published("Åtta ord", tags=["grammatik"], bylines=[byline])
    FormerSlug.objects.create(slug="gamla-namnet", post=make_published("Nya namnet"))
    path = post.get_absolute_url()
    year = f"/{timezone.localtime(post.publish_at):%Y}/"
    wrong_month = path.replace(year, "/1999/")

    addresses = [path, path.rstrip("/"), f"https://blog.example{path}#b2", wrong_month, "/2001/01/gamla-namnet/"]
    addresses += ["/tag/grammatik/", "/author/karin-ek/", year, year + f"{timezone.localtime(post.publish_at):%m}/"]

    assert found(link_to(*addresses)) == []


def test_links_to_what_is_not_there_are_dead():
    make_post("Utkast", tags=["hemligt"], bylines=[make_byline()])
    addresses = [
        "/2013/01/finns-inte/",
        "/tag/finns-inte/",
        "/tag/hemligt/",
        "/author/karin-ek/",
        "/1999/",
        "/1999/01/",
    ]

    faults = found(link_to(*addresses))

    assert faults == [("dead-link", "error", "body", number) for number in range(1, 7)]


def test_own_tags_bylines_month_and_address_are_there_with_the_post():
    byline = make_byline()
    post = make_post("Utkast", tags=["hemligt"], bylines=[byline])
    month = f"/{timezone.localtime():%Y/%m}/"

    own = link_to("/tag/hemligt/", "/author/karin-ek/", month, post.get_absolute_url())

    assert found(own | {"tags": ["hemligt"], "bylines": [byline.pk]}, post=post) == []


@pytest.mark.parametrize("status", [Status.DRAFT, Status.IN_REVIEW])
def test_link_to_a_post_in_work_is_told_without_its_title(status):
    target = make_post("Hemlig än", status=status)

    findings = gate.check(link_to(target.get_absolute_url()))

    assert [(each.rule, each.level) for each in findings] == [("unpublished-link", "error")]
    address = target.get_absolute_url()
    assert findings[0].message == f"The link {address} leads to a post that will not be public by then."


def test_link_to_a_scheduled_post_is_sound_from_its_hour_on():
    now = timezone.now()
    hour = now + timedelta(days=2)
    target = make_post("Sen", status=Status.APPROVED, publish_at=hour)
    link = link_to(target.get_absolute_url())
    before = make_post("Före", publish_at=hour - timedelta(hours=1))
    after = make_post("Efter", publish_at=hour + timedelta(hours=1))

    assert [each.rule for each in gate.check(link)] == ["unpublished-link"]
    assert [each.rule for each in gate.check(link, post=before)] == ["unpublished-link"]
    assert gate.check(link, post=after) == []
    assert gate.check(link, at=hour) == []
    assert [each.rule for each in gate.check(link, post=after, at=now)] == ["unpublished-link"]


@pytest.mark.parametrize(
    "address", ["//[", "http://[", "//[::1", "/2020/01/%00/", "/2020/01/%ff/", "/media/%00", "//%5B/"]
)
def test_link_of_which_nothing_can_be_made_is_dead_or_left_alone(address):
    assert set(found(link_to(address))) <= {("dead-link", "error", "body", 1)}


def test_twenty_findings_of_a_rule_are_named_and_the_others_counted():
    findings = gate.check(content(LINE + "<p></p>" * 25, tags=[]))

    assert [each.message for each in findings[:20]] == [f"Paragraph {number} holds nothing." for number in range(2, 22)]
    assert [(each.rule, each.message, each.block) for each in findings[20:]] == [
        ("empty", "And 5 more.", 22),
        ("no-tag", "The post has no tag.", None),
    ]


def test_only_the_first_addresses_of_a_text_are_looked_up(monkeypatch):
    monkeypatch.setattr(gate, "MAX_PATHS", 2)

    faults = found(link_to("/finns-inte/1/", "/finns-inte/2/", "/finns-inte/1/", "/finns-inte/3/"))

    assert faults == [("dead-link", "error", "body", number) for number in (1, 2, 3)]


def test_much_that_looks_like_markup_is_read_in_time():
    body = "<p>" + "".join(f"&lt;a b={number} &amp;#{number};" for number in range(20_000)) + "</p>"
    start = time.monotonic()

    gate.check(content(body))

    assert time.monotonic() - start < 5


def remember(url, **columns):
    return LinkCheck.objects.create(url=url, url_hash=hash_of(url), **columns)


def test_links_that_failed_are_named_with_the_reason():
    remember("https://a.example/x", ok=False, status=404, reason="gone")
    remember("https://b.example/", ok=True, status=403)
    body = '<p><a href="https://a.example/x#del">a</a> <a href="https://b.example/">b</a> <a href="https://c.example/">c</a></p>'

    findings = gate.check(content(body, sources=[["Boken", "https://a.example/x"]]))

    assert [(each.rule, each.level, each.field, each.block, each.message) for each in findings] == [
        ("failing-link", "warning", "body", 1, "The link https://a.example/x#del fails: there is no such page."),
        ("failing-link", "warning", "sources", None, "The link https://a.example/x fails: there is no such page."),
    ]


@pytest.mark.parametrize("number", [1, 30])
def test_queries_do_not_grow_with_the_text(number, django_assert_max_num_queries):
    post = make_published("Ett", tags=["språk"], bylines=[make_byline()])
    addresses = [post.get_absolute_url(), "/tag/sprak/", "/author/karin-ek/", "/2013/", "https://a.example/"]

    with django_assert_max_num_queries(7):
        gate.check(link_to(*addresses * number) | {"cover": 1}, post=post)


# --- the seeds


@pytest.fixture
def seeds(shared_data):
    """The seeds' export, with the line in which the fifth page ends in the middle of a tag."""
    folder = shared_data / "seeds"
    export = (folder / "seeds.wxr.xml").read_bytes()
    last_line = sorted(folder.glob("*.txt"))[-1].read_bytes().rstrip().rpartition(b"\n")[2]
    end = export.rindex(b"]]></content:encoded>")
    return export[:end] + b"\n\n" + last_line + export[end:]


def test_seeds_as_imported(seeds):
    load(wordpress.read(seeds, "seeds"))

    errors = {
        post.title: [each.message for each in gate.check(content_of(post), post=post) if each.level == "error"]
        for post in Post.objects.all()
    }

    name = "The picture's alt text “Skärmavbild %s” is a file name."
    assert len(errors) == 10
    assert {title: messages for title, messages in errors.items() if messages} == {
        "Strateger sökes. Eller kontaktnät?": [name % "2013-09-26 kl. 20.16.39"],
        "Pinterest börjar med ”sponsrade pins”": [name % "2013-09-20 kl. 08.49.25", name % "2013-09-20 kl. 08.36.22"],
        "Dansar dina kunder?": [name % "2013-09-13 kl. 07.44.03", name % "2013-09-13 kl. 07.40.06"],
        "Strategisk kommunikation 2.0": ['“<img src="http://www.” is the remnant of a tag.'],
    }
