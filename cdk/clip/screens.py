"""Screenshots of a web app, as a telephone shows it."""

import shutil
from collections.abc import Iterator, Sequence
from urllib.parse import urljoin

from playwright.sync_api import Browser, Error, sync_playwright

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
"""As Debian, Ubuntu and Google call it; `cdk/local/system-packages.sh browser` installs one."""

WIDTH, HEIGHT, DENSITY = 360, 640, 3
"""Of a telephone, in CSS pixels: 1080 by 1920 of its own, the shape in which Veo films."""
PATIENCE_MS = 30_000


class NoScreens(Exception):
    """No screenshots could be taken; the text says why."""


def photograph(url: str, paths: Sequence[str], token: str | None) -> list[bytes]:
    """A PNG of each page.

    Args:
        url: of the web app.
        paths: of its pages.
        token: of who shall be signed in; the app takes one in its address where its
            `developerSignIn` says so.

    Raises:
        NoScreens: there is no browser, or the app does not answer.
    """
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        raise NoScreens("There is no browser: cdk/local/system-packages.sh browser installs one.")
    with sync_playwright() as playwright:
        # Its sandbox needs more of a machine than CI and containers grant; the pages are our own.
        browser = playwright.chromium.launch(executable_path=program, chromium_sandbox=False)
        try:
            return list(_pages(browser, url, paths, token))
        except Error as error:
            raise NoScreens(f"{url} can't be photographed: {error.message}") from error
        finally:
            browser.close()


def _pages(browser: Browser, url: str, paths: Sequence[str], token: str | None) -> Iterator[bytes]:
    context = browser.new_context(
        viewport={"width": WIDTH, "height": HEIGHT},
        device_scale_factor=DENSITY,
        is_mobile=True,
        reduced_motion="reduce",
        color_scheme="light",
    )
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    if token:
        page.goto(urljoin(url, f"/#token={token}"), wait_until="networkidle")
    for path in paths:
        answer = page.goto(urljoin(url, path), wait_until="networkidle")
        if answer is None or not answer.ok:
            raise NoScreens(f"{path} was answered with {answer and answer.status}")
        yield page.screenshot(type="png", animations="disabled")
