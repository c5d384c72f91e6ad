"""A made-up Python project of 5,000 files, the same each time."""

from pathlib import Path
from random import Random

PACKAGES, MODULES, TESTS, DATA = 100, 41, 1, 6
"""Of these last three, so many in each package; with `__init__.py` and a README 50 files."""

_NOUNS = """
    account amount balance batch buffer cache channel client column config count currency cursor
    customer device document driver entry event field filter frame group handle header
    index invoice item journal kernel label ledger level limit line link loader manager margin
    market matrix measure member message method metric model node number offset option order
    owner packet page parser path payment period person phase point policy pool port price
    process product profile queue quote range rate reader record region report request result
    route row rule sample schedule schema score section sensor series session shape signal slot
    source stage state status step stock store stream subject symbol table target task tax
    template tenant term ticket timer token total trace track trade tree unit value vector
""".split()  # noqa: SIM905 - a list of words reads better so

_FUNCTION = '''

def {a}_{b}_{number}({c}: int, factor: int = {factor}) -> int:
    """Combine the {a} with the {b} of a {c}.

    The {d} is scaled by the {e} before the {c} is known.
    """
    {a} = {c} * factor
    {b} = {a} + {summand}
    return {b} - {a} if {c} < 0 else {b}
'''

_TEST = '''"""Part {part}, module {module}."""

from project.part_{part:03} import module_{module:02}


def test_it_says_what_it_is() -> None:
    assert module_{module:02}.__doc__
'''


def files() -> dict[str, str]:
    """Text by path: 5,002 files, 19 MB."""
    random = Random(7)  # noqa: S311 - nothing is kept secret by it
    made = {
        "README.md": "# Big\n\nA project of many files.\n",
        "pyproject.toml": '[tool.pytest.ini_options]\npythonpath = ["."]\n',
    }
    for part in range(PACKAGES):
        package = f"project/part_{part:03}"
        made[f"{package}/__init__.py"] = ""
        made[f"{package}/README.md"] = " ".join(random.choices(_NOUNS, k=300)) + "\n"
        for module in range(MODULES):
            functions = (_function(random, number) for number in range(12))
            made[f"{package}/module_{module:02}.py"] = (
                f'"""Part {part}, module {module}."""\n' + "".join(functions)
            )
        for number in range(DATA):
            numbers = ", ".join(f"{random.random():.9f}" for _ in range(500))
            made[f"{package}/data_{number}.json"] = f"[{numbers}]\n"
        for module in range(TESTS):
            test = _TEST.format(part=part, module=module)
            made[f"tests/part_{part:03}/test_part_{part:03}_module_{module:02}.py"] = test
    return made


def write(folder: Path) -> None:
    """Write the project's files to a folder."""
    for path, text in files().items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)


def _function(random: Random, number: int) -> str:
    a, b, c, d, e = random.sample(_NOUNS, 5)
    factor, summand = random.randint(2, 99), random.randint(1, 999)
    return _FUNCTION.format(a=a, b=b, c=c, d=d, e=e, number=number, factor=factor, summand=summand)
