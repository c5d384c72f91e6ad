"""The week's picture, measured in its own pixels."""

import io
from itertools import pairwise

import pytest
from PIL import Image, ImageColor

from services.report import chart
from services.report.digest import DayCounts
from tests.unit.report.sums import DAY, week

MERGED = ImageColor.getrgb(chart.MERGED)
FAILED = ImageColor.getrgb(chart.FAILED)


def drawn(*counts: DayCounts) -> Image.Image:
    picture = Image.open(io.BytesIO(chart.draw(week(*counts))))
    assert picture.format == "PNG"
    return picture.convert("RGBA")


def column(picture: Image.Image, number: int) -> list[tuple[int, ...]]:
    """The colours in the middle of a day's bar, from top to bottom, labels left out."""
    scale = picture.width // chart.WIDTH
    x = round(picture.width * (number + 0.5) / 7)
    bar = [picture.getpixel((x, y)) for y in range((chart.HEIGHT - 24) * scale)]
    return [colour[:3] for colour in bar if colour[3] == 255]


def heights(picture: Image.Image) -> list[int]:
    return [sum(c == MERGED for c in column(picture, number)) for number in range(7)]


def test_a_bar_is_as_high_as_its_day_had_tasks():
    tall = heights(drawn(*(DayCounts(DAY, merged=10 * n) for n in range(1, 8))))
    steps = [after - before for before, after in pairwise(tall)]
    assert min(steps) > 20
    assert max(steps) - min(steps) <= 4


def test_a_bar_is_parted_as_its_tasks_are():
    bar = column(drawn(DayCounts(DAY, merged=75, failed=25)), 6)
    merged, failed = bar.count(MERGED), bar.count(FAILED)
    assert merged / (merged + failed) == pytest.approx(0.75, abs=0.02)
    assert bar.index(FAILED) < bar.index(MERGED)


def test_one_task_is_seen_beside_a_million():
    assert heights(drawn(DayCounts(DAY, merged=1), DayCounts(DAY, merged=10**6)))[5] >= 3


def test_a_week_without_tasks_has_no_bar():
    assert heights(drawn()) == [0] * 7


def test_its_ground_is_transparent_and_it_is_small():
    picture = chart.draw(week(*(DayCounts(DAY, 30 * n, n, n, n) for n in range(7))))
    assert Image.open(io.BytesIO(picture)).convert("RGBA").getpixel((0, 0))[3] == 0
    assert len(picture) < 40_000
