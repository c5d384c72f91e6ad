"""WAV files for tests, honest and otherwise."""

import math
import struct
from array import array


def tone(seconds: float = 1, rate: int = 16_000) -> bytes:
    """A quiet 440 Hz tone as 16-bit samples of one channel."""
    step = 2 * math.pi * 440 / rate
    return array(
        "h", (int(3000 * math.sin(step * n)) for n in range(int(seconds * rate)))
    ).tobytes()


def pcm_format(
    tag: int = 1, channels: int = 1, rate: int = 16_000, bits: int = 16, extension: bytes = b""
) -> bytes:
    """The body of a `fmt ` chunk that is consistent in itself."""
    frame = channels * bits // 8
    return struct.pack("<HHIIHH", tag, channels, rate, rate * frame, frame, bits) + extension


def extensible(subtype: int = 1, valid_bits: int = 16) -> bytes:
    """A WAVE_FORMAT_EXTENSIBLE `fmt ` chunk; subtype 1 is PCM, 3 floating point."""
    guid = struct.pack("<I", subtype) + bytes.fromhex("00001000800000aa00389b71")
    return pcm_format(tag=0xFFFE, extension=struct.pack("<HHI", 22, valid_bits, 4) + guid)


def riff(*chunks: tuple[bytes, bytes]) -> bytes:
    """A RIFF/WAVE file of these chunks."""
    body = b"".join(
        name + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)
        for name, content in chunks
    )
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WAVE" + body


def wav(samples: bytes | None = None, **format_: int) -> bytes:
    """A WAV file of a second of tone, or of these samples."""
    sound = tone() if samples is None else samples
    return riff((b"fmt ", pcm_format(**format_)), (b"data", sound))
