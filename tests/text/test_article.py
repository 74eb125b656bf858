"""A post's HTML made ready for reading."""

from django.utils.translation import override

from blog.text.article import Part, article
from blog.text.sanitise import clean_post_html

WORDS = "ord " * 1000


def test_article_names_its_parts_for_a_list_of_contents():
    read = article(f"<h2>Först &amp; främst</h2><p>{WORDS}</p><h2>Sedan[^1]</h2><h3>Under</h3><h2>Sedan</h2>")

    parts = [
        Part("part-forst-framst", "Först & främst"),
        Part("part-sedan", "Sedan"),
        Part("part-sedan--2", "Sedan"),
    ]
    assert (read.parts, read.contents) == (parts, parts)
    assert all(f'<h2 id="{part.key}">' in read.html for part in parts)


def test_article_has_no_contents_where_it_is_short_or_of_few_parts():
    parts = "<h2>a</h2><h2>b</h2><h2>c</h2>"

    assert (article(parts).contents, article(f"<h2>a</h2><h2>b</h2><p>{WORDS}</p>").contents) == ([], [])


def test_article_tells_how_long_it_takes_to_read():
    assert [article(f"<p>{'ord ' * words}</p>").minutes for words in (0, 1, 220, 2200)] == [1, 1, 1, 10]


def test_article_numbers_notes_in_the_order_of_their_marks():
    with override("en"):
        html = article("<p>a[^x] b[^y] c[^x]</p><p>[^y]: <em>Två</em></p><p>[^x]: Ett</p>").html

    assert html == (
        '<p>a<sup class="note-mark"><a id="mark-1" href="#note-1" role="doc-noteref" aria-label="Note 1">1</a></sup>'
        ' b<sup class="note-mark"><a id="mark-2" href="#note-2" role="doc-noteref" aria-label="Note 2">2</a></sup>'
        ' c<sup class="note-mark"><a id="mark-1-2" href="#note-1" role="doc-noteref" aria-label="Note 1">1</a></sup>'
        '</p><section class="notes" role="doc-endnotes"><h2>Notes</h2><ol>'
        '<li id="note-1">Ett'
        ' <a class="back" href="#mark-1" role="doc-backlink" aria-label="Back to the text">↑</a>'
        ' <a class="back" href="#mark-1-2" role="doc-backlink" aria-label="Back to the text">↑</a></li>'
        '<li id="note-2"><em>Två</em>'
        ' <a class="back" href="#mark-2" role="doc-backlink" aria-label="Back to the text">↑</a></li>'
        "</ol></section>"
    )


def test_article_leaves_marks_without_a_note_and_notes_without_a_mark():
    for html in ("<p>a[^1]</p>", "<p>a</p><p>[^1]: b</p>", "<p>[^1]: b[^1]</p>"):
        assert article(html).html == html


def test_article_takes_no_mark_from_code_or_links():
    html = article('<p><code>[^1]</code> <a href="/">[^1]</a> [^1]</p><p>[^1]: b</p>').html

    assert '<p><code>[^1]</code> <a href="/">[^1]</a> <sup class="note-mark">' in html


def test_article_keeps_the_ids_of_several_on_a_page_apart():
    html = article("<h2>a</h2><p>b[^1]</p><p>[^1]: c</p>", "7-").html

    assert [f'id="7-{key}"' in html for key in ("part-a", "mark-1", "note-1")] == [True, True, True]
    assert 'href="#7-note-1"' in html
    assert 'href="#7-mark-1"' in html


def test_article_lets_tables_and_code_scroll_by_the_keyboard():
    with override("en"):
        html = article("<table><tbody></tbody></table><pre>\na</pre><table></table>").html

    assert html == (
        '<div class="table" tabindex="0" role="region" aria-label="Table 1"><table><tbody></tbody></table></div>'
        '<pre tabindex="0" role="region" aria-label="Code 1">\na</pre>'
        '<div class="table" tabindex="0" role="region" aria-label="Table 2"><table></table></div>'
    )


def test_a_quote_may_be_pulled_and_have_no_other_class():
    pulled, other = '<blockquote class="pull"><p>a</p></blockquote>', '<blockquote class="x"><p>a</p></blockquote>'

    assert [clean_post_html(pulled), clean_post_html(other)] == [pulled, other.replace(' class="x"', ' class=""')]
