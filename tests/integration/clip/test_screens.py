"""Screenshots by a real browser, of pages that answer well and badly."""

import io
from collections.abc import Iterator

import pytest
from PIL import Image
from werkzeug.wrappers import Request, Response

from cdk.clip.screens import NoScreens, photograph
from services.report.slideshow import screenshot
from tests.integration.local.conftest import serving

PAGE = """<!doctype html><meta name=viewport content="width=device-width">
<body style="margin:0;background:{colour}"><script>
const token = new URLSearchParams(location.hash.slice(1)).get('token');
if (token) sessionStorage.setItem('token', token);
if (sessionStorage.getItem('token') === 'adas') document.body.style.background = '#00ff00';
</script>"""
COLOURS = {"/": "#ff0000", "/tasks": "#0000ff"}


@Request.application
def web(request: Request) -> Response:
    """Pages of one colour each, green once somebody is signed in."""
    colour = COLOURS.get(request.path)
    if colour is None:
        return Response("gone", 404)
    return Response(PAGE.format(colour=colour), content_type="text/html")


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with serving(web) as url:
        yield url


def colours(shots: list[bytes]) -> list[tuple[int, ...]]:
    pictures = [Image.open(io.BytesIO(shot)).convert("RGB") for shot in shots]
    assert {picture.size for picture in pictures} == {(1080, 1920)}
    return [picture.getpixel((500, 900)) for picture in pictures]


def test_each_page_is_seen_as_a_telephone_shows_it(url: str):
    shots = photograph(url, ["/", "/tasks"], None)
    assert colours(shots) == [(255, 0, 0), (0, 0, 255)]
    assert [screenshot(shot).size for shot in shots] == [(1080, 1920)] * 2


def test_whoever_is_signed_in_stays_so_from_page_to_page(url: str):
    assert colours(photograph(url, ["/", "/tasks"], "adas")) == [(0, 255, 0)] * 2


def test_a_page_that_is_not_there_is_no_picture(url: str):
    with pytest.raises(NoScreens, match="/gone was answered with 404"):
        photograph(url, ["/", "/gone"], None)


def test_an_app_that_does_not_answer_is_said_so():
    with pytest.raises(NoScreens, match="can't be photographed"):
        photograph("http://127.0.0.1:1", ["/"], None)


def test_without_a_browser_it_is_said_how_to_get_one(monkeypatch: pytest.MonkeyPatch, url: str):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(NoScreens, match=r"system-packages\.sh browser"):
        photograph(url, ["/"], None)
