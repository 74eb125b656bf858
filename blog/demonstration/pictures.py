"""The edition's illustrations, drawn from shapes: the same words give the same picture, to the pixel."""

import io
import math
import random

from django.core.files.base import ContentFile
from PIL import Image, ImageDraw, ImageOps

# Drawn this many times larger and scaled down: Pillow's own edges are jagged.
SCALE = 2

# ground, lighter ground, ink, accent, second accent
PALETTES = {
    "archive": ["#e9dfcb", "#f7f1e3", "#28324a", "#c8553d", "#7f9c96"],
    "harbour": ["#bcd4d8", "#e6f0ef", "#17324d", "#e0863a", "#5b8e9d"],
    "meadow": ["#d5dfbd", "#f3f5e2", "#24402f", "#d9a441", "#7ba05b"],
    "evening": ["#3b2f56", "#7a5a86", "#f4e4c9", "#ef8a62", "#b8a1cf"],
    "brick": ["#e8c9b5", "#f8e9dd", "#4a2230", "#b5432e", "#d99a6c"],
    "frost": ["#dfe5ec", "#f8fafb", "#2c3550", "#5f7fb8", "#e3b23c"],
}


def illustration(name, *, motif, palette, width, height):
    """Return a PNG file of `width` × `height` pixels; `name` decides where the shapes fall."""
    ground, light, *colours = PALETTES[palette]
    size = (width * SCALE, height * SCALE)
    canvas = ImageOps.colorize(Image.linear_gradient("L").resize(size), light, ground)
    MOTIFS[motif](ImageDraw.Draw(canvas), *size, random.Random(name), [light, *colours])  # noqa: S311
    file = io.BytesIO()
    canvas.resize((width, height), Image.Resampling.LANCZOS).save(file, "PNG", compress_level=1)
    return ContentFile(file.getvalue(), name=f"{name}.png")


def letters(draw, width, height, chance, colours):
    """Sheets of paper falling over each other, one of them in colour."""
    light, ink, accent, second = colours
    for number, fill in enumerate([second, light, ink, light, accent]):
        middle = (width * (0.18 + 0.16 * number), height * chance.uniform(0.42, 0.58))
        turn = chance.uniform(-0.35, 0.35)
        sheet = _turned(middle, width * 0.13, height * 0.33, turn)
        draw.polygon(_moved(sheet, width * 0.008, height * 0.016), fill=_mixed(ink, light, 0.55))
        draw.polygon(sheet, fill=fill)
        for line in range(6):
            start, end = -0.09, 0.09 if line % 3 else 0.02
            down = height * (0.08 * line - 0.2)
            ends = [_around(middle, width * along, down, turn) for along in (start, end)]
            draw.line(ends, fill=ink if fill != ink else light, width=int(height * 0.012))


def voices(draw, width, height, chance, colours):
    """Speech balloons that talk at the same time."""
    light, ink, accent, second = colours
    for number, fill in enumerate([second, light, accent, ink, light]):
        left, top = width * (0.05 + 0.17 * number), height * chance.uniform(0.12, 0.42)
        right, bottom = left + width * chance.uniform(0.2, 0.27), top + height * chance.uniform(0.26, 0.38)
        foot = left + width * 0.05
        draw.rounded_rectangle([left, top, right, bottom], radius=height * 0.06, fill=fill)
        tail = [(foot, bottom - 2), (foot + width * 0.05, bottom - 2), (foot - width * 0.01, bottom + height * 0.12)]
        draw.polygon(tail, fill=fill)
        for dot in range(3):
            middle = (left + width * (0.06 + 0.045 * dot), (top + bottom) / 2)
            _disc(draw, middle, height * 0.018, ink if fill != ink else light)


def columns(draw, width, height, chance, colours):
    """A newspaper page seen from far away."""
    light, ink, accent, second = colours
    draw.rectangle([width * 0.1, height * 0.08, width * 0.9, height], fill=light)
    draw.rectangle([width * 0.14, height * 0.16, width * 0.66, height * 0.24], fill=ink)
    coloured = chance.randrange(4)
    for column in range(4):
        left = width * (0.14 + 0.185 * column)
        right, top = left + width * 0.165, height * 0.32
        if column in (coloured, (coloured + 2) % 4):
            bottom = top + height * chance.uniform(0.22, 0.36)
            draw.rectangle([left, top, right, bottom], fill=accent if column == coloured else second)
            top = bottom + height * 0.05
        while top < height:
            end = right if chance.random() < 0.8 else left + (right - left) * chance.uniform(0.3, 0.8)
            draw.rectangle([left, top, end, top + height * 0.016], fill=_mixed(ink, light, 0.35))
            top += height * 0.044


def waves(draw, width, height, chance, colours):
    """Hills of sound behind each other, and a sun."""
    _light, ink, accent, second = colours
    _disc(draw, (width * chance.uniform(0.6, 0.8), height * 0.34), height * 0.2, accent)
    for number in range(5):
        fill = _mixed(second, ink, number / 4)
        shift, swing = chance.uniform(0, 6.3), height * chance.uniform(0.05, 0.09)
        level = height * (0.44 + 0.12 * number)
        ridge = [
            (x, level + swing * math.sin(shift + 7 * x / width) + swing / 2 * math.sin(shift * 2 + 17 * x / width))
            for x in range(0, width + 8, 8)
        ]
        draw.polygon([(0, height), *ridge, (width, height)], fill=fill)


def tiles(draw, width, height, chance, colours):
    """Quarter circles in a grid, each turned its own way."""
    side = height / 4
    for row in range(4):
        for column in range(math.ceil(width / side)):
            left, top = column * side, row * side
            ground, shape = chance.sample(colours, 2)
            draw.rectangle([left, top, left + side, top + side], fill=ground)
            turn = chance.randrange(4)
            x, y = left + side * (turn in (1, 2)), top + side * (turn in (2, 3))
            box = [x - side, y - side, x + side, y + side]
            draw.pieslice(box, 90 * turn, 90 * turn + 90, fill=shape)


def paths(draw, width, height, chance, colours):
    """Ways between people: they cross, and most arrive."""
    light, ink, accent, second = colours
    stroke = int(height * 0.014)
    for number in range(9):
        colour = [ink, second, accent, light][number % 4]
        start, end = height * (0.1 + 0.1 * number), height * chance.uniform(0.1, 0.9)
        line = [(x, start + (end - start) * _eased(x / width)) for x in range(0, width + 8, 8)]
        draw.line(line, fill=colour, width=stroke, joint="curve")
        for along in (chance.uniform(0.08, 0.2), chance.uniform(0.8, 0.92)):
            x, y = line[int(along * len(line))]
            _disc(draw, (x, y), height * 0.042, light)
            _disc(draw, (x, y), height * 0.03, colour if colour != light else ink)


def pause(draw, width, height, chance, colours):
    """A comma as large as a house, with the small ones that wait for it."""
    light, _ink, accent, second = colours
    for number in range(14):
        middle = (width * (number + 0.5) / 14, height * chance.uniform(0.08, 0.92))
        _comma(draw, middle, height * 0.03, second)
    _disc(draw, (width * 0.5, height * 0.47), height * 0.42, light)
    _comma(draw, (width * 0.5, height * 0.36), height * 0.15, accent)


def signs(draw, width, height, chance, colours):
    """A pole by a road, and all the boards that somebody has put up on it."""
    light, ink, accent, second = colours
    draw.polygon([(0, height), (0, height * 0.86), (width, height * 0.78), (width, height)], fill=second)
    draw.rectangle([width * 0.485, height * 0.06, width * 0.515, height * 0.88], fill=ink)
    boards = chance.randint(1, 5)
    room = height * 0.66 / boards
    for number in range(boards):
        middle, half = width * chance.uniform(0.46, 0.54), width * chance.uniform(0.14, 0.2)
        top, bottom = height * 0.1 + room * number, height * 0.1 + room * (number + 0.86)
        ground = accent if number == 0 else light
        draw.rounded_rectangle([middle - half, top, middle + half, bottom], radius=height * 0.012, fill=ground)
        _lines(draw, [middle - half * 0.82, top, middle + half * 0.82, bottom], chance, ink, gap=height * 0.05)


def portrait(draw, width, height, chance, colours):
    """Somebody, seen the way one sees a voice on the telephone."""
    light, ink, accent, second = colours
    _disc(draw, (width * 0.5, height * 0.5), height * 0.44, second)
    draw.ellipse([width * 0.16, height * 0.68, width * 0.84, height * 1.4], fill=accent)
    _disc(draw, (width * 0.5, height * 0.36), height * 0.21, ink)
    _disc(draw, (width * chance.uniform(0.52, 0.56), height * 0.43), height * 0.185, light)
    draw.rounded_rectangle([width * 0.44, height * 0.55, width * 0.6, height * 0.74], radius=width * 0.06, fill=light)


MOTIFS = {each.__name__: each for each in (letters, voices, columns, waves, tiles, paths, pause, signs, portrait)}


def _lines(draw, box, chance, fill, *, gap):
    """Words, seen from too far away to be read."""
    left, top, right, bottom = box
    for number in range(max(1, int((bottom - top) / gap) - 1)):
        y, end = top + gap * (number + 0.8), left + (right - left) * chance.uniform(0.55, 1)
        draw.rectangle([left, y, end, y + gap * 0.36], fill=fill)


def _disc(draw, middle, radius, fill):
    x, y = middle
    draw.ellipse([x - radius, y - radius, x + radius, y + radius], fill=fill)


def _comma(draw, middle, radius, fill):
    """A disc with a tail that narrows as it swings down and to the left."""
    x, y = middle
    _disc(draw, middle, radius, fill)
    for step in range(60):
        turn, left = math.pi / 2 * step / 60, 1 - step / 60
        point = (x - radius * 1.5 + radius * 2 * math.cos(turn), y + radius * 2.2 * math.sin(turn))
        _disc(draw, point, radius * max(0.06, left * 0.5), fill)


def _around(middle, x, y, turn):
    return (
        middle[0] + x * math.cos(turn) - y * math.sin(turn),
        middle[1] + x * math.sin(turn) + y * math.cos(turn),
    )


def _turned(middle, x, y, turn):
    return [_around(middle, *corner, turn) for corner in ((-x, -y), (x, -y), (x, y), (-x, y))]


def _moved(points, x, y):
    return [(left + x, top + y) for left, top in points]


def _mixed(one, other, share):
    channels = [(int(one[at : at + 2], 16), int(other[at : at + 2], 16)) for at in (1, 3, 5)]
    return tuple(round(first + (second - first) * share) for first, second in channels)


def _eased(share):
    return share * share * (3 - 2 * share)
