"""Other systems' HTML becomes ours: one test for each thing that is mended."""

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blog.text.mend import mend
from blog.text.sanitise import clean_post_html, plain_text

CASES = {
    # WordPress's own paragraphs
    "blank lines part paragraphs": ("Ett.\n\nTvå.\n \n\nTre.", "<p>Ett.</p><p>Två.</p><p>Tre.</p>"),
    "a line end is a line break": ("Rad ett\nrad två", "<p>Rad ett<br>rad två</p>"),
    "a line break and a line end are one": ("Ett<br />\ntvå", "<p>Ett<br>två</p>"),
    "two line breaks part paragraphs": ("<p>Ett<br><br/>två</p>", "<p>Ett</p><p>två</p>"),
    "white space between tags is nothing": (
        "<p>Ett</p>\n<ul>\n<li>a</li>\n\n<li>b</li>\n</ul>\n",
        "<p>Ett</p><ul><li>a</li><li>b</li></ul>",
    ),
    "a paragraph around a list is parted": (
        "Före\n<ul><li>a</li></ul>\nefter",
        "<p>Före</p><ul><li>a</li></ul><p>efter</p>",
    ),
    "block comments go, their lines do not break": (
        "<!-- wp:paragraph -->\n<p>Ett\ntvå</p>\n<!-- /wp:paragraph -->",
        "<p>Ett två</p>",
    ),
    "the more tag parts paragraphs": ("Ett<!--more-->två", "<p>Ett</p><p>två</p>"),
    "other comments leave nothing": ("sam<!-- x -->man", "<p>samman</p>"),
    # empty things
    "empty paragraphs go": ("<p>Ett</p><p></p><p>&nbsp;</p>\n&nbsp;\n<p><br></p><p>två</p>", "<p>Ett</p><p>två</p>"),
    "a no-break space after a block is no paragraph": (
        "<pre>ett</pre>&nbsp;<h2>x</h2>&nbsp;",
        "<pre>ett</pre><h2>x</h2>",
    ),
    "empty inline tags go": ("<p><strong> </strong>Ett<em></em></p>", "<p>Ett</p>"),
    "empty headings and items go": ("<h2> </h2><ul><li></li></ul>Ett", "<p>Ett</p>"),
    "a no-break space between words stays": ("10&nbsp;000 kr", "<p>10&nbsp;000 kr</p>"),
    # pictures
    "caption shortcode": (
        '[caption id="a" align="left" width="3"]<a href="https://x.se/a.jpg">'
        '<img src="https://x.se/a.jpg" alt="A" /></a> En <em>bild</em>[/caption]',
        '<figure><img src="https://x.se/a.jpg" alt="A"><figcaption>En <em>bild</em></figcaption></figure>',
    ),
    "caption in the attribute": (
        '[caption caption="En &amp; bild"]<img src="https://x.se/a.jpg">[/caption]',
        '<figure><img src="https://x.se/a.jpg" alt=""><figcaption>En &amp; bild</figcaption></figure>',
    ),
    "caption in a div": (
        '<div class="wp-caption alignleft"><img src="https://x.se/a.jpg"><p class="wp-caption-text">Ord</p></div>efter',
        '<figure><img src="https://x.se/a.jpg" alt=""><figcaption>Ord</figcaption></figure><p>efter</p>',
    ),
    "block figure in a paragraph": (
        '<p>Ett<figure class="wp-block-image"><a href="https://x.se/a.png"><img src="https://x.se/a.png">'
        "</a></figure>två",
        '<p>Ett</p><figure><img src="https://x.se/a.png" alt=""></figure><p>två</p>',
    ),
    "gallery list": (
        '<ul class="wp-block-gallery"><li class="blocks-gallery-item"><figure><img src="https://x.se/1.png">'
        "</figure></li>"
        '<li class="blocks-gallery-item"><figure><img src="https://x.se/2.png"></figure></li></ul>',
        '<figure><img src="https://x.se/1.png" alt=""></figure><figure><img src="https://x.se/2.png" alt=""></figure>',
    ),
    "figure without a picture is none": ("<figure><figcaption>Ord</figcaption></figure>", "<p>Ord</p>"),
    "link around a picture to somewhere stays, beside it": (
        '<a href="https://y.se/sida"><img src="https://x.se/a.jpg"></a> text',
        '<p><img src="https://x.se/a.jpg" alt=""> <a href="https://y.se/sida">y.se</a> text</p>',
    ),
    "link around a picture to its own page goes": (
        '<a href="https://x.se/2010/kanal/"><img src="https://x.se/files/kanal.jpg?w=9"></a>',
        '<p><img src="https://x.se/files/kanal.jpg?w=9" alt=""></p>',
    ),
    "lazy picture and its noscript double are one": (
        '<img data-src="https://x.se/a.jpg" src="data:image/gif;base64,AA"><noscript>'
        '<img src="https://x.se/a.jpg"></noscript>',
        '<p><img src="https://x.se/a.jpg" alt=""></p>',
    ),
    # shortcodes
    "embed": ("[embed]https://y.se/v[/embed]", '<p><a href="https://y.se/v">https://y.se/v</a></p>'),
    "youtube by number": (
        '[youtube id="dQw4w9WgXcQ"]',
        '<p><a href="https://www.youtube.com/watch?v=dQw4w9WgXcQ">https://www.youtube.com/watch?v=dQw4w9WgXcQ</a></p>',
    ),
    "audio": ('[audio mp3="https://x.se/a.mp3"][/audio]', '<p><a href="https://x.se/a.mp3">https://x.se/a.mp3</a></p>'),
    "an address on a line of its own": (
        "Se:\n\nhttps://y.se/v?a=1&b=2",
        '<p>Se:</p><p><a href="https://y.se/v?a=1&amp;b=2">https://y.se/v?a=1&amp;b=2</a></p>',
    ),
    "unknown ones go, what they hold stays": ('[box color="red"]Ord[/box] och [sic] [1]', "<p>Ord och [sic] [1]</p>"),
    "unknown ones between words leave a space": (
        '[half]Ett.[/half][half]Två[/half] ord[note id="1"]bok',
        "<p>Ett. Två ord bok</p>",
    ),
    "shown ones stay": ("Skriv [[gallery]] där", "<p>Skriv [[gallery]] där</p>"),
    "code shortcode": (
        '[sourcecode language="html"]\n<b>x</b>\n\ny[/sourcecode]',
        "<pre><code>&lt;b&gt;x&lt;/b&gt;\n\ny</code></pre>",
    ),
    "samples are not expanded": ('<pre>[box a="1"]\n\nx</pre>', '<pre>[box a="1"]\n\nx</pre>'),
    # plugin litter
    "related posts plugin": (
        '<p>Ord</p><a href="http://www.linkwithin.com/">'
        '<img src="https://l.com/x.png" alt="Related Posts Plugin for WordPress, Blogger..."></a>'
        "<p>Related Posts Plugin for WordPress, Blogger...</p>",
        "<p>Ord</p>",
    ),
    "share buttons": ('Ord<div class="sharedaddy sd-sharing"><div>Dela <b>nu</b></div></div>mer', "<p>Ord mer</p>"),
    "pixels, scripts, styles and forms": (
        '<img src="https://t.se/p.gif" width="1" height="1">Ett<script>x</script>två<style>p{}</style>'
        "<form>Sök <input></form>tre",
        "<p>Ett två tre</p>",
    ),
    # broken tags
    "a tag cut at the end": ('Ord <img src="http://www.', '<p>Ord &lt;img src="http://www.</p>'),
    "a tag cut in the middle swallows nothing": (
        'Ord <img src="http://www.\n<p>Mer "citat" här</p>',
        '<p>Ord &lt;img src="http://www.</p><p>Mer "citat" här</p>',
    ),
    "tags that overlap": (
        "<b>Ett <i>två</b> tre</i>",
        "<p><strong>Ett <em>två</em></strong><em> tre</em></p>".replace("</strong><em> tre", "</strong> <em>tre"),
    ),
    "tags left open": ("<ul><li>Ett<li><b>Två", "<ul><li>Ett</li><li><strong>Två</strong></li></ul>"),
    "bold around paragraphs": ("<b><p>Ett</p><p>två</p></b>", "<p><strong>Ett</strong></p><p><strong>två</strong></p>"),
    "items without a list": ("<li>Ett</li><li>två</li>", "<p>Ett</p><p>två</p>"),
    "words in a list outside its items": ("<ul>Ett<li>två</li></ul>", "<ul><li>Ett</li><li>två</li></ul>"),
    "a CDATA mark is text": ("Ord <![CDATA[ mer ]]>", "<p>Ord &lt;![CDATA[ mer ]]&gt;</p>"),
    # tags that the editor does not know
    "headings": (
        "<h1>Ett</h1><h3>Två</h3><h5>Tre</h5><h6>Fyra</h6>",
        "<h2>Ett</h2><h3>Två</h3><h4>Tre</h4><h4>Fyra</h4>",
    ),
    "emphasis": (
        "<b>a</b> <i>b</i> <del>c</del> <ins>d</ins> <u>e</u> <kbd>f</kbd>",
        "<p><strong>a</strong> <em>b</em> <s>c</s> d e <code>f</code></p>",
    ),
    "divs are paragraphs": ("<div>Ett</div><div><div>två</div>tre</div>", "<p>Ett</p><p>två</p><p>tre</p>"),
    "spans glue and part nothing": ("<span>sam</span><span>man</span> satt", "<p>samman satt</p>"),
    "unknown tags part": ("Ett<fb:like>två</fb:like>tre", "<p>Ett två tre</p>"),
    "quotes in a line": ("Han sa <q>ja</q>.", '<p>Han sa "ja".</p>'),
    "definition lists": ("<dl><dt>Ord</dt><dd>Förklaring</dd></dl>", "<p><strong>Ord</strong></p><p>Förklaring</p>"),
    "tables": (
        '<table class="x"><caption>Om</caption><tr><th colspan="2">A</th></tr><tr><td>b<div>c</div></td><td>'
        "</td></tr></table>",
        '<p>Om</p><table><tbody><tr><th colspan="2">A</th></tr><tr><td>b<p>c</p></td><td></td></tr></tbody></table>',
    ),
    "frames and players": (
        '<iframe src="//www.youtube.com/embed/x">Nej</iframe><video src="https://x.se/v.mp4">'
        '<source src="https://x.se/v.mp4">Nej</video>',
        '<p><a href="https://www.youtube.com/embed/x">https://www.youtube.com/embed/x</a></p>'
        '<p><a href="https://x.se/v.mp4">https://x.se/v.mp4</a></p>',
    ),
    "dangerous addresses": (
        '<a href="javascript:alert(1)">Ord</a> <a href="#not">ord</a><img src="data:x">',
        "<p>Ord ord</p>",
    ),
    "nothing": ("", ""),
}


@pytest.mark.parametrize(("html", "expected"), CASES.values(), ids=CASES)
def test_mend(html, expected):
    assert mend(html).html == expected
    assert mend(expected).html == expected == clean_post_html(expected)


def test_relative_addresses_are_read_against_the_base():
    html = '<a href="/om">Om</a> <img src="bild.png">'

    assert mend(html, base="https://gammal.example/blogg/").html == (
        '<p><a href="https://gammal.example/om">Om</a> <img src="https://gammal.example/blogg/bild.png" alt=""></p>'
    )


def test_gallery_without_its_pictures_is_left_out_with_a_note():
    mended = mend('Före [gallery ids="1"] efter')

    assert mended.html == "<p>Före</p><p>efter</p>"
    assert len(mended.notes) == 1


def test_cut_tag_stands_as_words_with_a_note():
    mended = mend('Ord <img src="http://www.')

    assert mended.html == '<p>Ord &lt;img src="http://www.</p>'
    assert len(mended.notes) == 1
    assert '<img src="http://www.' in mended.notes[0]


TAGS = """<p> </p> <div> </div> <b> </b> <em> </em> <br> <ul> </ul> <li> </li> <h1> </h1> <blockquote> </blockquote>
    <pre> </pre> <table><tr><td> <td> </table> <caption> <figure> </figure> <figcaption> </figcaption> <hr> <q>
    <dt> </dt> <a/href="https://y.se/"> </a> <img/src="https://x.se/a.jpg"> <span> <fb:x> [box/] [/box] <!--more-->
    &nbsp;"""
PIECES = st.sampled_from(["ett", " två ", "\n", "\n\n", *re.findall(r"\S+", TAGS)])


@settings(max_examples=400, deadline=None, derandomize=True)
@given(st.lists(PIECES, max_size=14).map("".join))
def test_mending_is_idempotent_sanitised_and_keeps_every_word(html):
    mended = mend(html).html

    assert mended == mend(mended).html == clean_post_html(mended)
    for word in ("ett", "två"):
        assert plain_text(mended).count(word) == html.count(word)


def test_hostile_html_is_mended_to_a_fixed_point(shared_data):
    cases = json.loads((shared_data / "xss" / "corpus_2757.json").read_text())

    for case in cases:
        mended = mend(case["input"]).html
        assert mended == mend(mended).html == clean_post_html(mended)


@pytest.mark.parametrize("html", ["<iframe><td>", '<p><iframe src="https://a.se/x"><td></p>', "<iframe><tbody><tr>"])
def test_cell_without_a_table_is_no_cell(html):
    assert "<t" not in mend(html).html
