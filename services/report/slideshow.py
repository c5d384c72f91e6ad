"""Screenshots become a film by FFmpeg: eight seconds, calm cross-fades, nothing made up."""

import io
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from PIL import Image, ImageOps

if TYPE_CHECKING:
    from av import VideoFrame

SECONDS = 8
FRAMES_PER_SECOND = 30
FADE_SECONDS = 0.6
LARGEST = (1080, 1920)
"""Pixels of a film, which every phone plays."""

MOST_BYTES = 10 * 2**20
LEAST_SIDE, LONGEST_SIDE = 64, 4096
"""Pixels of a screenshot."""

QUALITY = {"crf": "20", "preset": "veryfast"}


class UnusableScreenshot(ValueError):
    """A file that is no screenshot; another try would not change that."""


def screenshot(content: bytes) -> Image.Image:
    """Read a PNG.

    Raises:
        UnusableScreenshot: it is none, a broken one, or much too large.
    """
    if len(content) > MOST_BYTES:
        raise UnusableScreenshot(f"{len(content)} bytes are more than {MOST_BYTES}")
    try:
        picture = Image.open(io.BytesIO(content), formats=["PNG"])
        # The size is read from the header alone: nothing was unpacked yet.
        if not all(LEAST_SIDE <= side <= LONGEST_SIDE for side in picture.size):
            raise UnusableScreenshot(f"{picture.size} pixels are no size of a screenshot")
        return picture.convert("RGB")
    except (OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise UnusableScreenshot(f"not a PNG that can be read: {error}") from error


def film(screenshots: Sequence[Image.Image]) -> bytes:
    """An mp4 (H.264, yuv420p, its index in front) of exactly eight seconds.

    Args:
        screenshots: at least one; each is shown for as long as the others, at the first one's
            shape.
    """
    import av  # a tenth of a second, which the nightly mail need not wait for
    from av.video.reformatter import Colorspace

    size = _film_size(screenshots[0])
    fitted = [ImageOps.pad(each, size, color="white") for each in screenshots]
    with TemporaryDirectory() as folder:
        # A file and not memory: to put the index in front, FFmpeg opens it a second time.
        path = Path(folder) / "clip.mp4"
        with av.open(str(path), "w", options={"movflags": "+faststart"}) as container:
            stream = container.add_stream("libx264", FRAMES_PER_SECOND, QUALITY)
            stream.width, stream.height = size
            stream.pix_fmt = "yuv420p"
            stream.codec_context.colorspace = Colorspace.ITU709
            for number, frame in enumerate(_frames(fitted)):
                frame.pts, frame.time_base = number, Fraction(1, FRAMES_PER_SECOND)
                container.mux(stream.encode(frame))
            container.mux(stream.encode())
        return path.read_bytes()


def seconds(mp4: bytes) -> float:
    """How long a film is.

    Raises:
        ValueError: it is no film.
    """
    import av

    try:
        with av.open(io.BytesIO(mp4), "r", format="mp4") as container:
            if container.duration and container.streams.video:
                return container.duration / av.time_base
    except av.FFmpegError as error:
        raise ValueError(f"no mp4: {error}") from error
    raise ValueError("an mp4 without pictures")


def _frames(pictures: Sequence[Image.Image]) -> Iterator["VideoFrame"]:
    from av import VideoFrame
    from av.video.reformatter import Colorspace

    shown = SECONDS / len(pictures)
    fade = min(FADE_SECONDS, shown / 2)
    for number in range(SECONDS * FRAMES_PER_SECOND):
        index, into = divmod(number / FRAMES_PER_SECOND, shown)
        picture, after = pictures[int(index)], pictures[int(index) + 1 : int(index) + 2]
        faded = (into - (shown - fade)) / fade
        if after and faded > 0:
            picture = Image.blend(picture, after[0], faded)
        frame = VideoFrame.from_image(picture)  # type: ignore[no-untyped-call] # as PyAV has it
        yield frame.reformat(format="yuv420p", dst_colorspace=Colorspace.ITU709)


def _film_size(picture: Image.Image) -> tuple[int, int]:
    """A picture's shape; even sides, because colours are kept for two by two pixels."""
    small = picture.copy()
    small.thumbnail(LARGEST)
    return small.width - small.width % 2, small.height - small.height % 2
