"""The multipart form of `POST /task`, read with limits and nothing trusted."""

import unicodedata
from dataclasses import dataclass
from typing import Any

from python_multipart import FormParser
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import Field, File, parse_options_header

from contracts.http import Problem, Request

LARGEST_BODY_BYTES = 4 * 2**20
"""What API Gateway hands to a Lambda, less what base64 adds; a minute of audio is 1.92 MB."""
LONGEST_TEXT = 4000
LONGEST_FIELD_BYTES = {"audio": LARGEST_BODY_BYTES, "text": 4 * LONGEST_TEXT, "repo": 300}


@dataclass(frozen=True)
class Upload:
    """What a person sent: exactly one of a recording (raw bytes) and a text."""

    audio: bytes | None
    text: str
    repo: str

    @classmethod
    def of(cls, request: Request) -> "Upload":
        """Read the form of a request.

        Raises:
            Problem: 400 malformed, 413 too large, 415 not `multipart/form-data`.
        """
        if len(request.body) > LARGEST_BODY_BYTES:
            raise Problem(413, "too-large", "The upload is too large: record at most 60 seconds.")
        fields = _fields(request)
        audio = fields.get("audio")
        text, repo = (_text(fields.get(name, b"")) for name in ("text", "repo"))
        if audio is not None and text:
            raise Problem(400, "audio-and-text", "Send either a recording or a text, not both.")
        if audio is None and not text:
            raise Problem(
                400, "no-request", "Send a recording as the form's `audio`, or words as its `text`."
            )
        if len(text) > LONGEST_TEXT:
            raise Problem(
                413, "text-too-long", f"The text is too long: {LONGEST_TEXT} characters at most."
            )
        return cls(audio, text, repo)


def _fields(request: Request) -> dict[str, bytes]:
    """The form's parts by name; a name comes once."""
    media_type, options = parse_options_header(request.headers.get("content-type", "").encode())
    if media_type != b"multipart/form-data":
        raise Problem(415, "not-a-form", "Send the request as multipart/form-data.")
    fields: dict[str, bytes] = {}
    ended = False

    def keep(name: bytes | None, value: bytes) -> None:
        known = (name or b"").decode("latin-1")
        if known not in LONGEST_FIELD_BYTES or known in fields:
            raise FormParserError("a field is unknown, or there twice")
        if len(value) > LONGEST_FIELD_BYTES[known]:
            raise Problem(413, f"{known}-too-long", f"The form's `{known}` is too long.")
        fields[known] = value

    def on_field(field: Field) -> None:
        keep(field.field_name, field.value or b"")

    def on_file(file: File) -> None:
        file.file_object.seek(0)
        keep(file.field_name, file.file_object.read())

    def on_end() -> None:
        nonlocal ended
        ended = True

    # Nothing of an upload touches the disk: the body is in memory, and bounded, already.
    in_memory: dict[Any, Any] = {"MAX_MEMORY_FILE_SIZE": LARGEST_BODY_BYTES + 1}
    try:
        parser = FormParser(
            "multipart/form-data",
            on_field,
            on_file,
            on_end,
            boundary=options.get(b"boundary"),
            config=in_memory,
        )
        parser.write(request.body)
        parser.finalize()
    except FormParserError as error:
        raise _malformed() from error
    if not ended:
        raise _malformed()
    return fields


def _malformed() -> Problem:
    return Problem(
        400,
        "malformed-form",
        "The form can't be read: send one whole part each for `audio` or `text`, and `repo`.",
    )


def _text(value: bytes) -> str:
    """Typed words: UTF-8, plain line ends, no control characters, no space around."""
    try:
        lines = value.decode().splitlines()
    except UnicodeDecodeError as error:
        raise Problem(400, "not-utf-8", "The form's text must be UTF-8.") from error
    kept = (
        "".join(char for char in line if char == "\t" or unicodedata.category(char) != "Cc")
        for line in lines
    )
    return "\n".join(kept).strip()
