"""Names that cameras, screenshots and programs give to pictures: they say nothing about what a picture shows."""

import re

ENDING = re.compile(r"(?<=\w)\.(?:avif|bmp|gif|heic|jpe?g|pdf|png|psd|svg|tiff?|webp)$", re.IGNORECASE)
RUNS = re.compile(r"[^\W\d_]+|\d+")
IDENTIFIER = re.compile(r"(?=.*\d)[0-9a-f]{12,}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
SLUG = re.compile(r"[^\W_]+(?:_[^\W_]+)+|[a-zåäö0-9]+(?:-[a-zåäö0-9]+){3,}")
CAMERA = re.compile(r"p\d{7}|[a-z]{2,5}-?\d{5,}(?:[_-]\w+)*", re.IGNORECASE)
MAX_WORDS = 5  # a longer one that ends in “.png” is a sentence about a file


def _each(words):
    return frozenset(words.split())


# Each of these alone, or with numbers and the words below, is a name and no description.
NAMES = _each("""
    bild bilder bilde billede bildschirmfoto bildschirmaufnahme capture captura clipboard cover download dsc dscf dscn
    ecran écran file fil foto gopr image images img imag immagine inklistrad kuva kuvakaappaus mvi namnlös namnlos
    näyttökuva nayttokuva omslag omslagsbild pantalla pasted photo pic picture pict pxl received scan schermafbeelding
    schermata screen screencap screencapture screenclip screengrab screenshot shot skanning skarmavbild skarmbild
    skarmklipp skjermbilde skjermdump skærmbillede skärmavbild skärmbild skärmdump skärmklipp tela thumbnail unnamed
    untitled vid whatsapp zrzut снимок スクリーンショット 屏幕截图
    """)
FILLERS = _each("""
    a alle am às as at à capture com copy d da de del e ekranu en-us final fra from i in kl klockan kopia las liten med
    mobile ny o om om pm px redigerad scaled skalad small stor thumb u um v x à в экрана
    """)


def is_file_name(text):
    """Whether an alt text is a file's name, such as “IMG_1234” or a screenshot's, in the languages of many systems."""
    text = text.strip()
    name = ENDING.sub("", text)
    if name != text and len(text.split()) <= MAX_WORDS:
        return True
    if any(form.fullmatch(name) for form in (IDENTIFIER, SLUG, CAMERA)):
        return True
    words = [run for run in RUNS.findall(name.casefold()) if not run.isdecimal()]
    if not words:
        return sum(character.isdecimal() for character in name) > 5
    return bool(NAMES & set(words)) and set(words) <= NAMES | FILLERS
