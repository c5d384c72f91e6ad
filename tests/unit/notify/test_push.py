"""A push is made to fit, and never cut in the middle of a character."""

import json

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from services.notify.expo import message_of, size_of
from services.notify.push import MOST_BYTES, Push, Text, clipped

FAMILY = "👩‍👩‍👧"


def push(body: str = "Add a flag.", **data: str | None) -> Push:
    return Push(
        to="ExponentPushToken[phone]",
        text=Text("✅ wordcount", body),
        category="task_done",
        collapse_id="1",
        is_loud=True,
        has_sound=False,
        data={"url": "/tasks/1", **data},
    )


def weight(one: Push) -> int:
    return len(json.dumps(message_of(one), ensure_ascii=False).encode())


def test_what_fits_stays_as_it_is():
    room = MOST_BYTES - weight(push(""))
    assert push("x" * room).fitting(size_of) == push("x" * room)
    assert push("x" * (room + 1)).fitting(size_of).text.body == "x" * (room - 3) + "…"


@pytest.mark.parametrize("body", ["x" * 9000, FAMILY * 900, '"\\' * 5000, "é" * 5000, "🇩🇪" * 900])
def test_the_body_gives_way_first(body):
    short = push(body).fitting(size_of)
    assert weight(short) <= MOST_BYTES
    assert weight(short) > MOST_BYTES - 60
    assert short.data == {"url": "/tasks/1"}
    assert set(regex.findall(r"\X", short.text.body)) <= {*regex.findall(r"\X", body), "…"}


def test_then_the_data_but_the_url():
    short = push("words", diff="x" * 9000).fitting(size_of)
    assert short.data == {"url": "/tasks/1"}
    assert weight(short) <= MOST_BYTES


@given(st.text(max_size=300), st.integers(min_value=1, max_value=400))
def test_a_clipped_text_is_shorter_by_what_was_asked_and_whole(text, excess):
    short = clipped(text, excess)
    assert short == "" or len(short.encode()) <= len(text.encode()) - excess
    assert text.startswith(short.removesuffix("…"))
    assert short.encode().decode() == short
    characters = regex.findall(r"\X", text)
    kept = regex.findall(r"\X", short.removesuffix("…"))
    assert kept == characters[: len(kept)]
