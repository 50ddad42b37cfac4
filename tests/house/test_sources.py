"""How every source file reads: exact money, no clock below the doors, one thought to a file."""

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src/guilder"
BELOW_THE_DOORS = ("kernel", "registers", "papers", "books", "flows")
CLOCKS = {"now", "today", "utcnow", "localtime", "localdate"}
CLOCK_OWNERS = {"datetime", "date", "timezone"}
LONG_FILE, LONG_FUNCTION = 400, 60
# Table-like data may be long, and what is one tale.
LONG_FILES_WITH_A_REASON: dict[str, str] = {}
LONG_FUNCTIONS_WITH_A_REASON: dict[str, str] = {}
BANNED_NAMES = {"utils.py", "util.py", "helpers.py", "helper.py", "misc.py", "common.py"}


@cache
def sources() -> dict[str, ast.Module]:
    """Name below src/guilder → tree, migrations left out."""
    return {
        path.relative_to(SOURCE).as_posix(): ast.parse(path.read_text(), filename=str(path))
        for path in sorted(SOURCE.rglob("*.py"))
        if "migrations" not in path.parts
    }


def float_calls(tree: ast.AST) -> list[int]:
    """Lines on which `float(…)` is called."""
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "float"
    ]


def clock_calls(tree: ast.AST) -> list[int]:
    """Lines on which today or now is asked for, of datetime, date or django.utils.timezone."""
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr in CLOCKS
        and isinstance(node.value, ast.Name | ast.Attribute)
        and (node.value.id if isinstance(node.value, ast.Name) else node.value.attr) in CLOCK_OWNERS
    ]


def functions(tree: ast.AST) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return [node for node in ast.walk(tree) if isinstance(node, kinds)]


def test_no_float_anywhere() -> None:
    found = [f"{name}:{line}" for name, tree in sources().items() for line in float_calls(tree)]

    assert not found


def test_a_float_would_be_seen() -> None:
    assert float_calls(ast.parse("total = float('1.10')")) == [1]


def test_the_clock_comes_in_by_the_door() -> None:
    found = [
        f"{name}:{line}"
        for name, tree in sources().items()
        if name.startswith(BELOW_THE_DOORS) and not name.endswith("/tasks.py")
        for line in clock_calls(tree)
    ]

    assert not found


def test_a_clock_would_be_seen() -> None:
    tree = ast.parse("datetime.datetime.now()\ntimezone.now()\ndate.today()\nnow()")

    assert clock_calls(tree) == [1, 2, 3]


def test_every_module_opens_with_one_line() -> None:
    silent = [
        name
        for name, tree in sources().items()
        if tree.body and not (ast.get_docstring(tree) or "").strip()
    ]

    assert not silent


def test_no_file_outgrows_its_thought() -> None:
    lengths = {name: len((SOURCE / name).read_text().splitlines()) for name in sources()}
    long = {name for name, length in lengths.items() if length > LONG_FILE}

    assert long == set(LONG_FILES_WITH_A_REASON)


def test_no_function_outgrows_a_screen() -> None:
    long = {
        f"{name} {node.name}"
        for name, tree in sources().items()
        for node in functions(tree)
        if (node.end_lineno or 0) - node.lineno + 1 > LONG_FUNCTION
    }

    assert long == set(LONG_FUNCTIONS_WITH_A_REASON)


def test_no_file_is_called_utils() -> None:
    assert not [name for name in sources() if name.rsplit("/", 1)[-1] in BANNED_NAMES]
