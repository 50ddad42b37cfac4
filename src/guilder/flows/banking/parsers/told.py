"""What `:86:` tells of an MT940 entry, in each dialect."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from guilder.flows.banking.parsers.record import squeezed
from guilder.flows.banking.parsers.values import comma_amount

SUBFIELD = re.compile(r"(?:^|(?<=.))[?<>~](\d{2})", re.DOTALL)
SEPA = re.compile(
    r"(?:^|(?<=[ +]))(EREF|KREF|MREF|CRED|DEBT|SVWZ|ABWA|ABWE|IBAN|BIC|COAM|OAMT|PURP|RREF)[+:]"
)
SLASHED = re.compile(
    r"/(EREF|ORDP|BENM|NAME|REMI|IBAN|BIC|TRTP|CSID|MARF|USTD|STRD|ISDT|PREF|RTRN|OCMT|CHGS|CNTP"
    r"|TRCD|PURP|ULTD|ULTB|ADDR|SVCL|KREF|ID|PY|PT)/"
)
LABELLED = re.compile(r"(?:^|;)\s*([A-Z][A-Z. ]{1,12}):")
MONEY = re.compile(r"([A-Z]{3})\s?(\d{1,12}[,.]?\d{0,4})", re.ASCII)
IBAN = re.compile(r"\b[A-Z]{2}\d{2}[A-Z0-9]{11,30}\b", re.ASCII)


@dataclass(slots=True)
class Told:
    """What an entry's own text says."""

    text: str = ""
    name: str = ""
    account: str = ""
    reference: str = ""
    end_to_end: str = ""
    code: str = ""
    original_amount: Decimal | None = None
    original_currency: str = ""
    charges: Decimal | None = None


def told(tag: str, value: str) -> Told:
    """What is told; empty for no text."""
    if not value.strip():
        return Told()
    if tag == "NS":
        return numbered_lines(value)
    flat = value.replace("\n", "")
    for pattern, reader in DIALECTS:
        if pattern.search(flat):
            return reader(flat)
    text = squeezed(value.replace("\n", " "))
    found = IBAN.search(text)
    return Told(text=text[:2000], account=found[0] if found else "")


def subfields(flat: str) -> Told:
    """?00 booking text, ?20–?29 and ?60–?63 remittance, ?31 account, ?32–?33 name."""
    parts = SUBFIELD.split(flat)
    values: dict[str, str] = {}
    for code, text in zip(parts[1::2], parts[2::2], strict=False):
        values[code] = values.get(code, "") + text
    lines = [values[code] for code in sorted(values) if code[0] == "2" or "60" <= code <= "63"]
    said = labelled_sepa("".join(padded(line) for line in lines).strip())
    said.name = said.name or squeezed(values.get("32", "") + values.get("33", ""))
    said.account = values.get("31", "").replace(" ", "") or values.get("38", "").strip()
    said.code = parts[0].strip()[:4]
    if not said.text:
        said.text = squeezed(values.get("00", ""))
    return said


def padded(line: str) -> str:
    """A remittance line; one that is not full ended with a blank which the bank cut."""
    return line if len(line) >= 27 or line.endswith(" ") else f"{line} "


def labelled_sepa(text: str) -> Told:
    """EREF+ SVWZ+ …: the German banks' words for the parts of a SEPA payment."""
    parts = SEPA.split(text)
    values: dict[str, str] = {}
    for name, value in zip(parts[1::2], parts[2::2], strict=False):
        values.setdefault(name, value.strip())
    said = Told(text=squeezed(values.get("SVWZ", "") or (parts[0] if values else text))[:2000])
    reference = squeezed(values.get("EREF", ""))
    said.end_to_end = "" if reference.upper() == "NOTPROVIDED" else reference[:80]
    said.name = squeezed(values.get("ABWA", ""))
    said.original_currency, said.original_amount = money_of(values.get("OAMT", ""))
    _, said.charges = money_of(values.get("COAM", ""))
    return said


def slashed(flat: str) -> Told:
    """/NAME/ /REMI/ …: the Dutch banks' words."""
    parts = SLASHED.split(flat)
    values: dict[str, str] = {}
    for name, value in zip(parts[1::2], parts[2::2], strict=False):
        values.setdefault(name, value.strip("/ "))
    remittance = values.get("USTD") or values.get("REMI") or ""
    counter = values.get("CNTP", "").split("/")
    text = remittance or (parts[0] if not values else "") or values.get("PY", "")
    said = Told(
        text=squeezed(text.removeprefix("USTD//"))[:2000],
        name=squeezed(values.get("NAME") or (counter[2] if len(counter) > 2 else "")),
        account=(values.get("IBAN") or (counter[0] if counter else "")).replace(" ", ""),
        reference=squeezed(values.get("STRD", ""))[:80],
        end_to_end="" if values.get("EREF", "") == "NOTPROVIDED" else values.get("EREF", "")[:80],
    )
    said.original_currency, said.original_amount = money_of(values.get("OCMT", ""))
    _, said.charges = money_of(values.get("CHGS", ""))
    return said


def polish(flat: str) -> Told:
    """Z RACH.: account; OD: payer; TYT.: what for."""
    parts = LABELLED.split(flat)
    values = {
        name.strip(" ."): value.strip(" ;")
        for name, value in zip(parts[1::2], parts[2::2], strict=False)
    }
    payer = values.get("OD") or values.get("DLA") or ""
    return Told(
        text=squeezed(values.get("TYT", "") or flat)[:2000],
        name=squeezed(payer.split("  ")[0]),
        account=(values.get("Z RACH") or values.get("NA RACH") or "").replace(" ", ""),
        end_to_end=squeezed(values.get("TNR", ""))[:80],
    )


def numbered_lines(value: str) -> Told:
    """:NS: of DATEV and Hungarian banks: two digits begin each line."""
    texts: list[str] = []
    name = ""
    for line in value.split("\n"):
        code, text = line[:2], line[2:].strip()
        if code in {"15", "16"}:
            name += text
        elif code.isdecimal() and "01" <= code <= "14" and text:
            texts.append(text)
    return Told(text=squeezed(" ".join(texts))[:2000], name=squeezed(name))


def money_of(value: str) -> tuple[str, Decimal | None]:
    """("GBP", 9980.00) of "GBP9980,00"."""
    found = MONEY.search(value)
    if found is None:
        return "", None
    return found[1], comma_amount(found[2].replace(".", ","))


DIALECTS: tuple[tuple[re.Pattern[str], Callable[[str], Told]], ...] = (
    (re.compile(r"[?<>~](00|20|21|30|32)"), subfields),
    (SEPA, labelled_sepa),
    (SLASHED, slashed),
    (re.compile(r"(Z RACH|NA RACH|TYT)\.:"), polish),
)
