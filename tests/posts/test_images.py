"""What becomes of an uploaded picture."""

import base64
import io
import tracemalloc

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from PIL import Image as Pillow

from blog.posts.images import Image, store
from tests.posts.pictures import (
    encoded,
    jpeg,
    jpeg_of_a_camera,
    png_bomb,
    profile_with_red_and_blue_exchanged,
    uploaded,
)

pytestmark = pytest.mark.django_db


def files(image):
    return sorted(default_storage.listdir(image.folder)[1])


def opened(image, name):
    with default_storage.open(f"{image.folder}/{name}") as file:
        return Pillow.open(io.BytesIO(file.read()))


def test_large_picture_is_stored_in_three_formats_and_three_widths():
    image, is_new = store(uploaded(jpeg(2000, 1000)), alt="Rött")

    assert (is_new, image.width, image.height, image.alt) == (True, 2000, 1000, "Rött")
    assert files(image) == sorted(
        f"{width}.{ending}" for width in (480, 960, 1600) for ending in ("avif", "webp", "jpg")
    )
    assert [opened(image, f"{width}.jpg").size for width in (480, 960, 1600)] == [(480, 240), (960, 480), (1600, 800)]
    assert [opened(image, f"480.{ending}").format for ending in ("avif", "webp", "jpg")] == ["AVIF", "WEBP", "JPEG"]


def test_small_picture_is_never_scaled_up():
    image, _ = store(uploaded(jpeg(300, 200)))

    assert files(image) == ["300.avif", "300.jpg", "300.webp"]
    assert image.src.endswith("/300.jpg")


def test_camera_picture_is_turned_upright_and_does_not_say_where_it_was_taken():
    content = jpeg_of_a_camera(600, 400)

    image, _ = store(uploaded(content))

    assert Pillow.open(io.BytesIO(content)).getexif()
    assert (image.width, image.height) == (400, 600)
    for name in files(image):
        assert not opened(image, name).getexif()
        stored = default_storage.open(f"{image.folder}/{name}").read()
        assert b"GPS" not in stored
        assert b"Annas kamera" not in stored


def test_colours_of_a_profile_are_made_those_that_browsers_assume():
    image, _ = store(uploaded(jpeg(colour="red", icc_profile=profile_with_red_and_blue_exchanged())))

    red, _green, blue = opened(image, "640.jpg").convert("RGB").getpixel((5, 5))
    assert blue > 200 > 50 > red


def test_picture_with_a_broken_profile_is_stored_as_it_is():
    image, _ = store(uploaded(jpeg(colour="red", icc_profile=b"nonsense")))

    assert opened(image, "640.jpg").getpixel((5, 5))[0] > 200


def test_transparent_picture_keeps_its_transparency_and_is_white_where_there_is_none():
    image, _ = store(uploaded(encoded(Pillow.new("RGBA", (40, 40), (255, 0, 0, 0)), "PNG")))

    assert opened(image, "40.webp").convert("RGBA").getpixel((5, 5))[3] == 0
    assert opened(image, "40.jpg").convert("RGB").getpixel((5, 5)) == (255, 255, 255)


def test_grey_of_16_bits_stays_as_light_as_it_was():
    image, _ = store(uploaded(encoded(Pillow.new("I;16", (40, 40), 30_000), "PNG")))

    red, green, blue = opened(image, "40.webp").convert("RGB").getpixel((5, 5))
    assert red == green == blue
    assert abs(red - 117) <= 1


def test_transparent_grey_of_16_bits_is_transparent():
    image, _ = store(uploaded(encoded(Pillow.new("I;16", (40, 40), 30_000), "PNG", transparency=30_000)))

    assert opened(image, "40.webp").convert("RGBA").getpixel((5, 5))[3] == 0


@pytest.mark.parametrize("size", [(1600, 1000), (3000, 1), (9, 9)])
def test_hint_is_a_tiny_picture_of_the_same_shape_in_a_few_characters(size):
    image, _ = store(uploaded(encoded(Pillow.effect_noise(size, 100).convert("RGB"), "PNG")))

    tiny = Pillow.open(io.BytesIO(base64.b64decode(image.hint.removeprefix("data:image/webp;base64,"))))
    assert tiny.size == {(1600, 1000): (16, 10), (3000, 1): (16, 1), (9, 9): (16, 16)}[size]
    assert len(image.hint) <= 600


def test_picture_that_is_seen_through_has_no_hint():
    image, _ = store(uploaded(encoded(Pillow.new("RGBA", (40, 40), (255, 0, 0, 0)), "PNG")))

    assert image.hint == ""


def test_gif_is_stored_by_its_first_frame():
    frames = [Pillow.new("P", (40, 40), number) for number in range(3)]
    image, _ = store(uploaded(encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])))

    assert (image.width, image.height) == (40, 40)
    assert files(image) == ["40.avif", "40.jpg", "40.webp"]


def test_same_file_twice_is_one_image():
    first, _ = store(uploaded(jpeg()), alt="Första")

    second, is_new = store(uploaded(jpeg(), "samma-fil.jpg"), alt="Andra")

    assert (second, second.alt, is_new) == (first, "Första", False)
    assert Image.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"Inte en bild.", "broken"),
        (b"", "broken"),
        (jpeg()[:600], "broken"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "broken"),
        (encoded(Pillow.new("RGB", (40, 40)), "TIFF"), "broken"),
        (jpeg() + bytes(8 * 2**20), "size"),
        (png_bomb(), "pixels"),
        (jpeg(20_000, 1), "side"),
    ],
    ids=["text", "empty", "cut off", "svg", "tiff", "more than 8 MB", "decompression bomb", "too long"],
)
def test_store_refuses_what_is_no_good_and_writes_nothing(content, code):
    with pytest.raises(ValidationError) as refusal:
        store(uploaded(content))

    assert refusal.value.code == code
    assert not Image.objects.exists()
    assert not default_storage.exists("images")


def test_decompression_bomb_is_refused_before_it_is_decoded():
    content = png_bomb()
    tracemalloc.start()

    with pytest.raises(ValidationError):
        store(uploaded(content))

    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(content) < 1000
    assert peak < 2**20


def test_bomb_that_is_smaller_than_pillows_own_limit_is_refused_too():
    with pytest.raises(ValidationError) as refusal:
        store(uploaded(png_bomb(side=7000)))

    assert refusal.value.code == "pixels"
