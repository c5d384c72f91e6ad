"""A recording as it must be: PCM, 16 bit, one channel, 16 kHz, 0.1 to 60 seconds, not silent.

The RIFF file is read chunk by chunk ("Multimedia Programming Interface and Data Specifications
1.0", 1991), because the standard library's `wave` takes a header at its word: it reads truncated
files without complaint, and on Python 3.11 it knows no WAVE_FORMAT_EXTENSIBLE.
"""

import io
import struct
import sys
import wave
from array import array
from dataclasses import dataclass

from contracts.http import Problem

SAMPLE_RATE = 16_000
SAMPLE_BYTES = 2
SHORTEST_MS = 100
LONGEST_MS = 60_000
SILENT_STEPS = 2
"""Peak to peak, in steps of the 16-bit scale: what dither alone makes of a muted microphone."""

_PCM = 0x0001
_EXTENSIBLE = 0xFFFE
_PCM_SUBTYPE = bytes.fromhex("0100000000001000800000aa00389b71")
_FORMAT = struct.Struct("<HHIIHH")
_EXTENSION = struct.Struct("<HHI16s")
_CHUNK = struct.Struct("<4sI")
_RIFF = struct.Struct("<4sI4s")


@dataclass(frozen=True)
class Recording:
    """What was said, as 16-bit little-endian samples of one channel at 16 kHz."""

    samples: bytes

    @classmethod
    def of(cls, file: bytes) -> "Recording":
        """Read an uploaded WAV file.

        Raises:
            Problem: 413 too long, 415 not a PCM WAV of our format, 422 unreadable or silent.
        """
        if not file:
            raise Problem(422, "empty-recording", "The recording is empty: record it again.")
        chunks = _chunks(file)
        if b"fmt " not in chunks or b"data" not in chunks:
            raise _damaged("it lacks its format or its sound")
        _check_format(chunks[b"fmt "])
        recording = cls(chunks[b"data"])
        recording._check_sound()
        return recording

    @property
    def milliseconds(self) -> int:
        """How long it is."""
        return len(self.samples) * 1000 // (SAMPLE_RATE * SAMPLE_BYTES)

    def wav(self) -> bytes:
        """The plainest WAV file of these samples: what else the upload carried is not kept."""
        file = io.BytesIO()
        with wave.open(file, "wb") as writer:
            writer.setparams((1, SAMPLE_BYTES, SAMPLE_RATE, 0, "NONE", "not compressed"))
            writer.writeframes(self.samples)
        return file.getvalue()

    def _check_sound(self) -> None:
        if len(self.samples) % SAMPLE_BYTES:
            raise _damaged("it ends within a sample")
        if self.milliseconds < SHORTEST_MS:
            raise Problem(
                422, "empty-recording", "The recording is empty: hold the button while you speak."
            )
        if len(self.samples) > LONGEST_MS * SAMPLE_RATE * SAMPLE_BYTES // 1000:
            raise Problem(
                413,
                "too-long",
                f"The recording is {self.milliseconds / 1000:.1f} seconds long: "
                f"say it in {LONGEST_MS // 1000} seconds.",
            )
        levels = array("h", self.samples)
        if sys.byteorder == "big":
            levels.byteswap()
        if max(levels) - min(levels) <= SILENT_STEPS:
            raise Problem(
                422,
                "digital-silence",
                "The recording is silent: allow the microphone, unmute it and record again.",
            )


def _chunks(file: bytes) -> dict[bytes, bytes]:
    """The chunks of a RIFF/WAVE file by name, each as long as it says."""
    if not file.startswith(b"RIFF"):
        raise Problem(
            415, "not-a-wav", "This is not a WAV file, whatever its name says: send a PCM WAV."
        )
    if len(file) < _RIFF.size:
        raise _damaged("it ends within its header")
    _, declared, form = _RIFF.unpack_from(file)
    if form != b"WAVE":
        raise Problem(415, "not-a-wav", "This RIFF file holds no WAVE sound: send a PCM WAV.")
    if declared != len(file) - _CHUNK.size:
        raise _damaged("it is not as long as its header says")
    chunks: dict[bytes, bytes] = {}
    position = _RIFF.size
    while position < len(file):
        if position + _CHUNK.size > len(file):
            raise _damaged("it ends within a chunk's header")
        name, size = _CHUNK.unpack_from(file, position)
        start = position + _CHUNK.size
        if start + size > len(file):
            raise _damaged("it ends before its sound does")
        if name in (b"fmt ", b"data") and name in chunks:
            raise _damaged("it holds two of what a recording has once")
        chunks[name] = file[start : start + size]
        position = start + size + size % 2  # chunks begin at even places
    return chunks


def _check_format(chunk: bytes) -> None:
    """Whether a `fmt ` chunk says PCM, 16 bit, mono, 16 kHz, and says it consistently."""
    if len(chunk) < _FORMAT.size:
        raise _damaged("its format is cut off")
    tag, channels, rate, byte_rate, frame_bytes, bits = _FORMAT.unpack_from(chunk)
    if tag == _EXTENSIBLE and len(chunk) >= _FORMAT.size + _EXTENSION.size:
        _, valid_bits, _, subtype = _EXTENSION.unpack_from(chunk, _FORMAT.size)
        tag = _PCM if subtype == _PCM_SUBTYPE and valid_bits == bits else tag
    if tag != _PCM:
        raise Problem(
            415, "not-pcm", "The sound in this WAV is encoded: send plain PCM samples, 16 bit."
        )
    if (channels, rate, bits) != (1, SAMPLE_RATE, 8 * SAMPLE_BYTES):
        raise Problem(
            415,
            "wrong-format",
            f"This WAV is {rate} Hz, {bits} bit, {channels} channel(s): "
            "record in 16000 Hz, 16 bit, 1 channel.",
        )
    if (byte_rate, frame_bytes) != (SAMPLE_RATE * SAMPLE_BYTES, SAMPLE_BYTES):
        raise _damaged("its format contradicts itself")


def _damaged(how: str) -> Problem:
    return Problem(422, "damaged-recording", f"The recording is damaged, {how}: record it again.")
