"""`make clip`: screenshots of a stage become an eight-second clip, whose link is pushed."""

import argparse
import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args
from uuid import UUID

from botocore.exceptions import BotoCoreError, ClientError
from rich.console import Console

from cdk.clip.request import Maker
from cdk.clip.screens import NoScreens, photograph
from cdk.clip.sign_in import NotSignedIn, Person, sign_in
from cdk.clip.stages import Here, NoClip, on_aws, seconds
from cdk.local.processes import LocalError
from cdk.local.settings import LocalSettings
from cdk.stage import Stage, StageError

PAGES = ("/", "/tasks")
"""Those that show nobody's address."""
PROMPT = Path(__file__).with_name("prompt.txt")

progress = Console(stderr=True, highlight=False)


def main() -> int:
    """Ask for a clip; 0 when it worked, 1 with a sentence when not."""
    options = _parser().parse_args()
    try:
        answer = _here(options) if options.stage == "local" else _on_aws(options)
    except (StageError, LocalError, NoScreens, NotSignedIn, NoClip) as error:
        progress.print(str(error), style="red", markup=False, soft_wrap=True)
        return 1
    except (BotoCoreError, ClientError) as error:
        progress.print(f"AWS refused: {error}", style="red", markup=False, soft_wrap=True)
        return 1
    if options.json:
        print(json.dumps(answer, indent=2, ensure_ascii=False))
    else:
        for name, fact in answer.items():
            print(f"{name:<8} {fact}")
    return 0


def _here(options: argparse.Namespace) -> dict[str, Any]:
    here = Here.of(LocalSettings())
    # A real tag is one clip for ever; on this machine each run shall show another one.
    tag = options.tag or f"weekly-{datetime.now(UTC):%Y-%m-%d-%H%M%S}"
    url = options.url or here.endpoints.get("web")
    if not url:
        raise LocalError("There is no web app yet: `make up` builds it, or name one by --url.")
    shots = _photograph(options, url, here.token)
    maker: Maker = options.maker or "ffmpeg"
    demo_id = here.place.ask(tag, options.prompt.read_text(), shots, here.user_id, maker)
    _tell(f"asked for clip {demo_id}, by {maker}")
    file = here.fetch(demo_id)
    push = here.push(demo_id)
    return {
        "tag": tag,
        "clip": str(file),
        "seconds": round(seconds(file), 3),
        "push": f"{push['title']}: {push['body']}" if "title" in push else push,
        "link": push["data"]["url"],
    }


def _on_aws(options: argparse.Namespace) -> dict[str, Any]:
    stage = Stage.of(options.stage)
    if not options.tag:
        raise StageError("Which tag? Name it by --tag.")
    person = sign_in(stage, os.environ) if os.environ.get("CLIP_EMAIL") else None
    user_id = _user_id(person)
    token = person.token if person else None
    shots = _photograph(options, options.url or stage.web_origin, token)
    place = on_aws(stage)
    demo_id = place.ask(options.tag, options.prompt.read_text(), shots, user_id, options.maker)
    return {"tag": options.tag, "clip": f"clips/{demo_id}.mp4", "told": str(user_id)}


def _user_id(person: Person | None) -> UUID:
    """Whom the clip is pushed to."""
    said = os.environ.get("CLIP_USER_ID")
    if said:
        return UUID(said)
    if person:
        return person.id
    raise NotSignedIn("Who is told? CLIP_USER_ID, or CLIP_EMAIL and CLIP_PASSWORD, say so.")


def _photograph(options: argparse.Namespace, url: str, token: str | None) -> list[bytes]:
    _tell(f"photographing {url}")
    return photograph(url, options.page or PAGES, token)


def _tell(text: str) -> None:
    progress.print(text, style="dim", markup=False)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m cdk.clip", description=__doc__)
    parser.add_argument("--stage", default="local", help="local by default")
    parser.add_argument("--tag", help="the release it shows; one tag is one clip")
    parser.add_argument("--url", help="of the web app, if it is not the stage's own")
    parser.add_argument("--page", action="append", help=f"a path; by default {' '.join(PAGES)}")
    parser.add_argument("--prompt", type=Path, default=PROMPT, help="a file: what Veo shall film")
    parser.add_argument("--maker", choices=get_args(Maker), help="veo costs money")
    parser.add_argument("--json", action="store_true", help="one JSON document")
    return parser


if __name__ == "__main__":
    sys.exit(main())
