"""x."""

TASKS = {"stdin": 1}


def run(*a, **k): ...
