"""Each bad request has its status and its sentence, and leaves no trace."""

import struct

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.ingest.door import SECRET, bearer, form, problem
from tests.unit.ingest.sound import extensible, pcm_format, riff, tone, wav

GOOD = wav()
MP3 = b"ID3\x04\x00\x00\x00\x00\x00\x00" + b"\xff\xfb\x90\x64" * 100

BAD_RECORDINGS = {
    "text renamed .wav": (b"add a flag, please", 415, "not-a-wav"),
    "MP3 renamed .wav": (MP3, 415, "not-a-wav"),
    "MP3 inside a WAV": (riff((b"fmt ", pcm_format(tag=0x55)), (b"data", MP3)), 415, "not-pcm"),
    "floating point": (wav(tag=3, bits=32), 415, "not-pcm"),
    "extensible, floating point": (
        riff((b"fmt ", extensible(subtype=3)), (b"data", tone())),
        415,
        "not-pcm",
    ),
    "extensible, 12 of 16 bits": (
        riff((b"fmt ", extensible(valid_bits=12)), (b"data", tone())),
        415,
        "not-pcm",
    ),
    "an AVI film": (GOOD.replace(b"WAVE", b"AVI "), 415, "not-a-wav"),
    "44.1 kHz stereo": (wav(channels=2, rate=44_100), 415, "wrong-format"),
    "8 bit": (wav(bits=8), 415, "wrong-format"),
    "stereo": (wav(channels=2), 415, "wrong-format"),
    "48 kHz": (wav(rate=48_000), 415, "wrong-format"),
    "truncated in the sound": (GOOD[:-1000], 422, "damaged-recording"),
    "truncated in the header": (GOOD[:9], 422, "damaged-recording"),
    "sound that is said to be longer": (
        GOOD[:40] + struct.pack("<I", 1_000_000) + GOOD[44:],
        422,
        "damaged-recording",
    ),
    "sound that is said to be shorter": (
        GOOD[:40] + struct.pack("<I", 16_000) + GOOD[44:],
        422,
        "damaged-recording",
    ),
    "file that is said to be longer": (
        GOOD[:4] + struct.pack("<I", len(GOOD)) + GOOD[8:],
        422,
        "damaged-recording",
    ),
    "file that is said to be shorter": (
        GOOD + b"more\4\0\0\0more",
        422,
        "damaged-recording",
    ),
    "header of a stream": (
        GOOD[:4] + b"\xff\xff\xff\xff" + GOOD[8:],
        422,
        "damaged-recording",
    ),
    "byte rate that lies": (
        riff((b"fmt ", pcm_format()[:8] + b"\1\0\0\0" + pcm_format()[12:]), (b"data", tone())),
        422,
        "damaged-recording",
    ),
    "short format": (riff((b"fmt ", b"\1\0"), (b"data", tone())), 422, "damaged-recording"),
    "no format": (riff((b"data", tone())), 422, "damaged-recording"),
    "no sound": (riff((b"fmt ", pcm_format())), 422, "damaged-recording"),
    "two sounds": (
        riff((b"fmt ", pcm_format()), (b"data", tone()), (b"data", tone())),
        422,
        "damaged-recording",
    ),
    "half a sample": (wav(tone()[:-1]), 422, "damaged-recording"),
    "empty file": (b"", 422, "empty-recording"),
    "empty sound": (wav(b""), 422, "empty-recording"),
    "a click": (wav(tone(0.05)), 422, "empty-recording"),
    "61 seconds": (wav(tone(61)), 413, "too-long"),
    "a sample more than 60 seconds": (wav(tone(60) + b"\0\0"), 413, "too-long"),
    "digital silence": (wav(b"\0\0" * 16_000), 422, "digital-silence"),
    "a constant level": (wav(b"\7\0" * 16_000), 422, "digital-silence"),
    "dithered silence": (wav(b"\0\0\1\0\xff\xff" * 5_000), 422, "digital-silence"),
}


@pytest.mark.parametrize(
    ("file", "status", "kind"), BAD_RECORDINGS.values(), ids=BAD_RECORDINGS.keys()
)
def test_a_bad_recording_is_refused(door, file, status, kind):
    assert problem(door.send(audio=file)) == (status, kind)
    assert door.has_kept_nothing()


@pytest.mark.parametrize(
    ("fields", "status", "kind"),
    [
        ({}, 400, "no-request"),
        ({"repo": "ada/engine"}, 400, "no-request"),
        ({"text": " \r\n\t\0 "}, 400, "no-request"),
        ({"audio": GOOD, "text": "add a flag"}, 400, "audio-and-text"),
        ({"text": "x" * 4001}, 413, "text-too-long"),
        ({"text": "x" * 16_001}, 413, "text-too-long"),
        ({"text": b"\xff\xfe"}, 400, "not-utf-8"),
        ({"audio": GOOD, "repo": "not a repository"}, 400, "bad-repo"),
        ({"audio": GOOD, "repo": "https://gitlab.com/ada/engine"}, 400, "bad-repo"),
        ({"audio": GOOD, "repo": "x" * 301}, 413, "repo-too-long"),
        ({"audio": GOOD, "priority": "high"}, 400, "malformed-form"),
        ({"audio": b"\1" * (4 * 2**20)}, 413, "too-large"),
    ],
)
def test_a_bad_form_is_refused(door, fields, status, kind):
    assert problem(door.send(**fields)) == (status, kind)
    assert door.has_kept_nothing()


@pytest.mark.parametrize(
    ("content_type", "status", "kind"),
    [
        ("", 415, "not-a-form"),
        ("application/json", 415, "not-a-form"),
        ("audio/wav", 415, "not-a-form"),
        ("application/x-www-form-urlencoded", 415, "not-a-form"),
        ("multipart/form-data", 400, "malformed-form"),
        ("multipart/form-data; boundary=another", 400, "malformed-form"),
    ],
)
def test_a_body_that_is_no_form_is_refused(door, content_type, status, kind):
    body, _ = form(audio=GOOD)
    assert problem(door.post(body, content_type)) == (status, kind)
    assert door.has_kept_nothing()


def test_a_form_without_its_end_is_refused(door):
    body, content_type = form(audio=GOOD)
    for length in (0, 10, 100, len(body) // 2, len(body) - 6):
        assert problem(door.post(body[:length], content_type)) == (400, "malformed-form")
    assert door.has_kept_nothing()


def test_a_field_that_comes_twice_is_refused(door):
    body, content_type = form(text="add a flag")
    first = body[: body.rindex(b"--", 0, -4)]
    assert problem(door.post(first + body, content_type)) == (400, "malformed-form")
    assert door.has_kept_nothing()


@pytest.mark.parametrize(
    ("authorization", "kind"),
    [
        ("", "no-token"),
        ("Basic YWRhOnBhc3N3b3Jk", "no-token"),
        ("Bearer nonsense", "bad-token"),
        (bearer()[:-4] + "AAAA", "bad-token"),
        (bearer(exp=1), "token-expired"),
        (bearer(aud="anon"), "bad-token"),
        (bearer(iss="https://elsewhere.test/auth/v1"), "bad-token"),
        (bearer(sub="nobody"), "bad-token"),
    ],
)
def test_a_stranger_is_refused(door, authorization, kind):
    answer = door.send({"authorization": authorization}, audio=GOOD)
    assert problem(answer) == (401, kind)
    assert SECRET not in answer["body"]
    assert door.has_kept_nothing()


@pytest.mark.parametrize("key", ["", "x" * 201, "a b", "a\tb", "grün"])
def test_a_bad_idempotency_key_is_refused(door, key):
    answer = door.send({"idempotency_key": key}, audio=GOOD)
    assert problem(answer) == (400, "bad-idempotency-key")
    assert door.has_kept_nothing()


WHOLE_FORM, FORM_TYPE = form(audio=wav(tone(0.1)), repo="ada/engine")
CUTS = st.integers(0, len(WHOLE_FORM))
MANGLED_FORMS = st.builds(
    lambda at, size, noise: WHOLE_FORM[:at] + noise + WHOLE_FORM[at + size :],
    CUTS,
    st.integers(0, 200),
    st.binary(max_size=64),
)
ENCODED_FORMS = st.sampled_from(["base64", "quoted-printable", "x"]).map(
    lambda name: WHOLE_FORM.replace(
        b"Content-Type", f"Content-Transfer-Encoding: {name}\r\nX".encode()
    )
)
FORMS = st.one_of(
    st.binary(max_size=500), MANGLED_FORMS, ENCODED_FORMS, CUTS.map(lambda end: WHOLE_FORM[:end])
)
TYPES = st.one_of(
    st.just(FORM_TYPE), st.text(max_size=60), st.text(max_size=20).map(FORM_TYPE.__add__)
)
TOKENS = st.one_of(
    st.just(bearer()), st.text(max_size=60), st.text(max_size=60).map("Bearer ".__add__)
)
KEYS = st.one_of(st.uuids().map(str), st.text(max_size=20))
THOROUGH = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@THOROUGH
@given(FORMS, TYPES, TOKENS, KEYS)
def test_no_garbage_breaks_the_form(door, body, content_type, token, key):
    answer = door.post(body, content_type, authorization=token, idempotency_key=key)
    assert answer["statusCode"] == 202 or problem(answer)[0] in range(400, 500)


@THOROUGH
@given(st.integers(0, 60), st.binary(min_size=1, max_size=8))
def test_no_garbage_breaks_the_recording(door, at, noise):
    file = wav(tone(0.1))
    answer = door.send(audio=file[:at] + noise + file[at + len(noise) :])
    assert answer["statusCode"] == 202 or problem(answer)[0] in range(400, 500)
