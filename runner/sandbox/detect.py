"""Which boxes this machine can make."""

from collections.abc import Callable
from typing import Literal

from runner.sandbox.bubblewrap import Bubblewrap
from runner.sandbox.docker import Docker
from runner.sandbox.sandbox import NoSandbox, Sandbox

Name = Literal["auto", "docker", "podman", "bubblewrap"]

_HOW_TO_GET_ONE = (
    "there is nothing to box untrusted code with. Either install bubblewrap (apt-get install "
    "bubblewrap), or docker or podman and then make the image of the boxes (make image)"
)


def choose(name: Name, image: str) -> Sandbox:
    """The sandbox of a name; with `auto`, the first of docker, podman and bubblewrap that works.

    Args:
        name: what the settings say.
        image: of the boxes that docker or podman make.

    Raises:
        NoSandbox: it does not work here; the message says how to get one.
    """
    known: dict[str, Callable[[], Sandbox]] = {
        "docker": lambda: Docker("docker", image),
        "podman": lambda: Docker("podman", image),
        "bubblewrap": Bubblewrap,
    }
    if name != "auto":
        return known[name]()
    for make in known.values():
        try:
            return make()
        except NoSandbox:
            continue
    raise NoSandbox(_HOW_TO_GET_ONE)
