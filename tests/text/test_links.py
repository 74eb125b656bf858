"""Addresses inside HTML."""

from blog.text.figures import with_pictures
from blog.text.links import absolute


def test_absolute_mends_local_addresses_and_no_others():
    html = '<a href="/om/">om</a> <a href="//a.example/">a</a> <a href="https://b.example/">b</a> <a href="#x">x</a>'

    assert absolute(html, "https://blog.example") == html.replace('"/om/"', '"https://blog.example/om/"')


def test_absolute_mends_every_candidate_of_a_picture():
    html = with_pictures('<img src="/media/images/0123456789abcdef-2000x1000/1600.jpg" alt="x">')

    mended = absolute(html, "https://blog.example")

    assert mended.count("https://blog.example/media/") == mended.count("/media/") == 10


def test_absolute_leaves_words_and_code_alone():
    html = '<p>Se /etc, /usr och /var. <code>&lt;a href=&quot;/x&quot;&gt; src="/y"</code></p>'

    assert absolute(html, "https://blog.example") == html
