"""The image library: every upload is verified, re-encoded in three formats and up to three widths, and stripped."""

import base64
import hashlib
import io
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from PIL import Image as Pillow
from PIL import ImageCms, ImageOps

from blog.posts.bylines import Byline
from blog.text.figures import SIZES, THUMBNAIL_SIZES, Known, picture, widths_of

MAX_SIDE_PIXELS = 16_000  # WebP holds 16,383
FORMATS = ["JPEG", "PNG", "WEBP", "GIF", "AVIF"]
ENCODINGS = {
    "avif": ("AVIF", {"quality": 60, "speed": 8}),
    "webp": ("WEBP", {"quality": 80, "method": 4}),
    "jpg": ("JPEG", {"quality": 82, "progressive": True, "optimize": True}),
}
HINT_SIDE_PIXELS = 16
HINT_OPTIONS = {"quality": 60, "method": 6}


class Image(models.Model):
    """A picture with its words. The files are `images/<key>-<width>x<height>/<width>.<avif|webp|jpg>` in the media."""

    key = models.CharField(max_length=16, unique=True, editable=False)  # of the uploaded bytes: sent twice, stored once
    width = models.PositiveIntegerField(_("width"), editable=False)
    height = models.PositiveIntegerField(_("height"), editable=False)
    alt = models.CharField(
        _("alt text"), max_length=300, blank=True, help_text=_("What the picture shows, for those who cannot see it.")
    )
    caption = models.CharField(_("caption"), max_length=500, blank=True)
    credit = models.CharField(_("credit"), max_length=200, blank=True, help_text=_("Who made the picture."))
    focus_x = models.PositiveSmallIntegerField(
        _("focus, from the left"), default=50, db_default=50, validators=[MaxValueValidator(100)]
    )
    focus_y = models.PositiveSmallIntegerField(
        _("focus, from the top"), default=50, db_default=50, validators=[MaxValueValidator(100)]
    )
    # A tiny picture as a data: address, shown until the picture itself is there; "" for one that is seen through.
    hint = models.CharField(max_length=600, blank=True, default="", db_default="", editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    covers: Any  # the manager of its posts

    class Meta:
        verbose_name = _("image")
        verbose_name_plural = _("images")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(name="image_focus_within", condition=Q(focus_x__lte=100, focus_y__lte=100)),
        ]

    def __str__(self):
        return self.alt or self.caption or f"{self.key} ({self.width} × {self.height})"

    @property
    def folder(self):
        return f"images/{self.key}-{self.width}x{self.height}"

    @property
    def src(self):
        """The address to write in a post's body, wherever the file lies; readers get every rendition from it."""
        return f"{settings.MEDIA_PATH}{self.folder}/{widths_of(self.width)[-1]}.jpg"

    @property
    def thumbnail(self):
        return default_storage.url(f"{self.folder}/{widths_of(self.width)[0]}.jpg")

    @property
    def webp(self):
        """The address of the smallest rendition that keeps what is transparent."""
        return default_storage.url(f"{self.folder}/{widths_of(self.width)[0]}.webp")

    def is_shown(self):
        """Whether its words are on an approved page: by a cover, also that of an approved update, or by a portrait.

        In a body stand the words that its writer gave the picture there.
        """
        return self.covers.model.objects.covered_by(self).exists() or Byline.objects.filter(picture=self).exists()

    @property
    def known(self):
        return Known(self.hint, self.focus_x, self.focus_y)

    def picture(self, *, eager=False, sizes=SIZES):
        address = default_storage.url(self.folder)
        return picture(address, self.width, self.height, self.alt, known=self.known, sizes=sizes, eager=eager)

    def small_picture(self):
        """The picture as lists of posts show it: a style sheet crops it around its focus."""
        return self.picture(sizes=THUMBNAIL_SIZES)


def store(upload, **words):
    """Return the stored Image of an uploaded file, and whether it is new; `words` are alt, caption and credit.

    ValidationError in the user's language for what is no picture, too large, or cannot be decoded. Size and
    pixel count are read before anything is decoded: a 22 KB file can ask for a gigabyte.
    """
    if upload.size > settings.MAX_UPLOAD_BYTES:
        raise ValidationError(_("The picture is larger than 8 MB."), code="size")
    content = upload.read()
    key = hashlib.blake2b(content, digest_size=8).hexdigest()
    if known := Image.objects.filter(key=key).first():
        return known, False
    original = _decode(content)
    image = Image(key=key, width=original.width, height=original.height, hint=_hint(original), **words)
    for width in widths_of(original.width):
        resized = _resize(original, width)
        for ending in ENCODINGS:
            _write(f"{image.folder}/{width}.{ending}", _encode(resized, ending))
    # Of two uploads of one file at once the second finds the first's row; the files are the same.
    columns = {"width": image.width, "height": image.height, "hint": image.hint, **words}
    stored, new = Image.objects.get_or_create(key=key, defaults=columns)
    return stored, new


def _decode(content):
    try:
        with Pillow.open(io.BytesIO(content), formats=FORMATS) as opened:
            if opened.width * opened.height > settings.MAX_UPLOAD_PIXELS:
                raise Pillow.DecompressionBombError
            if max(opened.size) > MAX_SIDE_PIXELS:
                raise ValidationError(_("The picture is more than 16,000 pixels wide or high."), code="side")
            # Turned as the camera says, before the EXIF data is dropped; in place, for it may take 160 MB.
            ImageOps.exif_transpose(opened, in_place=True)
            image = _in_common_colours(_in_8_bits(opened))
            transparent = image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
            mode = "RGBA" if transparent else "RGB"
            decoded = image if image.mode == mode else image.convert(mode)
            decoded.info = {}  # the comment and whatever else the camera wrote would be written again
            return decoded
    except Pillow.DecompressionBombError as error:  # far above the limit Pillow itself raises it
        raise ValidationError(_("The picture has more than 40 million pixels."), code="pixels") from error
    except ValidationError:
        raise
    # Pillow's decoders raise SyntaxError, ValueError, struct.error and more on broken files.
    except Exception as error:
        raise ValidationError(
            _("The file is not a picture that can be read: use JPEG, PNG, WebP, AVIF or GIF."), code="broken"
        ) from error


def _in_8_bits(image):
    # Pillow's own conversion cuts grey of 16 bits off at 255 and so makes nearly all of it white.
    if image.mode not in ("I", "I;16"):
        return image
    grey = image.point(lambda value: value / 256).convert("L")
    if "transparency" in grey.info:
        grey.info["transparency"] //= 256
    return grey


def _in_common_colours(image):
    # The profile is dropped with the rest, so the colours that it explains are made sRGB first, which browsers assume.
    profile = image.info.get("icc_profile")
    if not profile or image.mode not in ("RGB", "CMYK", "L"):
        return image
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB") or image
    except (ImageCms.PyCMSError, OSError):  # a broken profile: the colours are shown as they are
        return image


def _resize(original, width):
    if width == original.width:
        return original
    height = max(1, round(original.height * width / original.width))
    return original.resize((width, height), Pillow.Resampling.LANCZOS)


def _hint(original):
    if original.mode != "RGB":
        return ""
    tiny = original.resize(_fitting(original.size), reducing_gap=2)
    encoded = io.BytesIO()
    tiny.save(encoded, "WEBP", **HINT_OPTIONS)
    return f"data:image/webp;base64,{base64.b64encode(encoded.getvalue()).decode()}"


def _fitting(size):
    scale = HINT_SIDE_PIXELS / max(size)
    return tuple(max(1, round(side * scale)) for side in size)


def _encode(image, ending):
    format, options = ENCODINGS[ending]
    if format == "JPEG" and image.mode == "RGBA":
        white = Pillow.new("RGB", image.size, "white")
        white.paste(image, mask=image.getchannel("A"))
        image = white
    encoded = io.BytesIO()
    image.save(encoded, format, **options)
    return encoded.getvalue()


def _write(path, content):
    if not default_storage.exists(path):
        default_storage.save(path, ContentFile(content))
