"""The sentences in a module: constants and f-strings that read like one, docstrings left out."""

import ast
import re
from collections.abc import Iterator

SENTENCE = re.compile(r"(?:[A-Z“]|\{\w+\} ).*\s.*\S[.?]$", re.DOTALL)
SILENT = {"log", "logger", "warnings", "RuntimeError", "AssertionError", "TypeError"}


def sentences(source: str) -> dict[str, bool]:
    """Each sentence, and whether values go into it; then their gaps are `{name}`."""
    finder = Finder()
    finder.visit(ast.parse(source))
    return finder.found


class Finder(ast.NodeVisitor):
    """Collects what reads like a sentence."""

    def __init__(self) -> None:
        self.found: dict[str, bool] = {}

    def visit_Expr(self, node: ast.Expr) -> None:
        """Docstrings are for readers of the code."""
        if not isinstance(node.value, ast.Constant):
            self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        """What goes to the log, or tells of a bug, stays English."""
        root = node.func
        while isinstance(root, ast.Attribute):
            root = root.value
        if not (isinstance(root, ast.Name) and root.id in SILENT):
            self.generic_visit(node)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        """An f-string becomes a sentence with named gaps."""
        self.take("".join(pieces(node)), has_values=True)

    def visit_Constant(self, node: ast.Constant) -> None:
        """A plain one."""
        if isinstance(node.value, str):
            self.take(node.value, has_values=False)

    def take(self, text: str, *, has_values: bool) -> None:
        """Keep it if it reads like a sentence."""
        if SENTENCE.match(text) and "\n" not in text and len(text) < 400:
            self.found[text] = has_values


def pieces(node: ast.JoinedStr) -> Iterator[str]:
    """The parts of an f-string, values as `{name}`."""
    used: dict[str, int] = {}
    for part in node.values:
        if isinstance(part, ast.Constant):
            yield str(part.value).replace("{", "{{").replace("}", "}}")
        elif isinstance(part, ast.FormattedValue):
            name = name_of(part.value)
            used[name] = used.get(name, 0) + 1
            yield f"{{{name}{used[name] if used[name] > 1 else ''}}}"


def name_of(node: ast.expr) -> str:
    """What to call a value: the name, attribute, key or argument that it is read from."""
    if isinstance(node, ast.Name):
        return node.id.lower()
    if isinstance(node, ast.Attribute):
        return node.attr.lower()
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        return re.sub(r"\W", "", str(node.slice.value)) or "value"
    if isinstance(node, ast.Call) and node.args:
        return name_of(node.args[0])
    return "value"
