"""Films of screenshots, taken apart again."""

import io

import av
import pytest
from PIL import Image

from services.report import slideshow
from services.report.slideshow import UnusableScreenshot, screenshot
from tests.unit.report.films import boxes, png, seconds

RED, BLUE = (255, 0, 0), (0, 0, 255)


def film(*colours: str, width: int = 270, height: int = 480) -> bytes:
    return slideshow.film([screenshot(png(width, height, colour)) for colour in colours])


def frames(mp4: bytes) -> list[Image.Image]:
    with av.open(io.BytesIO(mp4)) as container:
        return [frame.to_image() for frame in container.decode(video=0)]


def like(colour: tuple[int, ...], other: tuple[int, ...]) -> bool:
    return all(abs(mine - its) < 12 for mine, its in zip(colour, other, strict=True))


@pytest.mark.parametrize("number", [1, 3, 7, 20])
def test_it_lasts_eight_seconds_however_many_screenshots_there_are(number: int):
    mp4 = film(*["red", "blue"][: min(number, 2)] * number)
    assert seconds(mp4) == pytest.approx(8.0, abs=0.05)
    assert len(frames(mp4)) == 240


def test_every_phone_plays_it_before_it_is_loaded_whole():
    mp4 = film("red")
    with av.open(io.BytesIO(mp4)) as container:
        [stream] = container.streams
        assert (stream.codec_context.name, stream.codec_context.pix_fmt) == ("h264", "yuv420p")
    kinds = [kind for kind, _ in boxes(mp4)]
    assert kinds.index(b"moov") < kinds.index(b"mdat")


def test_each_screenshot_is_shown_and_fades_into_the_next():
    shown = [frame.getpixel((100, 100)) for frame in frames(film("red", "blue"))]
    assert like(shown[0], RED)
    assert like(shown[100], RED)
    assert like(shown[140], BLUE)
    assert like(shown[239], BLUE)
    between = shown[110]
    assert 30 < between[0] < 225
    assert 30 < between[2] < 225


@pytest.mark.parametrize(
    ("given", "shown"),
    [((271, 481), (270, 480)), ((2160, 3840), (1080, 1920)), ((1280, 800), (1080, 674))],
)
def test_it_has_the_shape_of_the_first_screenshot_and_fits_a_phone(given, shown):
    assert frames(film("red", width=given[0], height=given[1]))[0].size == shown


def test_a_screenshot_of_another_shape_is_shown_whole():
    wide, tall = screenshot(png(480, 270, "blue")), screenshot(png(270, 480, "red"))
    last = frames(slideshow.film([tall, wide]))[-1]
    assert like(last.getpixel((135, 240)), BLUE)
    assert like(last.getpixel((135, 10)), (255, 255, 255))


def half(content: bytes) -> bytes:
    return content[: len(content) // 2]


def jpeg() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (200, 200)).save(out, "JPEG")
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"<html>502 Bad Gateway</html>", id="a page"),
        pytest.param(jpeg(), id="a JPEG"),
        pytest.param(half(png(800, 800)), id="half of one"),
        pytest.param(png(5000, 100), id="too wide"),
        pytest.param(png(10, 10), id="a dot"),
        pytest.param(png() + bytes(slideshow.MOST_BYTES), id="megabytes"),
    ],
)
def test_what_is_no_screenshot_is_refused(content: bytes):
    with pytest.raises(UnusableScreenshot):
        screenshot(content)


def test_a_film_is_measured():
    assert slideshow.seconds(film("red")) == pytest.approx(8.0, abs=0.001)


@pytest.mark.parametrize("content", [b"", b"no mp4", half(png())])
def test_what_is_no_film_has_no_length(content: bytes):
    with pytest.raises(ValueError, match="mp4"):
        slideshow.seconds(content)


def test_half_a_film_has_no_length():
    """Its index is in front, so it opens; but it ends too early."""
    with pytest.raises(ValueError, match="mp4"):
        slideshow.seconds(film("red")[:300])
