"""Writes the generated parts of docs/: the operations, queries and events of every room.

A room's page keeps them between `<!-- generated -->` and `<!-- end -->`; what stands outside is
written by hand. `--check` only says which pages are out of date.
"""

import ast
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FLOORS = ("foundation", "registers", "papers", "books", "flows", "office")
PAGES = ROOT / "docs/rooms"
BEGIN, END = "<!-- generated -->", "<!-- end -->"
PARTS = {"operations": "Operations", "queries": "Queries", "events": "Events"}

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def rooms() -> dict[str, Path]:
    """Room → its folder, lowest floor first."""
    found = {}
    for floor in FLOORS:
        base = ROOT / "src/guilder" / floor
        for init in sorted(base.glob("*/__init__.py")):
            found[init.parent.name] = init.parent
    return found


def modules(room: Path, part: str) -> list[Path]:
    """The files of a part of a room: `operations.py` or those of the folder `operations/`."""
    single = room / f"{part}.py"
    return [single] if single.exists() else sorted((room / part).glob("*.py"))


def definitions(module: Path) -> list[Definition]:
    """The public functions and classes that a module defines."""
    tree = ast.parse(module.read_text(), filename=str(module))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return [n for n in tree.body if isinstance(n, kinds) and not n.name.startswith("_")]


def sentence(node: Definition) -> str:
    """The first sentence of a docstring, on one line."""
    text = (ast.get_docstring(node) or "").split("\n\n")[0]
    return " ".join(text.split())


def row(node: Definition) -> str:
    """One line of the list: the name with its parameters, and what it does."""
    called = node.name
    if not isinstance(node, ast.ClassDef):
        given = [argument.arg for argument in node.args.args]
        named = [f"{argument.arg}=" for argument in node.args.kwonlyargs]
        called += f"({', '.join(given + named)})"
    said = sentence(node)
    return f"- `{called}`" + (f": {said}" if said else "")


def generated(room: Path) -> str:
    """The text between the marks for one room: its public functions, and its events."""
    blocks = []
    for part, title in PARTS.items():
        nodes = [node for module in modules(room, part) for node in definitions(module)]
        wanted = ast.ClassDef if part == "events" else (ast.FunctionDef, ast.AsyncFunctionDef)
        rows = [row(node) for node in nodes if isinstance(node, wanted)]
        if rows:
            blocks.append(f"## {title}\n\n" + "\n".join(rows))
    return "\n\n".join(blocks)


def refreshed(page: str, text: str) -> str:
    """`page` with `text` between its marks; a page without marks gets them at its end."""
    if BEGIN not in page:
        page = page.rstrip() + f"\n\n{BEGIN}\n{END}\n"
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{text}\n\n{END}{after}"


def main(arguments: list[str]) -> int:
    stale = []
    for name, folder in rooms().items():
        page, text = PAGES / f"{name}.md", generated(folder)
        if not page.exists() or not text:
            continue
        wanted = refreshed(page.read_text(), text)
        if wanted == page.read_text():
            continue
        stale.append(page.relative_to(ROOT).as_posix())
        if "--check" not in arguments:
            page.write_text(wanted)
    print("\n".join(stale) or "every page is up to date")
    return 1 if stale and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
