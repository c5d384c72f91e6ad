"""The week as a picture that every mail program shows: a PNG, which fits light and dark mails."""

import io
from collections.abc import Sequence
from itertools import accumulate

from PIL import Image, ImageDraw, ImageFont

from services.report.digest import DayCounts
from services.report.wording import short

WIDTH, HEIGHT = 440, 180
"""Of the picture, in CSS pixels as a telephone shows it; it has three times as many of its own."""

# The app's green, as light as a dark ground needs and as dark as a light one.
MERGED, ASKED, FAILED, PENDING = "#178a6c", "#178a6c80", "#8a8d86", "#8a8d8666"
INK, FAINT = "#767676", "#76767633"  # an ink that can be read on white and on black

_SCALE, _SMOOTH = 3, 3
_TOP, _BOTTOM, _BAR, _LETTER = 24, 24, 34, 14
_RADIUS, _FLOOR = 4, HEIGHT - _BOTTOM


def draw(week: Sequence[DayCounts]) -> bytes:
    """A bar for each day, its number of tasks above it, on a transparent ground; PNG."""
    picture = _bars(week).resize((WIDTH * _SCALE, HEIGHT * _SCALE), Image.Resampling.LANCZOS)
    pen = ImageDraw.Draw(picture)
    font = ImageFont.load_default(_LETTER * _SCALE)
    ground = _FLOOR * _SCALE
    pen.line((0, ground, picture.width, ground), fill=FAINT, width=_SCALE)
    highest = max(each.tasks for each in week)
    for number, each in enumerate(week):
        middle = _middle(number, len(week)) * _SCALE
        height = _height(each.tasks, highest)
        label = f"{each.day:%a} {each.day.day}"
        pen.text((middle, HEIGHT * _SCALE), label, fill=INK, font=font, anchor="md")
        if each.tasks:
            above = (_FLOOR - height - 5) * _SCALE
            pen.text((middle, above), short(each.tasks), fill=INK, font=font, anchor="ms")
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


def _bars(week: Sequence[DayCounts]) -> Image.Image:
    """The bars alone, so large that their round corners come out smooth when made smaller."""
    scale = _SCALE * _SMOOTH
    picture = Image.new("RGBA", (WIDTH * scale, HEIGHT * scale))
    highest = max(each.tasks for each in week)
    for number, each in enumerate(week):
        if not each.tasks:
            continue
        left = _middle(number, len(week)) - _BAR / 2
        full = _height(each.tasks, highest)
        column = Image.new("RGBA", (_BAR * scale, max(1, round(full * scale))))
        pen = ImageDraw.Draw(column)
        heaps = accumulate((each.merged, each.asked, each.failed, each.pending))
        coloured = list(zip((MERGED, ASKED, FAILED, PENDING), heaps, strict=True))
        for colour, heap in reversed(coloured):  # each hides the lower part of the one before
            top = round(column.height * (1 - heap / each.tasks))
            pen.rectangle((0, top, column.width, column.height), fill=colour)
        mask = Image.new("L", column.size)
        corners = (True, True, False, False)
        ImageDraw.Draw(mask).rounded_rectangle(
            (0, 0, column.width - 1, column.height - 1), _RADIUS * scale, 255, corners=corners
        )
        at = (round(left * scale), round((_FLOOR - full) * scale))
        picture.paste(column, at, mask)
    return picture


def _middle(number: int, bars: int) -> float:
    return WIDTH * (number + 0.5) / bars


def _height(tasks: int, highest: int) -> float:
    """CSS pixels of a bar; a day with any task at all is seen."""
    return max(3.0, (_FLOOR - _TOP) * tasks / highest) if tasks else 0.0
