"""A file's name is told from a description, in the languages of many cameras and systems."""

import pytest

from blog.text.file_names import is_file_name


@pytest.mark.parametrize(
    "alt",
    [
        "Skärmavbild 2013-09-26 kl. 20.16.39",
        "Skärmavbild 2013-09-26 kl. 20.16.39 (kopia)",
        "Skärmbild (12)",
        "skarmavbild-2013-09-26-kl-20-16-39",
        "Screenshot 2020-01-02 at 10.11.12",
        "Screen Shot 2013-09-26 at 20.16.39",
        "Screenshot_20200102-101112",
        "Capture d’écran 2020-01-02 à 10.11.12",
        "Skjermbilde 2020-01-02 kl. 10.11.12",
        "Captura de pantalla 2020-01-02 a las 10.11.12.png",
        "Bildschirmfoto 2020-01-02 um 10.11.12",
        "Schermafbeelding 2020-01-02 om 10.11.12",
        "Zrzut ekranu 2020-01-02 101112",
        "Снимок экрана 2020-01-02 в 10.11.12",
        "IMG_1234",
        "IMG-20200102-WA0003",
        "DSC_0012.JPG",
        "DSC0012 (2)",
        "P1010023",
        "PXL_20210102_101112345",
        "MVI_0001",
        "WhatsApp Image 2020-01-02 at 10.11.12",
        "FB_IMG_1600000000",
        "image001",
        "image (3)",
        "bild-3.png",
        "Bild 1",
        "bild",
        "Namnlös",
        "logo.svg",
        "sommarfest.jpg",
        "header_final_v2",
        "thumbnail_IMG_0001",
        "20200102_101112",
        "2013-09-26 20.16.39",
        "10394_101523_n.jpg",
        "3f9c0d8812ab34cd",
        "550e8400-e29b-41d4-a716-446655440000",
    ],
)
def test_file_names(alt):
    assert is_file_name(alt)


@pytest.mark.parametrize(
    "alt",
    [
        "Skärmavbild av Kommunals annons",
        "Screenshot of the settings page",
        "Bild på en röd stuga",
        "Foto: Anna Ek",
        "En hand håller upp ett foto",
        "Skylt med texten IMG_1234",
        "Så sparar du en fil som heter bild.png",
        "Logotypen för Node.js",
        "Stockholm",
        "Karta",
        "IT-chef",
        "steg-för-steg",
        "Covid-19",
        "covid-19-vaccin",
        "1945",
        "Agenda 2030",
        "Volvo V70",
        "ISO 27001",
        "SJ2000",
        "B2B",
        "Diagram över annonsintäkter 2013",
        "",
    ],
)
def test_descriptions(alt):
    assert not is_file_name(alt)
