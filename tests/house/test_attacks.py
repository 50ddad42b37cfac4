"""The list of attacks names a test for every row, and every test that it names exists."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/operate/attacks.md"
CLASSES = {"A": 14, "B": 8, "C": 3, "D": 5, "E": 6, "F": 3, "G": 7, "H": 3, "I": 5, "J": 3, "K": 4, "L": 3}  # fmt: skip
ROW = re.compile(r"^\| ([A-L]\d+) \| (.+?) \| (.+) \|$", re.MULTILINE)
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")
MOST_WITHOUT = 6


def rows() -> dict[str, str]:
    """Row → what proves it."""
    return {found[1]: found[3] for found in ROW.finditer(PAGE.read_text())}


def written_in(path: Path) -> set[str]:
    return {
        node.name
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }


def test_every_row_is_there() -> None:
    wanted = {f"{letter}{n}" for letter, most in CLASSES.items() for n in range(1, most + 1)}

    assert set(rows()) == wanted
    assert len(wanted) == 64


@pytest.mark.parametrize("row", rows())
def test_a_row_names_tests_that_exist(row: str) -> None:
    proof = rows()[row]
    named = NAMED.findall(proof)

    assert named or proof.startswith("Cannot apply: ")
    for path, name in named:
        assert (ROOT / path).exists(), path
        assert name in written_in(ROOT / path), name


def test_few_rows_cannot_apply() -> None:
    without = [row for row, proof in rows().items() if not NAMED.search(proof)]

    assert len(without) <= MOST_WITHOUT


def test_a_test_of_an_attack_names_its_row() -> None:
    """Whoever reads a test in tests/attacks learns which row it is for."""
    listed = set(rows())
    for path in sorted((ROOT / "tests/attacks").glob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.FunctionDef) or not node.name.startswith("test_"):
                continue
            said = ast.get_docstring(node) or ""
            named = set(re.findall(r"\b([A-L]\d{1,2})\b", said.partition(":")[0]))
            assert named <= listed, (path.name, node.name)
