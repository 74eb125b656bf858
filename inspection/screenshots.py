"""`python -m inspection.screenshots`: the main pages at four widths, light and dark, and a sheet of each page."""

import re
import sys

from PIL import Image
from playwright.sync_api import sync_playwright

from inspection.edition import FOLDER, SITE_URL, USUAL, keep, site, slug_of
from inspection.lighthouse import CHROMIUM, address_of_post, read

WIDTHS = [360, 768, 1280, 1920]
SCHEMES = ["light", "dark"]
STAFF = ("petra", "spalt-administrator")
TALLEST, COLUMN = 2600, 420  # pixels: of a picture, and of one in a sheet
EVERY_PICTURE = """Promise.all([...document.images].map(each => {
  each.loading = "eager"
  return each.decode().catch(() => {})
}))"""
ADMIN = {
    "desk": "/admin/",
    "posts": "/admin/blog/post/",
    "post-form": "/admin/blog/post/add/",
    "board": "/admin/board/",
    "calendar": "/admin/calendar/",
    "queue": "/admin/queue/held/",
    "appearance": "/admin/blog/appearance/",
}


def main(wanted=""):
    """Take the pages whose names hold `wanted`."""
    with site(), sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        for scheme in SCHEMES:
            context = chromium.new_context(base_url=SITE_URL, color_scheme=scheme, locale="en-GB")
            page = context.new_page()
            take(page, scheme, {name: path for name, path in public().items() if wanted in name})
            sign_in(page)
            take(page, scheme, {name: path for name, path in ADMIN.items() if wanted in name})
            context.close()
    for name in [name for name in [*public_names(), *ADMIN] if wanted in name]:
        sheet(name)


def public_names():
    return ["front", "post", "discussion", "tag", "search", "archive", "newsletter", "sign-in"]


def public():
    tag = re.search(rf"<loc>({SITE_URL}/tag/[^<]+)", read("/sitemap-tags.xml"))[1]
    addresses = [
        "/",
        address_of_post("skylten-som-vaxte"),
        f"{address_of_post(slug_of(USUAL))}#comments",
        tag,
        "/search/?q=kommatecken",
        "/archive/",
        "/newsletter/",
        "/admin/login/",
    ]
    return dict(zip(public_names(), addresses, strict=True))


def sign_in(page):
    page.goto("/admin/login/")
    page.fill("[name=login]", STAFF[0])
    page.fill("[name=password]", STAFF[1])
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/admin/")


def take(page, scheme, pages):
    for name, address in pages.items():
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(address, wait_until="networkidle")
            # A window so tall that what waits until one comes near is there: late pictures, what is laid out when seen.
            height = min(TALLEST, page.evaluate("document.documentElement.scrollHeight"))
            page.set_viewport_size({"width": width, "height": max(height, 900)})
            page.evaluate(EVERY_PICTURE)
            page.screenshot(path=keep(file_of(name, width, scheme)), animations="disabled")


def file_of(name, width, scheme):
    return FOLDER / "screenshots" / f"{name}-{width}-{scheme}.png"


def sheet(name):
    """All pictures of a page beside each other, the light ones above."""
    rows = [[Image.open(file_of(name, width, scheme)).convert("RGB") for width in WIDTHS] for scheme in SCHEMES]
    for row in rows:
        for each in row:
            each.thumbnail((COLUMN, TALLEST))
    heights = [max(each.height for each in row) for row in rows]
    together = Image.new("RGB", ((COLUMN + 20) * len(WIDTHS), sum(heights) + 20), "grey")
    for top, row in zip((0, heights[0] + 20), rows, strict=True):
        for column, each in enumerate(row):
            together.paste(each, (column * (COLUMN + 20), top))
    together.save(keep(FOLDER / "sheets" / f"{name}.png"))


if __name__ == "__main__":
    sys.exit(main(" ".join(sys.argv[1:])))
