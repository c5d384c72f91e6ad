"""The app in a real browser, with a recording as its microphone."""

import re
import shutil
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from cdk.clip.screens import BROWSERS
from tests.e2e.system import ROOT, SPEECH, Person

PHONE = {"width": 390, "height": 844}
PATIENCE_MS = 60_000
AXE = ROOT / "mobile/node_modules/axe-core/axe.min.js"


@dataclass(frozen=True)
class App:
    """The app on one person's screen; every step goes through what a screen reader finds."""

    page: Page
    person: Person

    def opens(self, path: str = "/") -> None:
        """Go to an address of the app, signed in."""
        self.page.goto(f"{self._web}{path}#token={self.person.token}")
        expect(self.page.get_by_role("navigation", name="Main")).to_be_visible()
        expect(self.page).not_to_have_url(re.compile("token="))

    def says(self, recording: str) -> None:
        """Press, speak, and press again: all of a recording, whose sound is the microphone's."""
        self.button("Speak").click()
        with wave.open(str(SPEECH / f"{recording}.wav")) as wav:
            seconds = wav.getnframes() / wav.getframerate()
        spoken = re.compile(
            rf"^({'|'.join(map(str, range(int(seconds) + 1, 60)))}) seconds recorded"
        )
        expect(self.page.get_by_role("timer", name=spoken)).to_be_visible()
        self.button("Send what you said").click()

    def button(self, name: str) -> Locator:
        """A button by the name that it is read out with."""
        return self.page.get_by_role("button", name=name, exact=True)

    def link(self, *texts: str | re.Pattern[str]) -> Locator:
        """A link that says all of these; the first of several."""
        links = self.page.get_by_role("link")
        for text in texts:
            links = links.filter(has_text=text)
        return links.first

    def sees(self, text: str | re.Pattern[str]) -> Locator:
        """Wait until a text, whole or by a pattern, is on the screen."""
        found = self.page.get_by_text(text, exact=True).filter(visible=True).first
        expect(found).to_be_visible()
        return found

    def faults(self) -> list[str]:
        """What axe finds that keeps somebody from using the page (WCAG 2.1 A and AA)."""
        self.page.evaluate(AXE.read_text())
        found = self.page.evaluate(
            "() => axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] })"
        )
        return [
            f"{fault['id']}: {node['html']}"
            for fault in found["violations"]
            for node in fault["nodes"]
        ]

    @property
    def _web(self) -> str:
        return str(self.person.system.endpoints["web"])


@contextmanager
def browser(recording: str) -> Iterator[Browser]:
    """Start a browser that hears a recording, once, whenever a page opens the microphone."""
    path = next(filter(None, map(shutil.which, BROWSERS)))
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=path,
            chromium_sandbox=False,
            args=[
                "--use-fake-device-for-media-stream",
                f"--use-file-for-fake-audio-capture={SPEECH / recording}.wav%noloop",
                "--disable-background-networking",
                "--disable-gpu",
            ],
        )
        yield chromium
        chromium.close()


@contextmanager
def app(person: Person, recording: str) -> Iterator[App]:
    """The app on a new phone of a person, who may use its microphone."""
    expect.set_options(timeout=PATIENCE_MS)
    with browser(recording) as chromium:
        context = chromium.new_context(viewport=PHONE, permissions=["microphone"])
        context.set_default_timeout(PATIENCE_MS)
        yield App(context.new_page(), person)
