"""Screenshots to make films of, and films measured by hand."""

import io
import struct

from PIL import Image


def png(width: int = 270, height: int = 480, colour: str = "teal") -> bytes:
    """A screenshot of one colour."""
    out = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(out, "PNG")
    return out.getvalue()


def boxes(mp4: bytes) -> list[tuple[bytes, bytes]]:
    """The boxes of an mp4 in their order, by type (ISO/IEC 14496-12, 4.2)."""
    found, at = [], 0
    while at < len(mp4):
        size, kind = struct.unpack_from(">I4s", mp4, at)
        found.append((kind, mp4[at + 8 : at + size]))
        at += size
    return found


def seconds(mp4: bytes) -> float:
    """The length that the movie header tells (ISO/IEC 14496-12, 8.2.2)."""
    header = dict(boxes(dict(boxes(mp4))[b"moov"]))[b"mvhd"]
    assert header[0] == 0, "a header of 32-bit times"
    units, length = struct.unpack_from(">II", header, 12)
    return float(length / units)
