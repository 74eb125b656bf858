"""Colours as "#rrggbb": how well one is read on another, and what lies between two."""

READABLE = 4.5  # contrast of text, WCAG 2.2 level AA


def contrast(one, other):
    """Return the contrast ratio of two colours, from 1 to 21 (WCAG 2.2)."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def between(one, other, share):
    """Return the colour that has `share` (0 to 1) of the second, and the rest of the first."""
    parts = zip(_parts(one), _parts(other), strict=True)
    return "#" + "".join(f"{round(first + (second - first) * share):02x}" for first, second in parts)


def _parts(colour):
    return [int(colour[place : place + 2], 16) for place in (1, 3, 5)]


def _luminance(colour):
    red, green, blue = (_linear(part / 255) for part in _parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part):
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
