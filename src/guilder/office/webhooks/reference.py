"""The catalogue of events as a part of the guide."""

from pathlib import Path

from guilder.office.webhooks.bodies import catalogue_of_events

BEGIN, END = "<!-- events -->\n", "<!-- /events -->"
SHAPES = {
    "invoice": "an invoice",
    "credit": "the credit note",
    "quote": "a quote",
    "payment": "a payment",
    "partner": "a client or supplier",
    "item": "an item",
}


def as_markdown() -> str:
    """A row for each type: when it comes, what `event` says beside its id, what `data` holds."""
    lines = ["| type | when | `event` | `data` |", "|---|---|---|---|"]
    for one in catalogue_of_events():
        fields = ", ".join(f"`{name}`" for name in one["fields"])
        shape = SHAPES.get(one["resource"], "the same as `event`")
        words = one["words"].replace("|", "/")
        lines.append(f"| `{one['type']}` | {words} | {fields} | {shape} |")
    return "\n".join(lines) + "\n"


def write(page: Path) -> None:
    """Put the catalogue between the marks of a page."""
    before, _, rest = page.read_text().partition(BEGIN)
    after = rest.partition(END)[2]
    page.write_text(f"{before}{BEGIN}{as_markdown()}{END}{after}")
