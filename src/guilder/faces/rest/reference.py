"""The table of routes as a page of the docs."""

from pathlib import Path

from guilder.faces.rest import v1  # noqa: F401  (fills the table)
from guilder.faces.rest.routes import OPEN, ROUTES, SIGNED_IN

BEGIN, END = "<!-- routes -->\n", "<!-- /routes -->"
WORDS = {OPEN: "nobody in particular", SIGNED_IN: "anybody who is signed in"}


def as_markdown() -> str:
    """A row for each route: method, path, what it does, the permission that it needs."""
    lines = ["| method | path | does | needs |", "|---|---|---|---|"]
    for route in sorted(ROUTES, key=lambda one: (one.path, one.method)):
        needs = WORDS.get(route.permission, f"`{route.permission}`")
        lines.append(f"| {route.method} | `{route.path}` | {route.summary} | {needs} |")
    return "\n".join(lines) + "\n"


def write(page: Path) -> None:
    """Put the table between the marks of a page."""
    before, _, rest = page.read_text().partition(BEGIN)
    after = rest.partition(END)[2]
    page.write_text(f"{before}{BEGIN}{as_markdown()}{END}{after}")
