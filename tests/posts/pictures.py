"""Files that people might upload."""

import io
import struct
import zlib

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageCms, TiffImagePlugin

ORIENTATION, GPS = 0x0112, 0x8825
TURNED_RIGHT = 6  # the camera was held upright: width and height change places


def uploaded(content, name="bild.jpg"):
    return SimpleUploadedFile(name, content)


def encoded(image, format, **options):
    file = io.BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


def jpeg(width=640, height=480, colour="red", **options):
    return encoded(Image.new("RGB", (width, height), colour), "JPEG", **options)


def jpeg_of_a_camera(width, height):
    """A picture that says where it was taken, and that it is to be turned."""
    exif = Image.Exif()
    exif[ORIENTATION] = TURNED_RIGHT
    exif[GPS] = {
        1: "N",
        2: (TiffImagePlugin.IFDRational(59), TiffImagePlugin.IFDRational(20), TiffImagePlugin.IFDRational(1)),
    }
    return jpeg(width, height, exif=exif.tobytes(), comment=b"Annas kamera")


def profile_with_red_and_blue_exchanged():
    """A colour profile that every program can tell from the usual one."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return profile.replace(b"rXYZ", b"xxxx").replace(b"bXYZ", b"rXYZ").replace(b"xxxx", b"bXYZ")


def png_bomb(side=50_000):
    """A small file that claims to be `side` × `side` pixels."""

    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(bytes(10_000)))
        + chunk(b"IEND", b"")
    )
