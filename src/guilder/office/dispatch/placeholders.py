"""The language of mail templates: {{ name }}, looked up in a closed vocabulary, and nothing else.

No logic, no attribute access, no engine: a template can only say where a plain string goes.
"""

import re
from collections.abc import Iterable, Mapping

from guilder.kernel.errors import Invalid

# Name → what is put there.
VOCABULARY = {
    "client.name": "the client's name",
    "client.contact": "the contact person, else the client's name",
    "document.kind": "invoice, credit note, quote and so on",
    "document.number": "the number",
    "document.issued_on": "the issue date",
    "document.due_on": "the date until which it is to be paid",
    "document.total": "the total with tax",
    "document.due": "what is to be paid",
    "document.period": "the days that a statement covers",
    "document.pay_link": "the client's own page of the document; the line goes where there is none",
    "reminder.list": "the open documents of a reminder, one a line",
    "reminder.interest": "the interest that a reminder asks for; the line goes where there is none",
    "reminder.costs": "fee and lump sum of a reminder; the line goes where there are none",
    "organization.name": "your name",
    "organization.email": "your mail address",
    "organization.phone": "your telephone number",
    "sender.name": "the person who sends it",
    "message": "the words typed when sending",
}
# What may well be missing: a line that names it goes with it.
OPTIONAL = frozenset(
    {"document.due_on", "document.pay_link", "reminder.interest", "reminder.costs"}
)
MARK = re.compile(r"\{\{\s*([^{}\s]{1,60})\s*\}\}")
LEFTOVER = re.compile(r"\{\{|\}\}")
MOST = 20_000


class UnknownPlaceholder(Invalid):
    """A template names something that is not in the vocabulary."""

    code = "dispatch.unknown_placeholder"


class TemplateTooLong(Invalid):
    """A template is longer than a mail should be."""

    code = "dispatch.template_too_long"


def check(template: str, *, vocabulary: Iterable[str] = VOCABULARY) -> None:
    """Raise UnknownPlaceholder or TemplateTooLong unless `template` can be filled."""
    if len(template) > MOST:
        raise TemplateTooLong(f"Use at most {MOST} characters.")
    known = set(vocabulary)
    for name in MARK.findall(template):
        if name not in known:
            raise UnknownPlaceholder(
                f"There is no placeholder “{name}”. Known are: {', '.join(sorted(known))}."
            )
    if LEFTOVER.search(MARK.sub("", template)):
        raise UnknownPlaceholder(
            "A {{ or }} stands alone. Write placeholders as {{ document.number }}."
        )


def fill(template: str, values: Mapping[str, str]) -> str:
    """`template` with every placeholder replaced once; values are never read as templates.

    What has no value becomes empty; lines that hold nothing but an empty placeholder go, and so do
    those that name what is OPTIONAL and missing.
    """
    check(template, vocabulary=(*VOCABULARY, *values))
    lines = []
    missing = {name for name in OPTIONAL if not values.get(name)}
    for line in template.splitlines():
        if missing.intersection(MARK.findall(line)):
            continue
        filled = MARK.sub(lambda found: values.get(found[1], ""), line)
        if filled.strip() or not MARK.search(line):
            lines.append(filled.rstrip())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"


def fill_line(template: str, values: Mapping[str, str]) -> str:
    """A subject: one line, without control characters."""
    filled = fill(template, values)
    return " ".join("".join(c if c.isprintable() else " " for c in filled).split())
