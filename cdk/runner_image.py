"""Which image the runners run: named by what goes into it, so that a template can't lie."""

import subprocess
from functools import cache
from pathlib import Path

TAG = Path(__file__).parents[1] / "runner" / "image" / "tag.sh"


@cache
def tag() -> str:
    """The tag of the image that this tree makes: 16 hexadecimal digits."""
    return subprocess.run([TAG], check=True, capture_output=True, text=True).stdout.strip()
