"""Pure rules of intake: whether a hybrid PDF says to people what it says to programs."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from guilder.kernel import identifiers
from guilder.kernel.document import Document
from guilder.papers.exchange.formats.record import amount_text

# Amounts as people write them: 1.234,56 or 1,234.56 or 1 234,56 or 1'234.56 or 119.
AMOUNT = re.compile(r"(?<![\w.,])\d{1,3}(?:[.,'\u2019\u00a0\u202f ]\d{3})+(?:[.,]\d{1,3})?(?![\w])"
                    r"|(?<![\w.,])\d+(?:[.,]\d{1,3})?(?![\w])")  # fmt: skip
ACCOUNT = re.compile(r"\b[A-Z]{2}\d{2}(?:[ \u00a0]?[A-Z0-9]){11,30}")
WHITE = re.compile(r"\s+")
ENOUGH = 40  # letters and digits below which a page is a picture, and nothing can be compared


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """Something that a person should look at: a code, and the values on both sides."""

    code: str
    ours: str = ""  # what the data say
    theirs: str = ""  # what the page, or what we know, says

    def as_plain(self) -> dict[str, str]:
        """As plain data, to store."""
        return {"code": self.code, "ours": self.ours, "theirs": self.theirs}


def disagreements(
    document: Document, text: str, *, due: Decimal | None, gross: Decimal | None
) -> Iterator[Doubt]:
    """What the page of a hybrid PDF says otherwise than its XML: number, amount, account.

    `due` and `gross` are what the XML states. A page without a text layer says nothing. What was
    prepaid may be missing on a page, so its gross total is taken for the amount too.
    """
    if sum(one.isalnum() for one in text) < ENOUGH:
        return
    squeezed = WHITE.sub("", text).casefold()
    if document.number and WHITE.sub("", document.number).casefold() not in squeezed:
        yield Doubt(code="hybrid.number", ours=document.number)
    wanted = {abs(one).normalize() for one in (due, gross) if one}
    shown = amounts_in(text)
    if wanted and shown and not wanted & shown:
        told = due if due else gross
        yield Doubt(
            code="hybrid.amount",
            ours=f"{amount_text(told, document.currency)} {document.currency}",
            theirs=f"{amount_text(largest(shown), document.currency)} {document.currency}",
        )
    accounts, printed = accounts_of(document), accounts_in(text)
    if accounts and printed and not accounts & printed:
        yield Doubt(
            code="hybrid.account",
            ours=identifiers.format_iban(min(accounts)),
            theirs=identifiers.format_iban(min(printed)),
        )


def amounts_in(text: str) -> frozenset[Decimal]:
    """Every amount in a text, whichever way it is written; a mark may mean either."""
    found: set[Decimal] = set()
    for match in AMOUNT.finditer(text):
        found.update(readings_of(match.group()))
    return frozenset(found)


def readings_of(word: str) -> Iterator[Decimal]:
    """What a written number may mean: its last mark is the decimal one, or none is."""
    digits = re.sub(r"\D", "", word)
    marks = [place for place, one in enumerate(word) if not one.isdigit()]
    if marks and word[marks[-1]] in ".,":
        decimals = len(word) - marks[-1] - 1
        yield Decimal(digits).scaleb(-decimals).normalize()
        if decimals != 3:
            return
    yield Decimal(digits).normalize()


def accounts_in(text: str) -> frozenset[str]:
    """Every IBAN in a text that is one by its check digits."""
    found: set[str] = set()
    for match in ACCOUNT.finditer(text):
        compact = WHITE.sub("", match.group())
        for length in range(len(compact), 14, -1):  # words behind it may have been taken along
            try:
                found.add(identifiers.iban(compact[:length]))
            except identifiers.InvalidIdentifier:
                continue
            break
    return frozenset(found)


def accounts_of(document: Document) -> frozenset[str]:
    """The IBANs that a paper asks to be paid to (BT-84)."""
    found: set[str] = set()
    for means in document.payment:
        for transfer in means.transfers:
            try:
                found.add(identifiers.iban(transfer.account))
            except identifiers.InvalidIdentifier:
                continue
    return frozenset(found)


def largest(values: Iterable[Decimal]) -> Decimal:
    """The largest amount on a page that has decimals: most likely its total."""
    every = list(values)
    told = [one for one in every if one != one.to_integral_value()] or every
    return max(told)
